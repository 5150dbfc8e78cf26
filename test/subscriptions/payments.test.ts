// The money of a subscription: what was paid at its beginning and at each renewal is one payment each, in whatever
// order, shape and number Stripe tells of it.

import fc from "fast-check";
import type Stripe from "stripe";
import { beforeEach, describe, expect, test } from "vitest";
import { makeSession, SUBSCRIPTION } from "../checkout/checkout-fixture.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { inShapeOf } from "../stripe-sandbox/older-shapes.ts";
import { thinOf } from "../stripe-sandbox/thin-event.ts";
import { deliver, outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import { stripeOf, take } from "./subscription-fixture.ts";

const DAYS = 24 * 60 * 60 * 1000;
const SHAPES = [
  ["today's", "2026-10-28.endive"],
  ["those of before 2025-03-31", "2024-06-20"],
] as const;
const TOLD =
  /^(customer\.subscription|checkout\.session|invoice\.(paid|payment)|invoice_payment|payment_intent\.(succeeded|payment_failed)|charge\.(succeeded|dispute)|refund\.created)/;

beforeEach(() => {
  // Each test brings the events itself.
  sandbox.world.deliveryPolicy.withhold = true;
});

/** Somebody subscribes by a session of ours, and so many months go by. */
async function subscribed(card: string, { months = 0, trialDays = 0 } = {}) {
  const world = await createWorld();
  await createDestination(world, createReceiver(), { event_types: ["payment.succeeded", "payment.failed"] });
  const customer = (await world.api("POST", "/customers", { name: "Ada" })).body;
  const trial = trialDays > 0 ? { trial_days: trialDays } : {};
  const session = await makeSession(world, { ...SUBSCRIPTION, ...trial, customer_id: customer.id });
  await sandbox.pay(world.accountId, { sessionId: session.id }, { card });
  for (let month = 0; month < months; month++) await sandbox.advance(31 * DAYS);
  return { world, customer, session };
}

/** What of the account's events is told in a version's shapes. */
function toldIn(version: string, world: TestWorld): Stripe.Event[] {
  const account = sandbox.accountFor(world.secretKey);
  return (
    eventsOf(world)
      .filter(({ type }) => TOLD.test(type))
      // It came with the new shapes.
      .filter(({ type }) => version > "2025-03-31" || type !== "invoice_payment.paid")
      .map((event) => {
        const object = inShapeOf(version, account, event);
        return { ...event, api_version: version, data: { ...event.data, object } } as Stripe.Event;
      })
  );
}

const TABLES = [
  "payments",
  "refunds",
  "disputes",
  "subscriptions",
  "subscription_invoices",
  "webhook_events",
  "messages",
  "past_money_hours",
  "currency_counts",
];

async function forget(world: TestWorld): Promise<void> {
  for (const table of TABLES) await ledgerSql(world.scope).prepare(`DELETE FROM ${table}`).run();
}

/** What there is in the end, without what depends on when it was written. */
async function endOf(world: TestWorld) {
  const rows = async (table: string) =>
    (await rowsOf(world, table, "1 ORDER BY id")).map(
      ({ updated_at_ms: _, created_at_ms: __, ...row }) => row,
    );
  const announced = await rowsOf(world, "messages", "1 ORDER BY type, key");
  return {
    payments: await rows("payments"),
    refunds: await rows("refunds"),
    disputes: await rows("disputes"),
    money: await rowsOf(world, "hourly_money"),
    announced: announced.map(({ type, key }) => `${type} ${key}`),
  };
}

async function endsOfAllOrders(world: TestWorld, events: readonly Stripe.Event[]) {
  const orders = fc.sample(fc.shuffledSubarray([...events], { minLength: events.length }), {
    numRuns: 6,
    seed: 11,
  });
  const ends = [];
  for (const order of [events, [...events].reverse(), ...orders]) {
    await forget(world);
    for (const event of [...order, ...order]) await take(world, event);
    for (const { id, type } of events)
      expect(await outcomeOf(world, id), type).toMatchObject({ status: "processed", waits_for: null });
    ends.push(await endOf(world));
  }
  return ends;
}

describe.each(SHAPES)("in %s shapes, in every order and twice each,", (_, version) => {
  test("the first payment and a renewal are a payment each, and a refund of one is its own", async () => {
    const { world, customer, session } = await subscribed("4242424242424242", { months: 1 });
    const account = sandbox.accountFor(world.secretKey);
    const [first, renewal] = Object.values(account.paymentIntents);
    await stripeOf(world).refunds.create({ payment_intent: String(renewal?.id), amount: 100 });
    const ends = await endsOfAllOrders(world, toldIn(version, world));
    for (const end of ends) expect(end).toEqual(ends[0]);
    const of = (intent: Stripe.PaymentIntent | undefined) =>
      ends[0]?.payments.find(({ provider_payment_id: id }) => id === intent?.id);
    const common = {
      source: "subscription",
      status: "succeeded",
      amount_minor: 900,
      currency: "EUR",
      invoice_id: null,
      customer_id: customer.id,
      payment_method_type: "card",
    };
    expect(ends[0]?.payments).toHaveLength(2);
    expect(of(first)).toMatchObject({ ...common, checkout_session_id: session.id });
    expect(of(renewal)).toMatchObject({ ...common, checkout_session_id: null });
    expect(of(renewal)?.receipt_url).toEqual(expect.stringContaining("/receipts/"));
    expect(of(renewal)?.subscription_id).toBe(of(first)?.subscription_id);
    expect(of(renewal)?.subscription_invoice_id).not.toBe(of(first)?.subscription_invoice_id);
    expect(ends[0]?.refunds).toMatchObject([{ payment_id: of(renewal)?.id, invoice_id: null }]);
    expect(ends[0]?.announced).toHaveLength(2);
  });

  test("a renewal that is declined is a failed payment with its reason, told once", async () => {
    const { world } = await subscribed("4000000000000341", { months: 1, trialDays: 7 });
    const ends = await endsOfAllOrders(world, toldIn(version, world));
    for (const end of ends) expect(end).toEqual(ends[0]);
    expect(ends[0]?.payments).toMatchObject([
      { source: "subscription", status: "failed", failure_code: "generic_decline" },
    ]);
    expect(ends[0]?.announced).toMatchObject([expect.stringMatching(/^payment\.failed /)]);
  });

  test("a payment that is disputed has its dispute", async () => {
    const { world } = await subscribed("4000000000000259");
    const ends = await endsOfAllOrders(world, toldIn(version, world));
    for (const end of ends) expect(end).toEqual(ends[0]);
    expect(ends[0]?.disputes).toMatchObject([{ payment_id: ends[0]?.payments[0]?.id, invoice_id: null }]);
    expect((await world.api("GET", "/payments?source=subscription")).body.data).toMatchObject([
      { disputed: true },
    ]);
  });
});

test("thin events alone tell all of it: the object of each is fetched, that of an invoice's payment too", async () => {
  const { world, session } = await subscribed("4242424242424242");
  const thins = toldIn("2026-10-28.endive", world).map((event) => thinOf(event, "nothing"));
  expect(thins.map(({ type }) => type)).toContain("v1.invoice_payment.paid");
  for (const thin of thins) await deliver(world, thin as never);
  for (const { id, type } of thins)
    expect(await outcomeOf(world, id), type).toMatchObject({ status: "processed", waits_for: null });
  const payments = await rowsOf(world, "payments");
  expect(payments).toMatchObject([
    { status: "succeeded", source: "subscription", checkout_session_id: session.id, amount_minor: 900 },
  ]);
});
