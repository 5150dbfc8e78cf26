// A world whose events come when the test brings them, and what statistics say of it.

import { beforeEach } from "vitest";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, eventually, type TestWorld } from "../harness/world.ts";

export const HOUR = 3_600_000;
export const NOTHING = { received: 0, processed: 0, ignored: 0, failed: 0, dead: 0 };

/** Keeps back what Stripe would deliver, in each test of the file. */
export function withholdEvents(): void {
  beforeEach(() => {
    sandbox.world.deliveryPolicy.withhold = true;
  });
}

/** An invoice whose link is active and was paid (or tried) with this card; no event of it has come yet. */
export async function pay(
  world: TestWorld,
  fields: Record<string, unknown> = {},
  card = "4242424242424242",
): Promise<Json> {
  const invoice = await createOpenInvoice(world, fields);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card });
  return linked;
}

export function eventOf(world: TestWorld, type: string) {
  const found = eventsOf(world).find((event) => event.type === type);
  if (!found) throw new Error(`There was no ${type}.`);
  return found;
}

export async function statsOf(world: Pick<TestWorld, "api">, query = ""): Promise<Json> {
  const answer = await world.api("GET", `/stats${query}`);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}
