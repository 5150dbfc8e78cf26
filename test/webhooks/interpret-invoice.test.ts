import { describe, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { CREATED, event, list, NO_OWNER, OUR_METADATA, OUR_OWNER } from "./payloads/event.ts";
import { firstInvoice, invoiceOf2024, invoicePayment, newInvoice } from "./payloads/invoice-account.ts";

const expanded = (payments: unknown[], overrides: Record<string, unknown> = {}) =>
  newInvoice({ payments: list("/v1/invoice_payments", payments), ...overrides });

describe("one of Stripe's own invoices, paid", () => {
  test("as API 2024 tells it is its intent's payment, of its subscription", () => {
    expect(interpretEvent(event("invoice.paid", invoiceOf2024()))).toEqual({
      outcome: "facts",
      facts: [
        {
          kind: "payment",
          providerPaymentId: "pi_3SQh1KKb",
          status: "succeeded",
          amountMinor: 4900,
          amountDiscountedMinor: null,
          releasedMinor: null,
          currency: "EUR",
          occurredAtMs: CREATED * 1000,
          failureCode: null,
          failureMessage: null,
          paymentMethodType: null,
          receiptUrl: null,
          owner: {
            metadata: NO_OWNER,
            paymentLinkId: null,
            checkoutSessionId: null,
            paymentIntentId: "pi_3SQh1KKb",
            chargeId: "ch_3SQh1KKb",
          },
          stripeInvoiceId: "in_1SQh1K",
          subscriptionId: "sub_1SQh1K",
        },
      ],
    });
  });

  test("made for one of our invoices is told by its own metadata", () => {
    const invoice = invoiceOf2024({ metadata: OUR_METADATA });
    expect(interpretEvent(event("invoice.paid", invoice))).toMatchObject({
      facts: [{ owner: { metadata: OUR_OWNER } }],
    });
  });

  test("is the same fact by either of its two events, so that it counts once", () => {
    for (const invoice of [invoiceOf2024(), firstInvoice(), newInvoice()]) {
      const paid = interpretEvent(event("invoice.paid", invoice));
      expect(interpretEvent(event("invoice.payment_succeeded", invoice))).toEqual(paid);
    }
  });

  test("as API 2015 tells it is its charge's payment, of amount_due", () => {
    expect(interpretEvent(event("invoice.payment_succeeded", firstInvoice()))).toMatchObject({
      facts: [{ providerPaymentId: "ch_15aJZfFFXW", amountMinor: 9800, subscriptionId: "sub_5b2C0f" }],
    });
  });

  test("as today's API tells it names no payment, and says of which subscription", () => {
    expect(interpretEvent(event("invoice.paid", newInvoice()))).toMatchObject({
      outcome: "ignored",
      reason: "payment_not_named",
      detail: expect.stringContaining("Invoice in_1SQh1K of sub_1SQh1K"),
    });
  });

  test("with its payments expanded is each of them that was paid, by intent or by charge", () => {
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
        { providerPaymentId: "pi_a", amountMinor: 4000, status: "succeeded", subscriptionId: "sub_1SQh1K" },
        { providerPaymentId: "ch_b", amountMinor: 900, status: "succeeded" },
      ],
    });
  });

  test("outside Stripe is no payment, even where it has an intent", () => {
    expect(interpretEvent(event("invoice.paid", invoiceOf2024({ paid_out_of_band: true })))).toMatchObject({
      reason: "paid_outside_stripe",
    });
  });

  test("is worth what was paid, not what was due", () => {
    const invoice = invoiceOf2024({ amount_due: 4900, amount_paid: 4000 });
    expect(interpretEvent(event("invoice.paid", invoice))).toMatchObject({ facts: [{ amountMinor: 4000 }] });
  });

  test("with nothing due is no payment", () => {
    const free = invoiceOf2024({ amount_due: 0, amount_paid: 0, payment_intent: null, charge: null });
    expect(interpretEvent(event("invoice.paid", free))).toMatchObject({ reason: "payment_not_named" });
  });
});

describe("one of Stripe's own invoices, not paid", () => {
  test("is a failed payment of what remains, its reason left to the intent's own event", () => {
    const invoice = invoiceOf2024({ amount_paid: 900, amount_remaining: 4000, paid: false, status: "open" });
    expect(interpretEvent(event("invoice.payment_failed", invoice))).toMatchObject({
      facts: [{ providerPaymentId: "pi_3SQh1KKb", status: "failed", amountMinor: 4000, failureCode: null }],
    });
  });

  test("with its payments expanded is the one that is still open", () => {
    const invoice = expanded([
      invoicePayment({ type: "payment_intent", payment_intent: "pi_paid" }),
      invoicePayment(
        { type: "payment_intent", payment_intent: "pi_open" },
        { status: "open", amount_paid: null },
      ),
    ]);
    expect(interpretEvent(event("invoice.payment_failed", invoice))).toMatchObject({
      facts: [{ providerPaymentId: "pi_open", status: "failed", amountMinor: 4900 }],
    });
  });

  test("as API 2015 tells it is its last charge, failed", () => {
    expect(interpretEvent(event("invoice.payment_failed", firstInvoice({ paid: false })))).toMatchObject({
      facts: [{ providerPaymentId: "ch_15aJZfFFXW", status: "failed", amountMinor: 9800 }],
    });
  });
});
