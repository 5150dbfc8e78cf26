import { describe, expect, it } from "vitest";
import { type ApiSetup, makeLink, monthly, setUpApi } from "./api-fixture.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

async function subscribe(setup: ApiSetup, card = "4242424242424242") {
  const link = await makeLink(setup, { line_items: [monthly(900)] });
  await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card, email: "ada@example.com" });
  const [subscription] = (await setup.stripe.subscriptions.list({ limit: 1 })).data;
  if (!subscription) throw new Error("nobody subscribed");
  return subscription;
}

describe("subscriptions", () => {
  it("are retrieved, changed, and say what changed", async () => {
    const setup = setUpApi();
    const subscription = await subscribe(setup);
    expect(await setup.stripe.subscriptions.retrieve(subscription.id)).toEqual(subscription);
    const updated = await setup.stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: true,
      metadata: { plan: "pro" },
      items: [{ id: subscription.items.data[0]?.id, quantity: 3 }],
      expand: ["customer"],
    });
    expect(updated).toMatchObject({
      status: "active",
      cancel_at_period_end: true,
      cancel_at: subscription.items.data[0]?.current_period_end,
      metadata: { plan: "pro" },
      items: { data: [{ quantity: 3 }] },
      customer: { email: "ada@example.com" },
    });
    const [event] = (await setup.stripe.events.list({ type: "customer.subscription.updated" })).data;
    expect(event?.data.previous_attributes).toMatchObject({ cancel_at_period_end: false, metadata: {} });
  });

  it("show their first ten items; all of them are listed by themselves", async () => {
    const setup = setUpApi();
    const { id, items } = await subscribe(setup);
    const product = String(items.data[0]?.price.product);
    const prices = [];
    for (let index = 0; index < 11; index++) {
      const recurring = { interval: "month" as const };
      prices.push(
        await setup.stripe.prices.create({ currency: "eur", product, unit_amount: 100 + index, recurring }),
      );
    }
    const updated = await setup.stripe.subscriptions.update(id, {
      items: prices.map(({ id: price }) => ({ price })),
    });
    const [event] = (await setup.stripe.events.list({ type: "customer.subscription.updated" })).data;
    for (const shown of [updated, event?.data.object as typeof updated])
      expect(shown.items).toMatchObject({ has_more: true, data: { length: 10 } });
    const all = await setup.stripe.subscriptionItems
      .list({ subscription: id, limit: 7 })
      .autoPagingToArray({ limit: 100 });
    expect(all.map(({ price }) => price.unit_amount)).toEqual([
      900,
      ...prices.map((price) => price.unit_amount),
    ]);
  });

  it("last a calendar month, from one day to the same day of the next", async () => {
    const item = (await subscribe(setUpApi())).items.data[0];
    expect(new Date((item?.current_period_start ?? 0) * 1000).toISOString()).toBe("2026-11-02T12:00:00.000Z");
    expect(new Date((item?.current_period_end ?? 0) * 1000).toISOString()).toBe("2026-12-02T12:00:00.000Z");
  });

  it("take another price", async () => {
    const setup = setUpApi();
    const subscription = await subscribe(setup);
    const item = subscription.items.data[0];
    const product = String(item?.price.product);
    const price = await setup.stripe.prices.create({
      currency: "eur",
      product,
      unit_amount: 1900,
      recurring: { interval: "month" },
    });
    const updated = await setup.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item?.id, price: price.id }],
    });
    expect(updated.items.data).toMatchObject([{ id: item?.id, price: { unit_amount: 1900 } }]);
    expect((await setup.stripe.subscriptions.list({ price: price.id })).data).toHaveLength(1);
  });

  it("are canceled, and then only listed when asked for", async () => {
    const setup = setUpApi();
    const { id, customer } = await subscribe(setup);
    const canceled = await setup.stripe.subscriptions.cancel(id, {
      cancellation_details: { comment: "too dear" },
    });
    expect(canceled).toMatchObject({ status: "canceled", cancellation_details: { comment: "too dear" } });
    expect(canceled.ended_at).toBe(canceled.canceled_at);
    expect(setup.eventTypes().at(-1)).toBe("customer.subscription.deleted");
    expect((await setup.stripe.subscriptions.list({ customer: String(customer) })).data).toEqual([]);
    expect((await setup.stripe.subscriptions.list({ status: "all" })).data).toHaveLength(1);
    await expect(setup.stripe.subscriptions.cancel(id)).rejects.toMatchObject({ statusCode: 404 });
  });

  it("are paused and resumed", async () => {
    const setup = setUpApi();
    const { id } = await subscribe(setup);
    const paused = await setup.stripe.subscriptions.pause(id);
    expect(paused).toMatchObject({ status: "paused", status_details: { paused: { type: "subscription" } } });
    const resumed = await setup.stripe.subscriptions.resume(id);
    expect(resumed.status).toBe("active");
    expect(resumed.status_details).toBeUndefined();
    expect(setup.eventTypes().slice(-2)).toEqual([
      "customer.subscription.paused",
      "customer.subscription.resumed",
    ]);
    await expect(setup.stripe.subscriptions.resume(id)).rejects.toThrow("must have status `paused`");
  });

  it("renew at the end of each period, with a paid invoice, until they are canceled for its end", async () => {
    const setup = setUpApi();
    const { id } = await subscribe(setup);
    const period = async () => {
      const { current_period_start: start = 0, current_period_end: end = 0 } =
        (await setup.stripe.subscriptions.retrieve(id)).items.data[0] ?? {};
      return [start, end].map((at) => new Date(at * 1000).toISOString().slice(0, 10));
    };
    await setup.sandbox.advance(29 * DAY_MS);
    expect(await period()).toEqual(["2026-11-02", "2026-12-02"]);
    await setup.sandbox.advance(2 * DAY_MS);
    expect(await period()).toEqual(["2026-12-02", "2027-01-02"]);
    const [invoice] = (await setup.stripe.invoices.list({ subscription: id })).data;
    expect(invoice).toMatchObject({ status: "paid", amount_paid: 900, billing_reason: "subscription_cycle" });
    const [event] = (await setup.stripe.events.list({ type: "customer.subscription.updated" })).data;
    expect(event?.data.previous_attributes).toHaveProperty("items");
    await setup.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await setup.sandbox.advance(31 * DAY_MS);
    expect(await setup.stripe.subscriptions.retrieve(id)).toMatchObject({ status: "canceled" });
    expect(setup.eventTypes().filter((type) => type === "customer.subscription.deleted")).toHaveLength(1);
    expect((await setup.stripe.invoices.list({ subscription: id })).data).toHaveLength(2);
  });

  it("on trial say three days ahead that it ends, and are then charged", async () => {
    const setup = setUpApi();
    const session = await setup.stripe.checkout.sessions.create({
      mode: "subscription",
      success_url: "https://shop.example/thanks",
      line_items: [{ ...monthly(900), quantity: 1 }],
      subscription_data: { trial_period_days: 10 },
    });
    await setup.sandbox.pay("acct_alpha", { sessionId: session.id }, { card: "4242424242424242" });
    const [subscription] = (await setup.stripe.subscriptions.list({ status: "trialing" })).data;
    await setup.sandbox.advance(7 * DAY_MS - 1);
    expect(setup.eventTypes()).not.toContain("customer.subscription.trial_will_end");
    await setup.sandbox.advance(1);
    expect(setup.eventTypes()).toContain("customer.subscription.trial_will_end");
    await setup.sandbox.advance(3 * DAY_MS);
    const paying = await setup.stripe.subscriptions.retrieve(subscription?.id ?? "");
    expect(paying).toMatchObject({ status: "active", trial_end: subscription?.trial_end });
    expect(paying.items.data[0]?.current_period_start).toBe(subscription?.trial_end);
  });

  it("end with their customer", async () => {
    const setup = setUpApi();
    const { id, customer } = await subscribe(setup);
    await setup.stripe.customers.del(String(customer));
    expect((await setup.stripe.subscriptions.retrieve(id)).status).toBe("canceled");
  });
});

describe("Stripe's own invoices", () => {
  it("name their subscription where this API version has it, and the intent in their payments", async () => {
    const setup = setUpApi();
    const subscription = await subscribe(setup);
    const [listed] = (await setup.stripe.invoices.list({ subscription: subscription.id })).data;
    const invoice = await setup.stripe.invoices.retrieve(listed?.id ?? "", { expand: ["payments"] });
    expect(invoice).toMatchObject({
      status: "paid",
      amount_paid: 900,
      customer_email: "ada@example.com",
      parent: { subscription_details: { subscription: subscription.id } },
      payments: { data: [{ status: "paid", payment: { type: "payment_intent" } }] },
    });
    expect(invoice.lines.data).toMatchObject([{ amount: 900, subscription: subscription.id }]);
    expect(String(invoice.lines.data[0]?.quantity_decimal)).toBe("1");
    await expect(setup.stripe.invoices.pay(invoice.id ?? "")).rejects.toThrow("Invoice is already paid");
  });

  it("of a renewal are charged to the card that was left, by an intent of their own", async () => {
    const setup = setUpApi();
    const { id } = await subscribe(setup);
    const before = setup.eventTypes().length;
    await setup.sandbox.advance(31 * DAY_MS);
    const [renewal, first] = (await setup.stripe.invoices.list({ subscription: id })).data;
    const intentOf = async (invoice: string | undefined) => {
      const [payment] = (await setup.stripe.invoicePayments.list({ invoice: invoice ?? "" })).data;
      return String(payment?.payment.payment_intent);
    };
    const intent = await setup.stripe.paymentIntents.retrieve(await intentOf(renewal?.id));
    expect(intent).toMatchObject({ status: "succeeded", amount_received: 900, metadata: {} });
    expect(await intentOf(first?.id)).not.toBe(intent.id);
    expect(setup.eventTypes().slice(before)).toEqual(
      expect.arrayContaining(["charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid"]),
    );
    await expect(setup.stripe.invoicePayments.list({ invoice: "in_none" })).rejects.toMatchObject({
      code: "resource_missing",
    });
  });

  it("whose card is declined while its payer is away stay open, and say when they are tried again", async () => {
    const setup = setUpApi();
    const session = await setup.stripe.checkout.sessions.create({
      mode: "subscription",
      success_url: "https://shop.example/thanks",
      line_items: [{ ...monthly(900), quantity: 1 }],
      subscription_data: { trial_period_days: 7 },
    });
    await setup.sandbox.pay("acct_alpha", { sessionId: session.id }, { card: "4000 0000 0000 0341" });
    await setup.sandbox.advance(8 * DAY_MS);
    const [invoice] = (await setup.stripe.invoices.list({ status: "open" })).data;
    expect(invoice).toMatchObject({ amount_remaining: 900, attempt_count: 1 });
    expect(invoice?.next_payment_attempt).toBeGreaterThan(invoice?.created ?? 0);
    expect(setup.eventTypes()).toEqual(
      expect.arrayContaining(["payment_intent.payment_failed", "invoice.payment_failed"]),
    );
    const [subscription] = (await setup.stripe.subscriptions.list({ status: "past_due" })).data;
    expect(subscription?.latest_invoice).toBe(invoice?.id);
  });

  it("are sent to endpoints of before 2025-03-31 as they were then, with intent, charge and subscription", async () => {
    const setup = setUpApi();
    await setup.stripe.webhookEndpoints.create({
      url: "https://billing.example/hook",
      enabled_events: ["*"],
      api_version: "2024-06-20",
    });
    const { id } = await subscribe(setup);
    await setup.sandbox.settle();
    const [invoice] = (await setup.stripe.invoices.list({ subscription: id })).data;
    const sent = (type: string) => setup.sent.find((event) => event.type === type)?.data.object;
    const intent = sent("payment_intent.succeeded") as unknown as { id: string; invoice: string };
    expect(intent.invoice).toBe(invoice?.id);
    expect(sent("charge.succeeded")).toMatchObject({ invoice: invoice?.id });
    expect(sent("invoice.paid")).toMatchObject({
      payment_intent: intent.id,
      charge: expect.stringMatching(/^ch_/),
      subscription: id,
      paid: true,
      paid_out_of_band: false,
    });
    expect(sent("invoice.paid")).not.toHaveProperty("parent");
    expect(sent("customer.subscription.created")).toHaveProperty("current_period_end");
  });

  it("that a bank did not pay can be paid again, or outside Stripe", async () => {
    const setup = setUpApi();
    const { id } = await subscribe(setup, "bank_debit_failure");
    await subscribe(setup, "bank_debit_failure");
    await setup.sandbox.advance(10_000);
    const [second, first] = (await setup.stripe.invoices.list({ status: "open" })).data;
    expect((await setup.stripe.invoices.pay(first?.id ?? "")).status).toBe("paid");
    expect((await setup.stripe.subscriptions.retrieve(id)).status).toBe("active");
    const before = setup.eventTypes().length;
    const outside = await setup.stripe.invoices.pay(second?.id ?? "", { paid_out_of_band: true });
    expect(outside).toMatchObject({ status: "paid", amount_paid_off_stripe: 900 });
    expect(setup.eventTypes().slice(before)).toEqual(["invoice.paid"]);
  });
});

describe("the billing portal", () => {
  it("has sessions for customers alone", async () => {
    const setup = setUpApi();
    const { customer } = await subscribe(setup);
    const session = await setup.stripe.billingPortal.sessions.create({
      customer: String(customer),
      return_url: "https://shop.example/account",
    });
    expect(session).toMatchObject({ customer, return_url: "https://shop.example/account" });
    expect(session.url).toContain(`/p/session/${session.id}`);
    await expect(setup.stripe.billingPortal.sessions.create({})).rejects.toMatchObject({
      code: "parameter_missing",
    });
    const unknown = setup.stripe.billingPortal.sessions.create({ customer: "cus_x" });
    await expect(unknown).rejects.toThrow("No such customer: 'cus_x'");
  });
});
