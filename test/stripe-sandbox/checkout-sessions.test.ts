import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { makeLink, monthly, ORIGIN, oneTime, setUpApi } from "./api-fixture.ts";

const success_url = "https://shop.example/ok?session={CHECKOUT_SESSION_ID}";
const GOOD = { card: "4242424242424242", email: "ada@example.com" };
const DAY_MS = 24 * 60 * 60 * 1000;

describe("checkout sessions", () => {
  it("are made for a payment and come back whole", async () => {
    const { stripe } = setUpApi();
    const made = await stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [oneTime(12_900)],
      success_url,
      cancel_url: "https://shop.example/no",
      client_reference_id: "inv_1",
      customer_email: "ada@example.com",
      metadata: { invoice_id: "inv_1" },
      payment_intent_data: { metadata: { invoice_id: "inv_1" }, receipt_email: "ada@example.com" },
    });
    expect(await stripe.checkout.sessions.retrieve(made.id)).toEqual(made);
    expect(made.id).toMatch(/^cs_test_a1[A-Za-z0-9]{56}$/);
    expect(made).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      amount_total: 12_900,
      currency: "eur",
      client_reference_id: "inv_1",
      customer_details: { email: "ada@example.com" },
      expires_at: made.created + 86_400,
      payment_intent: null,
      url: `${ORIGIN}/c/${made.id}`,
    });
    const items = await stripe.checkout.sessions.listLineItems(made.id);
    expect(items.data).toMatchObject([{ amount_total: 12_900, description: "Invoice 42" }]);
  });

  it("put what they were told on the intent", async () => {
    const { stripe, sandbox } = setUpApi();
    const customer = await stripe.customers.create({ email: "ada@example.com" });
    const { id } = await stripe.checkout.sessions.create({
      mode: "payment",
      customer: customer.id,
      line_items: [oneTime(12_900)],
      success_url,
      payment_intent_data: {
        metadata: { a: "1" },
        statement_descriptor: "QUITTANCE",
        receipt_email: "x@y.example",
      },
    });
    const { paymentIntentId } = {
      paymentIntentId: null,
      ...(await sandbox.pay("acct_alpha", { sessionId: id }, GOOD)),
    };
    expect(await stripe.paymentIntents.retrieve(paymentIntentId ?? "")).toMatchObject({
      customer: customer.id,
      metadata: { a: "1" },
      statement_descriptor: "QUITTANCE",
      receipt_email: "x@y.example",
    });
  });

  it("are listed by link, intent, status and subscription", async () => {
    const setup = setUpApi();
    const { stripe, sandbox } = setup;
    const link = await makeLink(setup);
    const subscriptionLink = await makeLink(setup, { line_items: [monthly(900)] });
    const paid = await sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    const declined = await sandbox.pay(
      "acct_alpha",
      { paymentLinkId: link.id },
      { card: "4000000000000002" },
    );
    const subscribed = await sandbox.pay("acct_alpha", { paymentLinkId: subscriptionLink.id }, GOOD);
    const ids = async (params: Stripe.Checkout.SessionListParams) =>
      (await stripe.checkout.sessions.list(params)).data.map((session) => session.id);
    const [intent] = (await stripe.paymentIntents.list()).data.slice(-1);
    const [subscription] = (await stripe.subscriptions.list()).data;
    expect(await ids({ payment_link: link.id })).toEqual([declined.sessionId, paid.sessionId]);
    expect(await ids({ payment_intent: intent?.id })).toEqual([paid.sessionId]);
    expect(await ids({ status: "open" })).toEqual([declined.sessionId]);
    expect(await ids({ subscription: subscription?.id })).toEqual([subscribed.sessionId]);
    expect(await ids({ payment_link: "plink_x" })).toEqual([]);
  });

  it("can be expired while open, which cancels the intent of a payer who had tried", async () => {
    const setup = setUpApi();
    const { stripe, sandbox, eventTypes } = setup;
    const link = await makeLink(setup);
    const { sessionId } = await sandbox.pay(
      "acct_alpha",
      { paymentLinkId: link.id },
      { card: "4000000000000002" },
    );
    const expired = await stripe.checkout.sessions.expire(sessionId, { expand: ["payment_intent"] });
    expect(expired).toMatchObject({
      status: "expired",
      url: null,
      payment_intent: { status: "canceled", cancellation_reason: "expired" },
    });
    expect(eventTypes().slice(-2)).toEqual(["checkout.session.expired", "payment_intent.canceled"]);
    await expect(stripe.checkout.sessions.expire(sessionId)).rejects.toThrow(
      'Only Checkout Sessions with a status in ["open"]',
    );
    await expect(sandbox.pay("acct_alpha", { sessionId }, GOOD)).rejects.toThrow("expired");
  });

  it("expire by themselves after 24 hours, unless they were completed", async () => {
    const setup = setUpApi();
    const { stripe, sandbox, eventTypes } = setup;
    const create = () =>
      stripe.checkout.sessions.create({ mode: "payment", line_items: [oneTime(12_900)], success_url });
    const [left, paid] = [await create(), await create()];
    await sandbox.pay("acct_alpha", { sessionId: paid.id }, GOOD);
    await sandbox.advance(DAY_MS - 1000);
    expect((await stripe.checkout.sessions.retrieve(left.id)).status).toBe("open");
    await sandbox.advance(1000);
    expect((await stripe.checkout.sessions.retrieve(left.id)).status).toBe("expired");
    expect((await stripe.checkout.sessions.retrieve(paid.id)).status).toBe("complete");
    expect(eventTypes().filter((type) => type === "checkout.session.expired")).toHaveLength(1);
  });

  it("take other metadata later", async () => {
    const { stripe } = setUpApi();
    const { id } = await stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [oneTime(100)],
      success_url,
      metadata: { a: "1" },
    });
    expect((await stripe.checkout.sessions.update(id, { metadata: { b: "2" } })).metadata).toEqual({
      a: "1",
      b: "2",
    });
  });

  it.each<[string, Stripe.Checkout.SessionCreateParams, string]>([
    ["payment without items", { mode: "payment", success_url }, "Missing required param: line_items."],
    [
      "payment with a recurring price",
      { mode: "payment", line_items: [monthly(900)], success_url },
      "recurring price",
    ],
    [
      "subscription without one",
      { mode: "subscription", line_items: [oneTime(900)], success_url },
      "at least one recurring",
    ],
    [
      "setup with items",
      { mode: "setup", line_items: [oneTime(900)], success_url },
      "You can not pass `line_items`",
    ],
    ["setup without a currency", { mode: "setup", success_url }, "Missing required param: currency."],
    [
      "an unknown customer",
      { mode: "setup", currency: "eur", customer: "cus_x", success_url },
      "No such customer: 'cus_x'",
    ],
    [
      "a trial of three years",
      {
        mode: "subscription",
        line_items: [monthly(900)],
        success_url,
        subscription_data: { trial_period_days: 1095 },
      },
      "trial_period_days",
    ],
    [
      "an end too soon",
      {
        mode: "payment",
        line_items: [oneTime(900)],
        success_url,
        expires_at: Date.UTC(2026, 10, 2, 12, 29) / 1000,
      },
      "at least 30 minutes",
    ],
  ])("are refused for %s", async (_name, params, message) => {
    await expect(setUpApi().stripe.checkout.sessions.create(params)).rejects.toThrow(message);
  });
});
