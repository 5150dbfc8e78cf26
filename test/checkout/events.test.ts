import fc from "fast-check";
import type Stripe from "stripe";
import { beforeEach, describe, expect, test } from "vitest";
import type { DataPoint } from "../../src/platform/analytics.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import { newSession } from "../webhooks/payloads/checkout-session.ts";
import { event } from "../webhooks/payloads/event.ts";
import { newCharge, newIntent } from "../webhooks/payloads/payment.ts";
import { newRefund } from "../webhooks/payloads/refund-dispute.ts";
import {
  CARD,
  listeningWorld,
  makeSession,
  ourKeys,
  postToStripe,
  SUBSCRIPTION,
} from "./checkout-fixture.ts";

const DAYS = 24 * 60 * 60 * 1000;

beforeEach(() => {
  // Each test brings the events itself.
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

/** The row without what depends on when it was written. */
async function rowOf(world: TestWorld, id: string) {
  const [row] = await rowsOf(world, "checkout_sessions", `id = '${id}'`);
  if (!row) return undefined;
  const { updated_at_ms: _, ...rest } = row;
  return rest;
}

/** Its payments without what depends on when they were written, and the sums. */
async function moneyOf(world: TestWorld) {
  const payments = await rowsOf(world, "payments", "1 ORDER BY id");
  const lasting = payments.map(({ updated_at_ms: _, created_at_ms: __, ...row }) => row);
  return { payments: lasting, sums: await rowsOf(world, "hourly_money") };
}

const announced = (world: TestWorld) => rowsOf(world, "messages", "type = 'checkout_session.completed'");

async function forget(world: TestWorld, tables: readonly string[]): Promise<void> {
  for (const table of tables) await ledgerSql(world.scope).prepare(`DELETE FROM ${table}`).run();
}

/** The account's events of these kinds, as Stripe tells of them. */
function eventsLike(world: TestWorld, types: RegExp): Stripe.Event[] {
  return eventsOf(world).filter(({ type }) => types.test(type));
}

const bring = (world: TestWorld, one: Stripe.Event) => deliver(world, one as unknown as StripeEventShape);

describe("in every order, with and without a row of the call's own, the end is the same:", () => {
  const PAID =
    /^(checkout\.session|payment_intent\.(succeeded|processing|payment_failed)|charge\.succeeded|invoice\.paid)/;

  test.each([
    ["a card", {}, CARD.card, "paid", "succeeded"],
    ["a bank debit that clears", {}, "bank_debit_success", "paid", "succeeded"],
    ["a bank debit that fails", {}, "bank_debit_failure", "unpaid", "failed"],
    ["a subscription", SUBSCRIPTION, CARD.card, "paid", "succeeded"],
  ])("%s", async (_, fields, card, paymentStatus, status) => {
    const world = await listeningWorld();
    const { id } = await makeSession(world, fields);
    const [before] = await rowsOf(world, "checkout_sessions");
    await sandbox.pay(world.accountId, { sessionId: id }, { card });
    await sandbox.advance(10 * DAYS);
    const events = eventsLike(world, PAID);
    expect(events.length).toBeGreaterThan(1);

    const orders = fc.sample(fc.shuffledSubarray(events, { minLength: events.length }), {
      numRuns: 12,
      seed: 7,
    });
    const ends = [];
    for (const [index, order] of [events, ...orders].entries()) {
      await forget(world, [
        "checkout_sessions",
        "payments",
        "webhook_events",
        "messages",
        "past_money_hours",
        "currency_counts",
      ]);
      if (index % 2 === 0) await putBack(world, before);
      for (const one of [...order, ...order]) await bring(world, one);
      ends.push({ session: await rowOf(world, id), ...(await moneyOf(world)) });
      expect(await announced(world)).toMatchObject([{ object_kind: "checkout_session", object_id: id }]);
    }
    const completion = events.find(({ type }) => type === "checkout.session.completed");
    const [first] = ends;
    expect(first?.payments).toMatchObject([
      { status, invoice_id: null, checkout_session_id: id, amount_minor: first?.session?.amount_total_minor },
    ]);
    expect(first?.session).toMatchObject({
      status: "complete",
      payment_status: paymentStatus,
      url: null,
      completed_at_ms: Number(completion?.created) * 1000,
    });
    for (const end of ends) expect(end).toEqual(first);
  });
});

describe("a slow payment", () => {
  test("is told complete while unpaid; once the bank has paid, the session says paid, and nothing is told twice", async () => {
    sandbox.world.deliveryPolicy.withhold = false;
    const world = await listeningWorld();
    const { id } = await makeSession(world);
    await sandbox.pay(world.accountId, { sessionId: id }, { card: "bank_debit_success" });
    await sandbox.settle();
    expect(await world.untilTold(id)).toMatchObject({ status: "complete", payment_status: "unpaid" });
    await sandbox.advance(10 * DAYS);
    await eventually(
      () => rowOf(world, id),
      (row) => row?.payment_status === "paid",
    );
    expect(world.completed(id)).toHaveLength(1);
  });
});

test("a destination that came after the completion does not hear of it by a later event", async () => {
  const world = await createWorld();
  const { id } = await makeSession(world);
  await sandbox.pay(world.accountId, { sessionId: id }, { card: "bank_debit_success" });
  for (const one of eventsLike(world, /session\.completed/)) await bring(world, one);
  await createDestination(world, createReceiver());
  await sandbox.advance(10 * DAYS);
  for (const one of eventsLike(world, /session\.async/)) await bring(world, one);
  expect(await rowOf(world, id)).toMatchObject({ payment_status: "paid" });
  expect(await announced(world)).toEqual([]);
});

test("a session that expired says so, is not told complete, and has no address any more", async () => {
  const world = await listeningWorld();
  const { id } = await makeSession(world);
  await postToStripe(world.secretKey, `/v1/checkout/sessions/${id}/expire`, {});
  const [expired] = eventsLike(world, /session\.expired/);
  if (!expired) throw new Error("The sandbox told of no end.");
  await bring(world, expired);
  expect(await rowOf(world, id)).toMatchObject({ status: "expired", payment_status: "unpaid", url: null });
  expect(await announced(world)).toEqual([]);
  expect(await outcomeOf(world, expired.id)).toMatchObject({ status: "processed" });
});

test("a session whose call died before it was stored gets its row from the event, whole, and is told", async () => {
  const world = await listeningWorld();
  const customer = (await world.api("POST", "/customers", { name: "Ada" })).body;
  const { id } = await makeSession(world, {
    customer_id: customer.id,
    client_reference_id: "order_7",
    metadata: { plan: "pro" },
  });
  await forget(world, ["checkout_sessions"]);
  expect((await world.api("GET", `/checkout_sessions/${id}`)).status).toBe(404);
  await sandbox.pay(world.accountId, { sessionId: id }, CARD);
  for (const one of eventsLike(world, /session\.completed/)) await bring(world, one);
  expect((await world.api("GET", `/checkout_sessions/${id}`)).body).toMatchObject({
    status: "complete",
    payment_status: "paid",
    customer_id: customer.id,
    client_reference_id: "order_7",
    metadata: { plan: "pro" },
    amount_total: 12_900,
    currency: "EUR",
  });
  expect(await announced(world)).toHaveLength(1);
});

describe("an event that is not for us", () => {
  const completed = (metadata: object) =>
    event("checkout.session.completed", newSession({ payment_link: null, metadata }));

  test.each([
    ["another tenant's session", { quittance_tenant_id: "tenant_x" }, "other_tenant"],
    ["another environment's", { quittance_environment_id: "env_x" }, "other_tenant"],
    [
      "a stranger's",
      { quittance_tenant_id: undefined, quittance_environment_id: undefined },
      "foreign_object",
    ],
    ["one that names an invoice that is not there", { invoice_id: "inv_none" }, "unknown_invoice"],
  ])("%s makes no row and is not told", async (_, metadata, reason) => {
    const world = await listeningWorld();
    const sent = completed({ ...ourKeys(world), ...metadata });
    await deliver(world, sent);
    expect(await outcomeOf(world, sent.id)).toMatchObject({ status: "ignored", reason });
    expect(await rowsOf(world, "checkout_sessions")).toEqual([]);
    expect(await announced(world)).toEqual([]);
  });

  test("a session of ours whose metadata somebody took away is known by its row", async () => {
    const world = await createWorld();
    const { id } = await makeSession(world);
    await deliver(
      world,
      event("checkout.session.completed", newSession({ id, payment_link: null, metadata: {} })),
    );
    expect(await rowOf(world, id)).toMatchObject({ status: "complete", payment_status: "paid" });
  });
});

test("the money of a checkout session is counted, by the hour and in data points", async () => {
  const world = await createWorld();
  const { id } = await makeSession(world);
  await sandbox.pay(world.accountId, { sessionId: id }, CARD);
  const points: DataPoint[] = [];
  const deps = testDeps({ analytics: { write: (_, point) => points.push(point) } });
  for (const one of eventsOf(world)) await consumeEvent(deps, messageFor(world, one));
  const paid = points.filter(({ kind }) => kind === "payment");
  expect(paid).toMatchObject([{ status: "succeeded", currency: "EUR", amountMinor: 12_900 }]);
  expect(await rowsOf(world, "hourly_money")).toMatchObject([
    { currency: "EUR", paid_count: 1, paid_sum: 12_900, failed_count: 0 },
  ]);
});

describe("what comes before its session waits for it, and is then recorded:", () => {
  test.each([
    [
      "a refund",
      "refund.created",
      () => newRefund({ id: "re_1", payment_intent: "pi_1", charge: "ch_1", metadata: {} }),
    ],
    ["an intent without metadata", "payment_intent.succeeded", () => newIntent({ id: "pi_1", metadata: {} })],
    [
      "a charge without metadata",
      "charge.succeeded",
      () => newCharge({ payment_intent: "pi_1", metadata: {} }),
    ],
  ])("%s", async (_, type, make) => {
    const world = await createWorld();
    const early = { ...event(type, make()), id: "evt_early" };
    await deliver(world, early);
    expect(await outcomeOf(world, early.id)).toMatchObject({ status: "ignored", waits_for: "pi_1" });
    const session = newSession({
      id: "cs_1",
      payment_link: null,
      payment_intent: "pi_1",
      metadata: ourKeys(world),
    });
    await deliver(world, event("checkout.session.completed", session));
    expect(await outcomeOf(world, early.id)).toMatchObject({ status: "processed", waits_for: null });
    const late = { ...early, id: "evt_late" };
    await deliver(world, late);
    expect(await outcomeOf(world, late.id)).toMatchObject({ status: "processed", waits_for: null });
  });
});

async function putBack(world: TestWorld, row: Record<string, unknown> | undefined): Promise<void> {
  if (!row) throw new Error("There was no row.");
  const columns = Object.keys(row);
  const marks = columns.map(() => "?").join(", ");
  await ledgerSql(world.scope)
    .prepare(`INSERT INTO checkout_sessions (${columns.join(", ")}) VALUES (${marks})`)
    .bind(...Object.values(row))
    .run();
}
