import { beforeEach, describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { deliverEvent, eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import {
  ask,
  atStripe,
  CARD,
  listeningWorld,
  makePrice,
  makeSession,
  monthly,
  ourKeys,
  postToStripe,
  quiet,
  SETUP,
  SUBSCRIPTION,
  untilEvents,
} from "./checkout-fixture.ts";

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = false;
  sandbox.world.faults.length = 0;
});

describe("mode payment", () => {
  test("a session is made as the contract says, paid on Stripe's page, and told complete once", async () => {
    const world = await listeningWorld();
    const customer = (await world.api("POST", "/customers", { name: "Ada", email: "ada@example.com" })).body;
    const fields = { customer_id: customer.id, client_reference_id: "order_7", metadata: { plan: "pro" } };
    const made = await ask(world, fields);
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^cs_test_/),
      object: "checkout_session",
      url: expect.stringContaining(made.body.id),
      mode: "payment",
      status: "open",
      payment_status: "unpaid",
      customer_id: customer.id,
      amount_total: 12_900,
      amount_total_decimal: "129.00",
      currency: "EUR",
      client_reference_id: "order_7",
      metadata: { plan: "pro" },
      payment_id: null,
      subscription_id: null,
      expires_at: expect.any(String),
      completed_at: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(Date.parse(made.body.expires_at) - Date.parse(made.body.created_at)).toBe(24 * 60 * 60 * 1000);

    const paid = await sandbox.pay(world.accountId, { sessionId: made.body.id }, CARD);
    expect(paid.outcome).toBe("succeeded");
    await sandbox.settle();
    const told = await world.untilTold(made.body.id);
    expect(told).toMatchObject({
      object: "checkout_session",
      status: "complete",
      payment_status: "paid",
      url: null,
      customer_id: customer.id,
      amount_total_decimal: "129.00",
      metadata: { plan: "pro" },
      completed_at: expect.any(String),
    });
    expect((await world.api("GET", `/checkout_sessions/${made.body.id}`)).body).toEqual(told);
    const [event] = await untilEvents(world, "checkout.session.completed");
    expect(event).toMatchObject({
      status: "processed",
      changes: [
        { object: "checkout_session", id: made.body.id },
        { object: "payment", id: expect.stringMatching(/^pay_/) },
      ],
    });
    await quiet();
    expect(world.completed(made.body.id)).toHaveLength(1);
  });

  test("what is ours stands on session and intent, whatever the caller's keys are called", async () => {
    const world = await createWorld();
    const customer = (await world.api("POST", "/customers", { name: "Ada" })).body;
    const theirs = {
      customer_id: "theirs",
      quittance_tenant_id: "tenant_x",
      quittance_environment_id: "env_x",
    };
    const made = await makeSession(world, { customer_id: customer.id, metadata: { ...theirs, a: "1" } });
    await makeSession(world, { metadata: theirs });
    await sandbox.pay(world.accountId, { sessionId: made.id }, CARD);
    const ours = ourKeys(world);
    const [named, nobodys] = atStripe(world);
    expect(named?.metadata).toEqual({ a: "1", customer_id: customer.id, ...ours });
    expect(nobodys?.metadata).toEqual(ours);
    const [intent] = Object.values(sandbox.accountFor(world.secretKey).paymentIntents);
    expect(intent?.metadata).toEqual({ a: "1", customer_id: customer.id, ...ours });
    const stripeCustomers = sandbox.accountFor(world.secretKey).customers;
    expect(Object.keys(stripeCustomers)).toEqual([named?.customer]);
  });

  test("its payment, a refund and a dispute of it are rows of their own, whatever came first", async () => {
    const world = await createWorld();
    const [disputed, refunded] = [await makeSession(world), await makeSession(world)];
    await sandbox.pay(world.accountId, { sessionId: disputed.id }, { card: "4000 0000 0000 0259" });
    await sandbox.pay(world.accountId, { sessionId: refunded.id }, CARD);
    const intent = atStripe(world).find(({ id }) => id === refunded.id)?.payment_intent;
    await postToStripe(world.secretKey, "/v1/refunds", { payment_intent: String(intent), amount: "100" });
    await sandbox.settle();
    for (const [type, times] of [
      ["checkout.session.completed", 2],
      ["payment_intent.succeeded", 2],
      ["charge.succeeded", 2],
      ["charge.dispute.created", 1],
      ["refund.created", 1],
    ] as const) {
      const rows = await eventually(
        () => rowsOf(world, "webhook_events", `type = '${type}'`),
        (seen) => seen.length === times && seen.every(({ status }) => status === "processed"),
      );
      for (const row of rows) expect(row).toMatchObject({ waits_for: null, invoice_id: null });
    }
    const list = async (path: string) => (await world.api("GET", path)).body.data;
    expect(await list(`/payments?checkout_session_id=${refunded.id}`)).toMatchObject([
      {
        source: "checkout_session",
        invoice_id: null,
        checkout_session_id: refunded.id,
        provider_payment_id: intent,
        status: "succeeded",
        amount: 12_900,
        amount_refunded: 100,
      },
    ]);
    expect(await list(`/payments?checkout_session_id=${disputed.id}`)).toMatchObject([{ disputed: true }]);
    expect(await list("/payments?source=checkout_session")).toHaveLength(2);
    expect(await list("/payments?source=invoice")).toEqual([]);
    expect(await list("/refunds")).toMatchObject([{ invoice_id: null, amount: 100 }]);
    expect(await list("/disputes")).toMatchObject([{ invoice_id: null }]);
  });

  test("nothing due is completed without a payment", async () => {
    const world = await listeningWorld();
    const free = {
      price_data: { currency: "eur", unit_amount: 0, product_data: { name: "Free" } },
      quantity: 1,
    };
    const made = await makeSession(world, { line_items: [free] });
    await sandbox.pay(world.accountId, { sessionId: made.id }, CARD);
    await sandbox.settle();
    expect(await world.untilTold(made.id)).toMatchObject({
      payment_status: "no_payment_required",
      amount_total_decimal: "0.00",
    });
    expect((await world.api("GET", "/payments")).body.data).toEqual([]);
  });
});

describe("mode subscription", () => {
  test("its subscription and customer stand on the session, and our metadata on the subscription", async () => {
    const world = await listeningWorld();
    const made = await makeSession(world, { ...SUBSCRIPTION, metadata: { plan: "pro" } });
    expect(made).toMatchObject({ subscription_id: null, amount_total: 900 });
    await sandbox.pay(world.accountId, { sessionId: made.id }, CARD);
    await sandbox.settle();
    const [subscription] = Object.values(sandbox.accountFor(world.secretKey).subscriptions);
    expect(await world.untilTold(made.id)).toMatchObject({
      payment_status: "paid",
      subscription_id: subscription?.id,
    });
    const [row] = await rowsOf(world, "checkout_sessions");
    expect(row?.stripe_customer_id).toBe(subscription?.customer);
    expect(subscription?.metadata).toEqual({ plan: "pro", ...ourKeys(world) });
  });

  test("with a trial nothing is due, and the subscription begins with it", async () => {
    const world = await listeningWorld();
    const made = await makeSession(world, { ...SUBSCRIPTION, trial_days: 14 });
    expect(made).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" });
    await sandbox.pay(world.accountId, { sessionId: made.id }, CARD);
    await sandbox.settle();
    expect(await world.untilTold(made.id)).toMatchObject({ payment_status: "no_payment_required" });
    const [subscription] = Object.values(sandbox.accountFor(world.secretKey).subscriptions);
    expect(subscription).toMatchObject({ status: "trialing" });
  });

  test("a price that is kept at Stripe is taken by its id, beside one made on the spot", async () => {
    const world = await createWorld();
    const price = await makePrice(world.secretKey);
    const made = await makeSession(world, {
      ...SUBSCRIPTION,
      line_items: [{ price, quantity: 2 }, monthly(900)],
    });
    expect(made.amount_total).toBe(2 * 500 + 900);
  });
});

describe("mode setup", () => {
  test.each([
    ["with a currency", SETUP],
    ["with the account's own currency", { ...SETUP, currency: undefined }],
  ])("%s leaves a payment method and has no amount", async (_, fields) => {
    const world = await listeningWorld();
    const made = await makeSession(world, { ...fields, line_items: undefined });
    expect(made).toMatchObject({
      mode: "setup",
      payment_status: "no_payment_required",
      amount_total: null,
      amount_total_decimal: null,
    });
    await sandbox.pay(world.accountId, { sessionId: made.id }, CARD);
    await sandbox.settle();
    expect(await world.untilTold(made.id)).toMatchObject({ status: "complete", mode: "setup" });
    const [intent] = Object.values(sandbox.accountFor(world.secretKey).setupIntents);
    expect(intent?.metadata).toMatchObject({ quittance_environment_id: world.scope.environmentId });
  });
});

test("fifty deliveries of the completion tell of it once", async () => {
  const world = await listeningWorld();
  sandbox.world.deliveryPolicy.withhold = true;
  const made = await makeSession(world);
  await sandbox.pay(world.accountId, { sessionId: made.id }, CARD);
  const event = eventsOf(world).find(({ type }) => type === "checkout.session.completed");
  const answers = await Promise.all(Array.from({ length: 50 }, () => deliverEvent(world, event)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  await world.untilTold(made.id);
  await eventually(
    async () => (await world.api("GET", "/webhook_events")).body.data[0],
    (seen) => seen.deliveries === 50,
  );
  await quiet();
  expect(world.completed(made.id)).toHaveLength(1);
});

test("the session of an invoice's payment link is the invoice's and no checkout session", async () => {
  const world = await listeningWorld();
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, CARD);
  await sandbox.settle();
  await eventually(read, (seen) => seen.status === "paid");
  const [session] = atStripe(world);
  expect((await world.api("GET", `/checkout_sessions/${session?.id}`)).status).toBe(404);
  await quiet();
  expect(world.told().map(({ type }) => type)).not.toContain("checkout_session.completed");
});
