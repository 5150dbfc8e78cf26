import { describe, expect, it } from "vitest";
import { type ApiSetup, GOOD, makeLink, monthly, oneTime, setUpApi } from "./api-fixture.ts";

describe("other modes", () => {
  it("a recurring link makes a customer, a subscription, a paid invoice, and their events", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, {
      line_items: [monthly(900)],
      subscription_data: { metadata: { plan: "pro" } },
    });
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    const session = await setup.stripe.checkout.sessions.retrieve(result.sessionId, {
      expand: ["subscription.latest_invoice", "customer"],
    });
    expect(session).toMatchObject({
      mode: "subscription",
      payment_status: "paid",
      payment_intent: null,
      customer: { email: "ada@example.com" },
      subscription: {
        status: "active",
        metadata: { plan: "pro" },
        items: {
          data: [{ quantity: 1, current_period_start: session.created, price: { unit_amount: 900 } }],
        },
        latest_invoice: { status: "paid", amount_paid: 900, billing_reason: "subscription_create" },
      },
    });
    expect(setup.eventTypes()).toEqual(
      expect.arrayContaining([
        "customer.created",
        "payment_method.attached",
        "customer.subscription.created",
        "invoice.created",
        "invoice.finalized",
        "invoice.paid",
        "invoice.payment_succeeded",
        "checkout.session.completed",
      ]),
    );
  });

  it("a debit for a subscription that fails leaves the invoice open and the subscription past due", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { line_items: [monthly(900)] });
    await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card: "bank_debit_failure" });
    await setup.sandbox.advance(10_000);
    expect((await setup.stripe.subscriptions.list()).data[0]?.status).toBe("past_due");
    expect((await setup.stripe.invoices.list({ status: "open" })).data).toHaveLength(1);
    expect(setup.eventTypes()).toContain("invoice.payment_failed");
  });

  it("a trial is nothing due now: a subscription that is trialing, and no payment", async () => {
    const setup = setUpApi();
    const session = await setup.stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [monthly(900)],
      success_url: "https://shop.example/ok",
      subscription_data: { trial_period_days: 14, metadata: { a: "1" } },
    });
    expect(session).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" });
    const done = await payAtSecondTry(setup, session.id);
    expect(done).toMatchObject({ status: "complete", payment_status: "no_payment_required" });
    const subscription = await setup.stripe.subscriptions.retrieve(String(done.subscription));
    expect(subscription).toMatchObject({ status: "trialing", metadata: { a: "1" } });
    expect(subscription.trial_end).toBe(subscription.created + 14 * 86_400);
    expect(setup.eventTypes().filter((type) => type.startsWith("payment_intent."))).toEqual([]);
  });

  it("an order at no cost is completed without a payment", async () => {
    const setup = setUpApi();
    const session = await setup.stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [oneTime(0)],
      success_url: "https://shop.example/ok",
    });
    await setup.sandbox.pay("acct_alpha", { sessionId: session.id }, GOOD);
    const done = await setup.stripe.checkout.sessions.retrieve(session.id);
    expect(done).toMatchObject({
      status: "complete",
      payment_status: "no_payment_required",
      payment_intent: null,
    });
  });

  it("a session in setup mode leaves a setup intent and takes no money", async () => {
    const setup = setUpApi();
    const customer = await setup.stripe.customers.create({ email: "ada@example.com" });
    const session = await setup.stripe.checkout.sessions.create({
      mode: "setup",
      customer: customer.id,
      currency: "eur",
      success_url: "https://shop.example/ok",
      setup_intent_data: { metadata: { a: "1" } },
    });
    const done = await payAtSecondTry(setup, session.id);
    expect(done).toMatchObject({
      status: "complete",
      payment_status: "no_payment_required",
      amount_total: null,
    });
    expect(await setup.stripe.setupIntents.retrieve(String(done.setup_intent))).toMatchObject({
      status: "succeeded",
      customer: customer.id,
      metadata: { a: "1" },
    });
    expect(setup.eventTypes()).toEqual(
      expect.arrayContaining(["setup_intent.created", "setup_intent.setup_failed", "setup_intent.succeeded"]),
    );
  });
});

/** Pays with a card that is declined, then with a good one. Returns the session as it is then. */
async function payAtSecondTry({ sandbox, stripe }: ApiSetup, sessionId: string) {
  const declined = await sandbox.pay("acct_alpha", { sessionId }, { card: "4000000000000002" });
  expect(declined.outcome).toBe("declined");
  await sandbox.pay("acct_alpha", { sessionId }, GOOD);
  return stripe.checkout.sessions.retrieve(sessionId);
}
