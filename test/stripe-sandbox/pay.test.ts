import { describe, expect, it } from "vitest";
import { makeLink, monthly, oneTime, setUpApi } from "./api-fixture.ts";

const GOOD = { card: "4242 4242 4242 4242", email: "ada@example.com", name: "Ada Lovelace" };

describe("paying a payment link", () => {
  it("makes a paid session, an intent and a charge, and says so in Stripe's events", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, {
      metadata: { invoice_id: "inv_1" },
      payment_intent_data: { metadata: { order: "7" }, description: "Invoice 42" },
    });
    const before = setup.eventTypes().length;
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    expect(result.outcome).toBe("succeeded");
    expect(setup.eventTypes().slice(before)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
      "charge.updated",
    ]);
    const session = await setup.stripe.checkout.sessions.retrieve(result.sessionId, {
      expand: ["payment_intent.latest_charge.balance_transaction"],
    });
    expect(session).toMatchObject({
      status: "complete",
      payment_status: "paid",
      amount_total: 12_900,
      payment_link: link.id,
      url: null,
      customer: null,
      customer_details: { email: "ada@example.com", name: "Ada Lovelace" },
      metadata: { invoice_id: "inv_1" },
      payment_intent: {
        status: "succeeded",
        amount_received: 12_900,
        metadata: { order: "7" },
        latest_charge: { amount_captured: 12_900, metadata: { order: "7" }, paid: true },
      },
    });
  });

  it("copies the link's metadata to the session alone, and the intent's to the charge", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { metadata: { invoice_id: "inv_1" } });
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    const [intent] = (await setup.stripe.paymentIntents.list()).data;
    expect(intent?.metadata).toEqual({});
    expect((await setup.stripe.checkout.sessions.retrieve(result.sessionId)).metadata).toEqual({
      invoice_id: "inv_1",
    });
  });

  it("counts completed sessions, and at the limit says that the link changed and refuses the next", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { restrictions: { completed_sessions: { limit: 2 } } });
    const pay = () => setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    await pay();
    expect(setup.eventTypes()).not.toContain("payment_link.updated");
    await pay();
    expect(setup.eventTypes().filter((type) => type === "payment_link.updated")).toHaveLength(1);
    expect(await setup.stripe.paymentLinks.retrieve(link.id)).toMatchObject({
      active: true,
      restrictions: { completed_sessions: { count: 2, limit: 2 } },
    });
    await expect(pay()).rejects.toThrow("no longer active");
  });

  it("is refused once the link is inactive", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { inactive_message: "Paid already." });
    await setup.stripe.paymentLinks.update(link.id, { active: false });
    const paying = setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    await expect(paying).rejects.toThrow("Paid already.");
  });

  it("makes a customer when the link asks for one", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { customer_creation: "always" });
    await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    const [customer] = (await setup.stripe.customers.list({ email: "ada@example.com" })).data;
    expect(customer?.name).toBe("Ada Lovelace");
    expect((await setup.stripe.charges.list({ customer: customer?.id ?? "" })).data).toHaveLength(1);
    expect(setup.eventTypes()).toContain("customer.created");
  });

  it("leaves an invoice when the link asks for one", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { customer_creation: "always", invoice_creation: { enabled: true } });
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    const session = await setup.stripe.checkout.sessions.retrieve(result.sessionId, {
      expand: ["invoice.payments"],
    });
    expect(session.invoice).toMatchObject({
      status: "paid",
      amount_paid: 12_900,
      parent: null,
      payments: { data: [{ status: "paid", payment: { payment_intent: session.payment_intent } }] },
    });
    expect(setup.eventTypes()).toEqual(expect.arrayContaining(["invoice.paid", "invoice.payment_succeeded"]));
  });
});

describe("a declined card", () => {
  it.each([
    ["4000000000000002", "card_declined", "generic_decline"],
    ["4000000000009995", "card_declined", "insufficient_funds"],
    ["4000000000000069", "expired_card", "expired_card"],
    ["4000000000000127", "incorrect_cvc", "incorrect_cvc"],
    ["1234567812345678", "card_declined", "generic_decline"],
  ])("%s leaves the session open and the intent waiting: %s, %s", async (card, code, declineCode) => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card });
    expect(result).toMatchObject({ outcome: "declined", code, declineCode });
    expect(setup.eventTypes().slice(-3)).toEqual([
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
    ]);
    const session = await setup.stripe.checkout.sessions.retrieve(result.sessionId, {
      expand: ["payment_intent"],
    });
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      payment_intent: {
        status: "requires_payment_method",
        last_payment_error: { code, decline_code: declineCode, payment_method: { type: "card" } },
      },
    });
  });

  it("can be followed by a good one, on the same intent", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const bad = { card: "4000000000000002" };
    const { sessionId } = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, bad);
    expect((await setup.sandbox.pay("acct_alpha", { sessionId }, GOOD)).outcome).toBe("succeeded");
    const [intent, ...others] = (await setup.stripe.paymentIntents.list()).data;
    expect(others).toEqual([]);
    const charges = await setup.stripe.charges.list({ payment_intent: intent?.id });
    expect(charges.data.map((charge) => charge.status)).toEqual(["succeeded", "failed"]);
    await expect(setup.sandbox.pay("acct_alpha", { sessionId }, GOOD)).rejects.toThrow("complete");
  });
});

describe("3-D Secure", () => {
  const card = "4000 0027 6000 3184";

  it("makes the intent wait for the payer, who may refuse and try again", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const waiting = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card });
    const paymentIntentId = waiting.outcome === "requires_action" ? waiting.paymentIntentId : "";
    const intent = await setup.stripe.paymentIntents.retrieve(paymentIntentId);
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
    const target = { sessionId: waiting.sessionId };
    const refused = await setup.sandbox.pay("acct_alpha", target, { card, approve3ds: false });
    expect(refused).toMatchObject({ outcome: "declined", code: "payment_intent_authentication_failure" });
    expect((await setup.stripe.charges.list()).data).toEqual([]);
    const approved = await setup.sandbox.pay("acct_alpha", target, { card, approve3ds: true });
    expect(approved).toMatchObject({ outcome: "succeeded", paymentIntentId });
    expect(setup.eventTypes()).toContain("payment_intent.requires_action");
  });
});

describe("a bank debit", () => {
  it("completes the session unpaid, and is paid when the bank has answered", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const payer = { card: "bank_debit_success" };
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, payer);
    expect(result.outcome).toBe("processing");
    const retrieve = () =>
      setup.stripe.checkout.sessions.retrieve(result.sessionId, { expand: ["payment_intent"] });
    expect(await retrieve()).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
      payment_intent: { status: "processing", amount_received: 0 },
    });
    const before = setup.eventTypes().length;
    await setup.sandbox.advance(10_000);
    expect(await retrieve()).toMatchObject({
      payment_status: "paid",
      payment_intent: { status: "succeeded", amount_received: 12_900 },
    });
    expect(setup.eventTypes().slice(before)).toEqual([
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.async_payment_succeeded",
      "charge.updated",
    ]);
    expect((await setup.stripe.charges.list()).data).toHaveLength(1);
  });

  it("can fail, with the limit of the link used up all the same", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { restrictions: { completed_sessions: { limit: 1 } } });
    const payer = { card: "bank_debit_failure" };
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, payer);
    await setup.sandbox.advance(10_000);
    expect(await setup.stripe.checkout.sessions.retrieve(result.sessionId)).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
    });
    expect(setup.eventTypes().slice(-3)).toEqual([
      "charge.failed",
      "payment_intent.payment_failed",
      "checkout.session.async_payment_failed",
    ]);
    const again = setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    await expect(again).rejects.toThrow("no longer active");
  });
});

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
    const declined = await setup.sandbox.pay(
      "acct_alpha",
      { sessionId: session.id },
      { card: "4000000000000002" },
    );
    expect(declined.outcome).toBe("declined");
    await setup.sandbox.pay("acct_alpha", { sessionId: session.id }, GOOD);
    const done = await setup.stripe.checkout.sessions.retrieve(session.id);
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
    const declined = await setup.sandbox.pay(
      "acct_alpha",
      { sessionId: session.id },
      { card: "4000000000000002" },
    );
    expect(declined.outcome).toBe("declined");
    await setup.sandbox.pay("acct_alpha", { sessionId: session.id }, GOOD);
    const done = await setup.stripe.checkout.sessions.retrieve(session.id);
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
