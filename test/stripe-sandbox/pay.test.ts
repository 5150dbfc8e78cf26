import { describe, expect, it } from "vitest";
import { GOOD, makeLink, setUpApi } from "./api-fixture.ts";

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
