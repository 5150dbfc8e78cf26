// One object of each kind in one environment, for others to try to reach: what can be had by paying an invoice
// is had so, the rest is written as it would be stored.

import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { keepUnreadable } from "../src/directory/unreadable-messages.ts";
import { deliveryId } from "../src/ledger/notifications/delivery-id.ts";
import { deliveries, eventDestinations } from "../src/ledger/tables/notifications.ts";
import { mails } from "../src/platform/tables/mails.ts";
import { disputes, refunds } from "../src/platform/tables/payments.ts";
import { subscriptionInvoices } from "../src/platform/tables/subscription-invoices.ts";
import { subscriptions } from "../src/platform/tables/subscriptions.ts";
import type { Ids } from "./access-table.ts";
import { makePrice } from "./checkout/checkout-fixture.ts";
import { ledgerSql } from "./harness/ledger-sql.ts";
import { sandbox } from "./harness/sandbox.ts";
import { createOpenInvoice, eventually, type TestWorld, testDeps } from "./harness/world.ts";

export async function makeObjects(world: TestWorld): Promise<Ids> {
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: linked.payment_link.id },
    { card: "4242 4242 4242 4242" },
  );
  await sandbox.settle();
  await eventually(read, (seen) => seen.status === "paid" && seen.payment_link.deactivation === "done");
  const firstOf = async (path: string): Promise<string> => (await world.api("GET", path)).body.data[0].id;
  const paid = { payment: await firstOf("/payments"), invoice: invoice.id as string };
  return {
    ...paid,
    ...(await storeObjects(world, paid)),
    api_key: await firstOf("/api/v1/api_keys"),
    connection: world.connectionId,
    customer: invoice.customer_id,
    checkout_session: await makeCheckoutSession(world),
    price_alias: await namePrice(world),
    webhook_event: await firstOf("/webhook_events"),
  };
}

async function makeCheckoutSession(world: TestWorld): Promise<string> {
  const urls = { success_url: "https://shop.example/thanks", cancel_url: "https://shop.example/cart" };
  const made = await world.api("POST", "/checkout_sessions", { mode: "setup", ...urls });
  if (made.status !== 201) throw new Error(`No checkout session: ${JSON.stringify(made.body)}`);
  return made.body.id;
}

async function namePrice(world: TestWorld): Promise<string> {
  const price = await makePrice(world.secretKey);
  const named = await world.api("PUT", "/price_aliases/starter", { price });
  if (named.status !== 200) throw new Error(`No name: ${JSON.stringify(named.body)}`);
  return named.body.id;
}

async function storeObjects(world: TestWorld, paid: { payment: string; invoice: string }) {
  const now = Date.now();
  const { environmentId, tenantId } = world.scope;
  const times = { createdAtMs: now, updatedAtMs: now };
  const suffix = environmentId.slice(-12);
  const money = {
    paymentId: paid.payment,
    invoiceId: paid.invoice,
    amountMinor: 100,
    currency: "EUR",
    stateOrder: 0,
    occurredAtMs: now,
    ...times,
  };
  const ids = {
    refund: `ref_${suffix}`,
    dispute: `dsp_${suffix}`,
    subscription: `sub_${suffix}`,
    subscription_invoice: `in_${suffix}`,
    mail: `mail_${suffix}`,
    event_destination: `dest_${suffix}`,
    delivery: deliveryId({ destinationId: `dest_${suffix}`, seq: 1 }),
    job: `job_${suffix}`,
    dead_message: `message_${suffix}`,
  };
  await keepUnreadable(testDeps(), { id: ids.dead_message, queue: "quittance-jobs", text: "{" });
  const database = drizzle(ledgerSql(world.scope));
  await database.batch([
    database.insert(refunds).values({ ...money, id: ids.refund, status: "pending" }),
    database
      .insert(disputes)
      .values({ ...money, id: ids.dispute, stripeDisputeId: `du_${suffix}`, status: "needs_response" }),
    database.insert(subscriptions).values({
      id: ids.subscription,
      status: "active",
      items: [],
      cancelAtPeriodEnd: false,
      metadata: {},
      snapshotAtMs: now,
      revision: 1,
      ...times,
    }),
    database.insert(subscriptionInvoices).values({
      id: ids.subscription_invoice,
      subscriptionId: ids.subscription,
      status: "open",
      currency: "EUR",
      amountDueMinor: 100,
      amountPaidMinor: 0,
      amountRemainingMinor: 100,
      attemptCount: 1,
      snapshotAtMs: now,
      ...times,
    }),
    database.insert(mails).values({
      id: ids.mail,
      invoiceId: paid.invoice,
      kind: "invoice",
      recipient: "ada@example.com",
      status: "sent",
      subject: "Invoice",
      text: "Invoice",
      html: "<p>Invoice</p>",
      ...times,
    }),
    database.insert(eventDestinations).values({
      id: ids.event_destination,
      tenantId,
      url: "https://203.0.113.9/hooks",
      isActive: false,
      ...times,
    }),
    database.insert(deliveries).values({
      destinationId: ids.event_destination,
      seq: 1,
      messageKey: paid.invoice,
      messageId: "msg_1",
      type: "invoice.paid",
      status: "failed",
      attempts: 1,
      step: 1,
      log: [],
      ...times,
    }),
  ]);
  await database.run(sql`INSERT INTO outbox (id, kind, subject, status, created_at_ms, updated_at_ms)
    VALUES (${ids.job}, 'reconcile', '{}', 'dead', ${now}, ${now})`);
  return ids;
}
