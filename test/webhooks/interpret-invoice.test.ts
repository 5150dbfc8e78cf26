import { describe, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { CREATED, event, list, NO_OWNER, OUR_METADATA, OUR_OWNER } from "./payloads/event.ts";
import { firstInvoice, invoiceOf2024, invoicePayment, newInvoice } from "./payloads/invoice-account.ts";

const expanded = (payments: unknown[], overrides: Record<string, unknown> = {}) =>
  newInvoice({ payments: list("/v1/invoice_payments", payments), ...overrides });

/** A payment for which the payer asked for an invoice: it is of no subscription. */
const alone = { subscription: null, parent: null };

describe("one of Stripe's own invoices of a subscription, paid", () => {
  test("as API 2024 tells it names its intent, its subscription and its customer", () => {
    expect(interpretEvent(event("invoice.paid", invoiceOf2024()))).toEqual({
      outcome: "facts",
      facts: [
        {
          kind: "subscription_invoice",
          subscriptionInvoiceId: "in_1SQh1K",
          subscriptionId: "sub_1SQh1K",
          stripeCustomerId: "cus_T9w2Lr",
          outcome: "paid",
          news: null,
          state: {
            number: "A1B2C3D4-0007",
            status: "paid",
            billingReason: "subscription_cycle",
            currency: "EUR",
            amountDueMinor: 4900,
            amountPaidMinor: 4900,
            amountRemainingMinor: 0,
            attemptCount: 1,
            nextAttemptAtMs: null,
            hostedInvoiceUrl: "https://invoice.stripe.com/i/acct_1/test_1",
            invoicePdf: "https://pay.stripe.com/invoice/acct_1/test_1/pdf",
            paidAtMs: CREATED * 1000,
            createdAtMs: (CREATED - 3600) * 1000,
            snapshotAtMs: CREATED * 1000,
          },
          amountMinor: 4900,
          currency: "EUR",
          occurredAtMs: CREATED * 1000,
          payments: [{ paymentIntentId: "pi_3SQh1KKb", chargeId: "ch_3SQh1KKb", amountMinor: 4900 }],
          owner: NO_OWNER,
        },
      ],
    });
  });

  test("is known by its subscription's metadata, of which it has a copy", () => {
    for (const invoice of [newInvoice(), invoiceOf2024({ subscription_details: { metadata: OUR_METADATA } })])
      expect(interpretEvent(event("invoice.paid", invoice))).toMatchObject({ facts: [{ owner: OUR_OWNER }] });
  });

  test("is the same fact by either of its two events, so that it counts once", () => {
    for (const invoice of [invoiceOf2024(), firstInvoice(), newInvoice()]) {
      const paid = interpretEvent(event("invoice.paid", invoice));
      expect(interpretEvent(event("invoice.payment_succeeded", invoice))).toEqual(paid);
    }
  });

  test("as API 2015 tells it is its charge's payment, of amount_due", () => {
    expect(interpretEvent(event("invoice.payment_succeeded", firstInvoice()))).toMatchObject({
      facts: [
        {
          subscriptionId: "sub_5b2C0f",
          amountMinor: 9800,
          payments: [{ paymentIntentId: null, chargeId: "ch_15aJZfFFXW", amountMinor: 9800 }],
        },
      ],
    });
  });

  test("as today's API tells it names no payment: Stripe has to be asked", () => {
    expect(interpretEvent(event("invoice.paid", newInvoice()))).toMatchObject({
      facts: [{ subscriptionId: "sub_1SQh1K", amountMinor: 4900, payments: null }],
    });
  });

  test("with its payments expanded names each that was paid, by intent or by charge", () => {
    const invoice = expanded([
      invoicePayment({ type: "payment_intent", payment_intent: "pi_a" }, { amount_paid: 4000 }),
      invoicePayment({ type: "charge", charge: { id: "ch_b", object: "charge" } }, { amount_paid: 900 }),
      invoicePayment(
        { type: "payment_intent", payment_intent: "pi_open" },
        { status: "open", amount_paid: null },
      ),
      invoicePayment({ type: "payment_record", payment_record: "pr_outside" }),
    ]);
    expect(interpretEvent(event("invoice.paid", invoice))).toMatchObject({
      facts: [
        {
          payments: [
            { paymentIntentId: "pi_a", chargeId: null, amountMinor: 4000 },
            { paymentIntentId: null, chargeId: "ch_b", amountMinor: 900 },
          ],
        },
      ],
    });
  });

  test("outside Stripe is no payment, even where it has an intent", () => {
    const by2024 = invoiceOf2024({ paid_out_of_band: true });
    expect(interpretEvent(event("invoice.paid", by2024))).toMatchObject({
      facts: [{ amountMinor: 0, payments: null, state: { status: "paid" } }],
    });
    const outside = newInvoice({ amount_paid_off_stripe: 4900 });
    expect(interpretEvent(event("invoice.paid", outside))).toMatchObject({ facts: [{ amountMinor: 0 }] });
  });

  test("is worth what was paid, not what was due", () => {
    const invoice = invoiceOf2024({ amount_due: 4900, amount_paid: 4000 });
    expect(interpretEvent(event("invoice.paid", invoice))).toMatchObject({
      facts: [{ amountMinor: 4000, payments: [{ amountMinor: 4000 }] }],
    });
  });

  test("with nothing due is no payment, and nothing to ask Stripe for", () => {
    const free = invoiceOf2024({ amount_due: 0, amount_paid: 0, payment_intent: null, charge: null });
    expect(interpretEvent(event("invoice.paid", free))).toMatchObject({
      facts: [{ amountMinor: 0, payments: null }],
    });
  });
});

describe("one of Stripe's own invoices of a subscription, not paid", () => {
  test("is a failed attempt at what remains", () => {
    const invoice = invoiceOf2024({ amount_paid: 900, amount_remaining: 4000, paid: false, status: "open" });
    expect(interpretEvent(event("invoice.payment_failed", invoice))).toMatchObject({
      facts: [
        {
          outcome: "failed",
          amountMinor: 4000,
          payments: [{ paymentIntentId: "pi_3SQh1KKb", amountMinor: 4000 }],
        },
      ],
    });
  });

  test("with its payments expanded names the one that is still open", () => {
    const invoice = expanded([
      invoicePayment({ type: "payment_intent", payment_intent: "pi_paid" }),
      invoicePayment(
        { type: "payment_intent", payment_intent: "pi_open" },
        { status: "open", amount_paid: null },
      ),
    ]);
    expect(interpretEvent(event("invoice.payment_failed", invoice))).toMatchObject({
      facts: [{ outcome: "failed", payments: [{ paymentIntentId: "pi_open", amountMinor: 4900 }] }],
    });
  });

  test("as API 2015 tells it names its last charge", () => {
    expect(interpretEvent(event("invoice.payment_failed", firstInvoice({ paid: false })))).toMatchObject({
      facts: [{ outcome: "failed", payments: [{ chargeId: "ch_15aJZfFFXW", amountMinor: 9800 }] }],
    });
  });
});

describe("one of Stripe's own invoices of no subscription", () => {
  test("is its payment, told by its own metadata", () => {
    const invoice = invoiceOf2024({ ...alone, metadata: OUR_METADATA });
    expect(interpretEvent(event("invoice.paid", invoice))).toMatchObject({
      facts: [
        {
          kind: "payment",
          providerPaymentId: "pi_3SQh1KKb",
          amountMinor: 4900,
          owner: { metadata: OUR_OWNER },
        },
      ],
    });
  });

  test("that names no payment is ignored: the intent's own events tell of it", () => {
    expect(interpretEvent(event("invoice.paid", newInvoice(alone)))).toMatchObject({
      outcome: "ignored",
      reason: "payment_not_named",
    });
  });
});

describe("an invoice's payment", () => {
  test("says which intent or charge has paid which invoice, and how much of it", () => {
    const paid = (payment: object, overrides = {}) =>
      interpretEvent(event("invoice_payment.paid", invoicePayment({ ...payment }, overrides)));
    expect(paid({ type: "payment_intent", payment_intent: "pi_1" }, { amount_paid: 4000 })).toEqual({
      outcome: "facts",
      facts: [
        {
          kind: "invoice_payment",
          subscriptionInvoiceId: "in_1SQh1K",
          payment: { paymentIntentId: "pi_1", chargeId: null, amountMinor: 4000 },
          currency: "EUR",
          occurredAtMs: CREATED * 1000,
        },
      ],
    });
    expect(paid({ type: "payment_record", payment_record: "pr_1" })).toMatchObject({
      reason: "paid_outside_stripe",
    });
  });
});
