// What tests of connections look at on Stripe's side, and how they make it misbehave.

import type Stripe from "stripe";
import { sandbox } from "../harness/sandbox.ts";
import type { EndpointRecord, Fault } from "../stripe-sandbox/types.ts";

/** The account's endpoints as Stripe has them now. */
export function endpointsAt(accountId: string): Stripe.WebhookEndpoint[] {
  return records(accountId).map((record) => record.endpoint);
}

/** The signing secret of an endpoint, which Stripe would not show again. */
export function secretOf(accountId: string, endpointId: string): string {
  const record = records(accountId).find(({ endpoint }) => endpoint.id === endpointId);
  return record?.secrets[0]?.value ?? "";
}

/** A key of the same account as `secretKey` that lacks these permissions, e.g. `webhook_write`. */
export function restrictedKey(secretKey: string, ...permissions: string[]): string {
  const name = secretKey.split("_")[2];
  return `rk_test_${name}_restricted_${permissions.join("_")}`;
}

/** The next matching calls to Stripe fail so. */
export function failNext(fault: Omit<Fault, "times"> & { times?: number }): void {
  sandbox.world.faults.push({ times: 1, ...fault });
}

function records(accountId: string): EndpointRecord[] {
  return Object.values(sandbox.world.accounts[accountId]?.endpoints ?? {});
}
