// What Stripe tells of customers, in the test's hands.

import { openForCalls } from "../../src/connections/open-connection.ts";
import { ensureStripeCustomer } from "../../src/customers/ensure-stripe-customer.ts";
import type { TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import { event } from "../webhooks/payloads/event.ts";
import { ADA, createCustomer, createSyncWorld, handDeps, runJobs, stripeCall } from "./customer-fixture.ts";

const deps = handDeps();
let count = 0;

/** A customer with its Stripe customer, what is announced written down, and Stripe's events in the test's hands. */
export async function linked(config: { inbound?: boolean; outbound?: boolean } = {}) {
  const world = await createSyncWorld(config);
  await createDestination(world, createReceiver());
  const { id } = await createCustomer(deps, world.scope, ADA);
  const stripeId = await ensureStripeCustomer(deps, world.scope, await openForCalls(deps, world.scope), id);
  if (config.outbound) await runJobs(world);
  const [row] = await rowsOf(world, "customers", `id = '${id}'`);
  return { world, id, stripeId, seenSeconds: Number(row?.stripe_seen_at_ms) / 1000 };
}

/** Delivers an event about a customer; returns what became of it. */
export async function tell(
  world: TestWorld,
  customer: Record<string, unknown>,
  createdSeconds: number,
  type = "customer.updated",
) {
  count += 1;
  const id = `evt_customer_${count}`;
  const object = { object: "customer", metadata: {}, ...customer };
  await deliver(world, { ...event(type, object), id, created: createdSeconds });
  return outcomeOf(world, id);
}

/** What Stripe has now, as an event would carry it. */
export async function present(world: TestWorld, stripeId: string): Promise<Record<string, unknown>> {
  return stripeCall(world, "GET", `/customers/${stripeId}`);
}
