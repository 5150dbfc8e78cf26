// What tests of connections look at on Stripe's side, and how they make it misbehave.

import type Stripe from "stripe";
import type { Deps } from "../../src/platform/deps.ts";
import { sandbox } from "../harness/sandbox.ts";
import { testDeps } from "../harness/world.ts";
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

/** Deps whose commits find the directory gone, after so many that went well; reads still work. */
export function depsWithoutCommits(after = 0): Deps {
  const deps = testDeps();
  let left = after;
  const directory = new Proxy(deps.directory, {
    get(target, property) {
      if (property !== "$client") return Reflect.get(target, property, target);
      return new Proxy(target.$client, {
        get(client, name) {
          if (name === "batch" && left-- <= 0)
            return () => Promise.reject(new Error("D1_ERROR: Network connection lost."));
          const value = Reflect.get(client, name, client);
          return typeof value === "function" ? value.bind(client) : value;
        },
      });
    },
  });
  return { ...deps, directory };
}

function records(accountId: string): EndpointRecord[] {
  return Object.values(sandbox.world.accounts[accountId]?.endpoints ?? {});
}
