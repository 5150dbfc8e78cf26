// The invoices that Stripe makes for subscriptions of ours are mirrored as they stand there, and what dunning needs is
// told, in whatever order their events come.

import { beforeEach, expect, test } from "vitest";
import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { open, signIn, textOf } from "../dashboard/browse.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import { newSubscription } from "../webhooks/payloads/customer-subscription.ts";
import { event } from "../webhooks/payloads/event.ts";
import { newInvoice } from "../webhooks/payloads/invoice-account.ts";
import { ourMetadata, stripeOf, subscribe, withheld } from "./subscription-fixture.ts";

const AT = Math.floor(Date.UTC(2026, 10, 20) / 1000);
const DAY = 86_400;
/** Of the five events of {@link life}. */
const ORDERS = [
  [0, 1, 2, 3, 4],
  [4, 3, 2, 1, 0],
  [2, 0, 4, 1, 3],
  [1, 3, 0, 2, 4],
  [3, 4, 1, 0, 2],
];

let world: TestWorld;
beforeEach(async () => {
  world = await createWorld();
});

/** An event about the invoice, so many days after it was made. */
function told(type: string, days: number, overrides: Record<string, unknown> = {}): StripeEventShape {
  const subscription_details = { metadata: ourMetadata(world), subscription: "sub_1SQh1K" };
  const unpaid = { amount_paid: 0, amount_remaining: 4900, attempt_count: 0, status: "open" };
  return {
    id: `evt_${type.replaceAll(".", "_")}_${days}`,
    type,
    created: AT + days * DAY,
    api_version: "2026-10-28.endive",
    livemode: false,
    data: {
      object: newInvoice({
        ...unpaid,
        status_transitions: {},
        next_payment_attempt: null,
        created: AT,
        parent: { quote_details: null, subscription_details, type: "subscription_details" },
        ...overrides,
      }),
    },
  };
}

/** Finalised, failed twice, to be confirmed, and paid in the end. */
function life(): StripeEventShape[] {
  return [
    told("invoice.finalized", 0),
    told("invoice.payment_failed", 1, { attempt_count: 1, next_payment_attempt: AT + 4 * DAY }),
    told("invoice.payment_failed", 4, { attempt_count: 2, next_payment_attempt: AT + 9 * DAY }),
    told("invoice.payment_action_required", 4, { attempt_count: 2, next_payment_attempt: AT + 9 * DAY }),
    told("invoice.paid", 5, {
      attempt_count: 3,
      status: "paid",
      // Paid with what the customer had left: no payment of Stripe's.
      amount_due: 0,
      amount_remaining: 0,
      status_transitions: { paid_at: AT + 5 * DAY },
    }),
  ];
}

const shown = async (): Promise<Json> => (await world.api("GET", "/subscription_invoices/in_1SQh1K")).body;
const announced = async () =>
  (await rowsOf(world, "messages", "type LIKE 'subscription_invoice.%' ORDER BY type, key")).map(
    ({ type, key }) => `${type} ${key}`,
  );

test("each attempt is told with its count, the next one and the page to pay on, and that it is paid, once", async () => {
  const receiver = createReceiver();
  await createDestination(world, receiver);
  for (const event of life()) for (let times = 0; times < 3; times++) await deliver(world, event);
  expect(await announced()).toEqual([
    "subscription_invoice.action_required in_1SQh1K/2",
    "subscription_invoice.paid in_1SQh1K",
    "subscription_invoice.payment_failed in_1SQh1K/1",
    "subscription_invoice.payment_failed in_1SQh1K/2",
  ]);
  const messages = await eventually(
    async () => receiver.received.map(({ body }) => JSON.parse(body)),
    (seen) => seen.filter(({ type }) => type.startsWith("subscription_invoice.")).length === 4,
  );
  const first = messages.find(({ data }) => data.object.attempt_count === 1);
  expect(first).toMatchObject({
    type: "subscription_invoice.payment_failed",
    data: {
      object: {
        object: "subscription_invoice",
        status: "open",
        amount_remaining: 4900,
        attempt_count: 1,
        next_attempt_at: new Date((AT + 4 * DAY) * 1000).toISOString(),
        hosted_invoice_url: "https://invoice.stripe.com/i/acct_1/test_1",
      },
    },
  });
});

test("every order of its events ends in the same row", async () => {
  const ends: Json[] = [];
  for (const order of ORDERS) {
    world = await createWorld();
    const events = life();
    for (const nth of order) {
      const event = events[nth];
      if (event) await deliver(world, event);
    }
    for (const { id } of events) expect(await outcomeOf(world, id)).toMatchObject({ status: "processed" });
    const { updated_at: _, ...end } = await shown();
    ends.push(end);
  }
  for (const end of ends) expect(end).toEqual(ends[0]);
  expect(ends[0]).toMatchObject({
    status: "paid",
    attempt_count: 3,
    next_attempt_at: null,
    amount_remaining: 0,
  });
});

test("a failure that is heard of after the payment duns nobody", async () => {
  await createDestination(world, createReceiver());
  for (const event of life().toReversed()) await deliver(world, event);
  expect(await announced()).toEqual(["subscription_invoice.paid in_1SQh1K"]);
});

test("one that is given up, voided, or paid outside Stripe is shown so, and nothing is made a payment", async () => {
  await deliver(world, told("invoice.marked_uncollectible", 20, { status: "uncollectible" }));
  expect(await shown()).toMatchObject({ status: "uncollectible", amount_remaining: 4900 });
  await deliver(world, told("invoice.voided", 21, { status: "void" }));
  expect(await shown()).toMatchObject({ status: "void" });
  const outside = { amount_paid: 4900, amount_remaining: 0, amount_paid_off_stripe: 4900, status: "paid" };
  await deliver(world, told("invoice.paid", 22, { ...outside, id: "in_outside" }));
  expect((await world.api("GET", "/subscription_invoices/in_outside")).body).toMatchObject({
    status: "paid",
    amount_paid: 4900,
  });
  expect((await world.api("GET", "/payments")).body.data).toEqual([]);
});

test("another's, and one of no subscription, leave nothing", async () => {
  const subscription_details = { metadata: {}, subscription: "sub_theirs" };
  const parent = { quote_details: null, subscription_details, type: "subscription_details" };
  for (const event of [
    told("invoice.payment_failed", 1, { customer: "cus_theirs", parent }),
    told("invoice.finalized", 2, { parent: null }),
  ]) {
    await deliver(world, event);
    expect(await outcomeOf(world, event.id)).toMatchObject({ status: "ignored" });
  }
  expect((await world.api("GET", "/subscription_invoices")).body.data).toEqual([]);
});

test("one that came before its subscription says how often and when it is tried, also where Stripe cannot be asked for its event", async () => {
  const subscription_details = { metadata: {}, subscription: "sub_1SQh1K" };
  const early = told("invoice.payment_failed", 1, {
    ...{ attempt_count: 2, next_payment_attempt: AT + 4 * DAY, customer: "cus_unlinked" },
    parent: { quote_details: null, subscription_details, type: "subscription_details" },
  });
  await deliver(world, early);
  expect(await outcomeOf(world, early.id)).toMatchObject({ status: "ignored", waits_for: "sub_1SQh1K" });
  const subscription = newSubscription({ customer: "cus_unlinked", metadata: ourMetadata(world) });
  await deliver(world, event("customer.subscription.created", subscription, { id: "evt_its_subscription" }));
  const { data } = (await world.api("GET", "/subscription_invoices")).body;
  expect(data).toMatchObject([
    { attempt_count: 2, next_attempt_at: new Date((AT + 4 * DAY) * 1000).toISOString() },
  ]);
});

test("while the connection does not mirror subscriptions none is kept", async () => {
  await world.api("PATCH", `/connections/${world.connectionId}`, {
    sync_config: { subscription: { inbound: false } },
  });
  await deliver(world, told("invoice.payment_failed", 1, { attempt_count: 1 }));
  expect((await world.api("GET", "/subscription_invoices")).body.data).toEqual([]);
});

test("they are listed by subscription, customer and status, newest first, page by page", async () => {
  for (const [nth, status] of ["paid", "open", "open"].entries())
    await deliver(world, told("invoice.finalized", nth, { id: `in_${nth}`, status, created: AT + nth }));
  const ids = async (query: string) =>
    (await world.api("GET", `/subscription_invoices?${query}`)).body.data.map(({ id }: Json) => id);
  expect(await ids("subscription_id=sub_1SQh1K")).toEqual(["in_2", "in_1", "in_0"]);
  expect(await ids("subscription_id=sub_1SQh1K&status=open")).toEqual(["in_2", "in_1"]);
  expect(await ids("subscription_id=sub_none")).toEqual([]);
  const { body } = await world.api("GET", "/subscription_invoices?limit=2");
  expect(await ids(`limit=2&cursor=${body.next_cursor}`)).toEqual(["in_0"]);
  expect((await world.api("GET", "/subscription_invoices?status=unknown")).status).toBe(422);
});

test("a subscription's first invoice is there once it is paid, with its payment, and shows on its page", async () => {
  const { id } = await subscribe(world);
  await sandbox.settle();
  const [invoice] = await eventually(
    async () => (await world.api("GET", `/subscription_invoices?subscription_id=${id}`)).body.data,
    ([seen]) => seen?.status === "paid",
  );
  await eventually(
    async () => (await world.api("GET", `/subscriptions/${id}`)).status,
    (status) => status === 200,
  );
  const { data: payments } = (await world.api("GET", `/payments?subscription_id=${id}`)).body;
  expect(payments).toMatchObject([{ source: "subscription", amount: 9800, status: "succeeded" }]);
  expect(invoice).toMatchObject({ amount_paid: 9800, amount_remaining: 0, attempt_count: 1 });
  const page = await open(`/dashboard/subscriptions/${id}`, await signIn(world.keys.read));
  expect(textOf(page.html)).toContain(invoice.number);
  await withheld(() => stripeOf(world).subscriptions.cancel(id));
});
