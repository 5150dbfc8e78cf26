// The payments of a checkout session and of a subscription are refunded, disputed, exported and told of as an
// invoice's are, by API, by form and at Stripe; and never does more go back than came.

import { beforeEach, describe, expect, test } from "vitest";
import { CARD, listeningWorld, makeSession, SUBSCRIPTION } from "../checkout/checkout-fixture.ts";
import { hiddenOf } from "../dashboard/action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "../dashboard/browse.ts";
import { call } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventually, testDeps } from "../harness/world.ts";

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = false;
});

/** A customer has paid a session of this kind, and all of it has come. */
async function paidWorld(fields: object, card = CARD.card) {
  const world = await listeningWorld();
  const customer = (await world.api("POST", "/customers", { name: "Ada" })).body;
  const session = await makeSession(world, { ...fields, customer_id: customer.id });
  await sandbox.pay(world.accountId, { sessionId: session.id }, { card });
  await sandbox.settle();
  const [payment] = await eventually(
    async () => (await world.api("GET", `/payments?checkout_session_id=${session.id}`)).body.data,
    ([one]) => one?.status === "succeeded" && one.receipt_url !== null,
  );
  const refund = (body: object = {}) => world.api("POST", `/payments/${payment.id}/refunds`, body);
  const read = async () => (await world.api("GET", `/payments/${payment.id}`)).body;
  return { ...world, customer, session, payment, refund, read };
}

describe.each([
  ["checkout_session", {}, 12_900],
  ["subscription", SUBSCRIPTION, 900],
] as const)("a payment of source %s", (source, fields, amount) => {
  test("names its session and its customer, is found by each, and its session names it", async () => {
    const world = await paidWorld(fields);
    const { payment, session, customer } = world;
    expect(payment).toMatchObject({
      source,
      amount,
      invoice_id: null,
      checkout_session_id: session.id,
      customer_id: customer.id,
      payment_method_type: "card",
    });
    const shown = (await world.api("GET", `/checkout_sessions/${session.id}`)).body;
    expect(shown).toMatchObject({ payment_id: payment.id, subscription_id: payment.subscription_id });
    for (const filter of [
      `source=${source}`,
      `customer_id=${customer.id}`,
      `checkout_session_id=${session.id}&status=succeeded`,
      ...(source === "subscription" ? [`subscription_id=${payment.subscription_id}`] : []),
    ])
      expect((await world.api("GET", `/payments?${filter}`)).body.data, filter).toEqual([payment]);
    for (const filter of [
      "source=invoice",
      "status=failed",
      "customer_id=cus_none",
      "subscription_id=sub_no",
    ])
      expect((await world.api("GET", `/payments?${filter}`)).body.data, filter).toEqual([]);
    const file = await call("GET", `/exports/payments.csv?source=${source}`, { key: world.keys.read });
    expect(String(file.body).trim().split("\r\n")[1]).toContain(`,${source},${session.id},`);
  });

  test("is told once that it succeeded, and of each refund of it", async () => {
    const world = await paidWorld(fields);
    expect((await world.refund({ amount: 100 })).status).toBe(201);
    const told = await eventually(
      async () => world.told().filter(({ type }) => type.startsWith("payment.")),
      (messages) => messages.length >= 2,
    );
    // Messages may overtake one another.
    const byType = told.toSorted((one, other) => one.type.localeCompare(other.type));
    expect(byType.map(({ type, data }) => [type, data.object.id, data.object.amount_refunded])).toEqual([
      ["payment.refunded", world.payment.id, 100],
      ["payment.succeeded", world.payment.id, 0],
    ]);
    expect(byType[1]?.data.object).toMatchObject({ source, invoice_id: null });
  });

  test("is refunded by API and at Stripe, and never more than came", async () => {
    const world = await paidWorld(fields);
    const made = await world.refund({ amount: 300, reason: "duplicate" });
    expect(made).toMatchObject({ status: 201, body: { payment_id: world.payment.id, invoice_id: null } });
    const { refunds } = testDeps().stripe(world.secretKey);
    await refunds.create({ payment_intent: world.payment.provider_payment_id, amount: 200 });
    await sandbox.settle();
    await eventually(world.read, (seen) => seen.amount_refunded === 500);
    expect(await world.refund({ amount: amount - 499 })).toMatchObject({
      status: 422,
      body: { code: "refund_too_large" },
    });
    expect((await world.refund()).body).toMatchObject({ amount: amount - 500, status: "succeeded" });
    expect(await world.read()).toMatchObject({ amount_refunded: amount, disputed: false });
    expect((await world.api("GET", `/refunds?payment_id=${world.payment.id}`)).body.data).toHaveLength(3);
    const atStripe = Object.values(sandbox.accountFor(world.secretKey).refunds);
    expect(atStripe.every(({ metadata }) => metadata?.invoice_id === undefined)).toBe(true);
  });

  test("is refunded by form, which leads back to where it shows", async () => {
    const world = await paidWorld(fields);
    const cookie = await signIn(world.keys.write);
    const form = `/dashboard/payments/${world.payment.id}/refund`;
    for (const page of ["/dashboard/payments", `/dashboard/customers/${world.customer.id}`])
      expect(linksOf((await open(page, cookie)).html), page).toContain(form);
    const review = await send(form, { amount: "1.00", reason: "" }, { cookie });
    expect(review.status).toBe(200);
    const done = await send(form, { ...hiddenOf(review.html), confirm: "yes" }, { cookie });
    expect(done.status).toBe(303);
    const back = await open(done.headers.get("location") ?? "", cookie);
    expect(back.status).toBe(200);
    expect(textOf(back.html)).toMatch(/The refund is made.*1\.00 refunded/);
  });

  test("that is disputed says so, is not refunded, and is told of; won, it is as it was", async () => {
    const world = await paidWorld(fields, "4000 0000 0000 0259");
    const [dispute] = await eventually(
      async () => (await world.api("GET", `/disputes?payment_id=${world.payment.id}`)).body.data,
      (found) => found.length === 1,
    );
    expect(dispute).toMatchObject({ invoice_id: null, amount, status: "needs_response" });
    expect(await world.read()).toMatchObject({ disputed: true, amount_refunded: 0 });
    expect((await world.refund()).body).toMatchObject({ code: "payment_not_refundable" });
    await eventually(
      async () => world.told().map(({ type }) => type),
      (types) => types.includes("dispute.opened"),
    );
  });
});

test("a session of a full discount is complete, needs no payment, says so and makes none", async () => {
  const world = await listeningWorld();
  const free = {
    price_data: { currency: "eur", unit_amount: 0, product_data: { name: "Free" } },
    quantity: 1,
  };
  const session = await makeSession(world, { line_items: [free] });
  await sandbox.pay(world.accountId, { sessionId: session.id }, CARD);
  await sandbox.settle();
  await world.untilTold(session.id);
  expect((await world.api("GET", `/checkout_sessions/${session.id}`)).body).toMatchObject({
    status: "complete",
    payment_status: "no_payment_required",
    payment_id: null,
  });
  expect((await world.api("GET", "/payments")).body.data).toEqual([]);
});

test("sessions are listed, by customer, state and mode", async () => {
  const world = await paidWorld({});
  const other = await makeSession(world, SUBSCRIPTION);
  const idsOf = async (query: string) =>
    (await world.api("GET", `/checkout_sessions${query}`)).body.data.map(({ id }: { id: string }) => id);
  expect(await idsOf("")).toHaveLength(2);
  expect(await idsOf(`?customer_id=${world.customer.id}`)).toEqual([world.session.id]);
  expect(await idsOf("?status=open")).toEqual([other.id]);
  expect(await idsOf("?mode=payment&status=complete")).toEqual([world.session.id]);
  expect((await world.api("GET", "/checkout_sessions?state=open")).status).toBe(422);
});
