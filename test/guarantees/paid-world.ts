// A paid invoice of which Stripe has yet to tell.

import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";

/** A tenant whose one invoice was paid at Stripe, and nothing of it delivered. */
export async function paidWorld() {
  // These tests deliver by hand.
  sandbox.world.deliveryPolicy.withhold = true;
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  const events = eventsOf(world);
  const succeeded = events.find((event) => event.type === "payment_intent.succeeded");
  if (!succeeded) throw new Error("The sandbox made no payment.");
  return { world, invoiceId: invoice.id as string, events, succeeded, read };
}

export async function countRows(table: string, world: TestWorld): Promise<number> {
  const row = await ledgerSql(world.scope)
    .prepare(`SELECT COUNT(*) AS n FROM ${table}`)
    .first<{ n: number }>();
  return row?.n ?? -1;
}
