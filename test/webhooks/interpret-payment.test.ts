import { describe, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { newSession } from "./payloads/checkout-session.ts";
import { CREATED, event, NO_OWNER, OUR_OWNER } from "./payloads/event.ts";
import { FIXTURES } from "./payloads/fixtures.ts";
import {
  chargeOf2019,
  DECLINED,
  firstCharge,
  firstIntent,
  newCharge,
  newIntent,
} from "./payloads/payment.ts";

describe("a payment intent", () => {
  test("that succeeded is worth what was received, not what was asked for", () => {
    expect(fact("payment_intent.succeeded", newIntent({ amount: 12_900, amount_received: 8000 }))).toEqual({
      kind: "payment",
      providerPaymentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
      status: "succeeded",
      amountMinor: 8000,
      amountDiscountedMinor: null,
      releasedMinor: 4900,
      currency: "EUR",
      occurredAtMs: CREATED * 1000,
      failureCode: null,
      failureMessage: null,
      paymentMethodType: null,
      receiptUrl: null,
      owner: {
        metadata: OUR_OWNER,
        paymentLinkId: null,
        checkoutSessionId: null,
        paymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
        chargeId: "ch_3SQh0aKb3xW9tLm41pWn",
      },
    });
  });

  test("that succeeded at the second attempt carries no failure", () => {
    expect(
      fact(
        "payment_intent.succeeded",
        newIntent({ last_payment_error: DECLINED, cancellation_reason: "automatic" }),
      ),
    ).toMatchObject({
      failureCode: null,
      failureMessage: null,
    });
  });

  test("of 2019 names its newest charge from the list that it embeds", () => {
    expect(fact("payment_intent.succeeded", firstIntent())).toMatchObject({
      providerPaymentId: "pi_1DzQ2eHQ",
      amountMinor: 12_900,
      owner: { chargeId: "ch_1DzQ2gHQ", metadata: OUR_OWNER },
    });
  });

  test("that failed says why: the decline before the code", () => {
    const failed = newIntent({ amount_received: 0, last_payment_error: DECLINED });
    expect(fact("payment_intent.payment_failed", failed)).toMatchObject({
      status: "failed",
      amountMinor: 12_900,
      failureCode: "insufficient_funds",
      failureMessage: "Your card has insufficient funds.",
    });
    expect(factOf("payment_intent.payment_failed", "oldest")).toMatchObject({ failureCode: "card_declined" });
    const silent = newIntent({ last_payment_error: null });
    expect(fact("payment_intent.payment_failed", silent)).toMatchObject({
      failureCode: null,
      failureMessage: null,
    });
  });

  test("that is processing or canceled is worth what was asked for", () => {
    expect(factOf("payment_intent.processing", "newest")).toMatchObject({
      status: "processing",
      amountMinor: 12_900,
    });
    expect(factOf("payment_intent.canceled", "newest")).toMatchObject({
      status: "canceled",
      amountMinor: 12_900,
      failureCode: "abandoned",
    });
    expect(factOf("payment_intent.canceled", "oldest")).toMatchObject({
      failureCode: "requested_by_customer",
    });
  });

  test("of somebody else names no owner but its own id", () => {
    expect(fact("payment_intent.succeeded", newIntent({ metadata: { order: "7" } }))).toMatchObject({
      owner: { metadata: NO_OWNER, paymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x" },
    });
  });
});

describe("a charge", () => {
  test("is the same payment as its intent's, with method and receipt", () => {
    expect(fact("charge.succeeded", newCharge({ amount_captured: 8000 }))).toMatchObject({
      providerPaymentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
      status: "succeeded",
      amountMinor: 8000,
      paymentMethodType: "card",
      receiptUrl: "https://pay.stripe.com/receipts/payment/CAcaFwoV",
      owner: { chargeId: "ch_3SQh0aKb3xW9tLm41pWn", paymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x" },
    });
  });

  test("without an intent is keyed by itself; one of 2015 has amount, source and `paid`", () => {
    expect(fact("charge.succeeded", firstCharge())).toMatchObject({
      providerPaymentId: "ch_15PUCSFFXWzhX9",
      amountMinor: 12_900,
      paymentMethodType: "card",
      receiptUrl: null,
      owner: { chargeId: "ch_15PUCSFFXWzhX9", paymentIntentId: null },
    });
  });

  test("of 2019, before amount_captured, is worth its amount", () => {
    expect(fact("charge.succeeded", chargeOf2019())).toMatchObject({
      amountMinor: 12_900,
      paymentMethodType: "card",
    });
  });

  test.each([
    [{ object: "source", type: "sepa_debit" }, "sepa_debit"],
    [{ object: "bank_account" }, "ach_debit"],
    [null, null],
  ])("paid from source %j is of type %s", (source, type) => {
    expect(fact("charge.succeeded", firstCharge({ source }))).toMatchObject({ paymentMethodType: type });
  });

  test("that is not captured is an authorisation and no money", () => {
    const authorised = newCharge({ captured: false, amount_captured: 0 });
    expect(interpretEvent(event("charge.succeeded", authorised))).toMatchObject({
      outcome: "ignored",
      reason: "charge_not_captured",
    });
  });

  test("that has not succeeded is not taken for a success", () => {
    expect(interpretEvent(event("charge.succeeded", newCharge({ status: "pending" })))).toMatchObject({
      reason: "charge_not_succeeded",
    });
  });
});

test("session, intent and charge of one payment agree wherever two of them set the same field", () => {
  const seen = [
    fact("checkout.session.completed", newSession(), 1),
    fact("payment_intent.succeeded", newIntent()),
    fact("charge.succeeded", newCharge()),
  ];
  const flat = seen.map(({ owner, ...rest }) => ({
    ...rest,
    ...owner,
    metadata: JSON.stringify(owner.metadata),
  }));
  for (const name of Object.keys(flat[0] ?? {})) {
    const said = flat
      .map((payment) => (payment as Record<string, unknown>)[name])
      .filter((value) => value !== null);
    expect(new Set(said).size, name).toBeLessThanOrEqual(1);
  }
  // And together they leave nothing open that one of them knows.
  expect(flat.some((payment) => payment.paymentMethodType === "card" && payment.receiptUrl)).toBe(true);
});

function factOf(
  type: "payment_intent.payment_failed" | "payment_intent.processing" | "payment_intent.canceled",
  era: "oldest" | "newest",
) {
  return fact(type, FIXTURES[type][era].data.object);
}

function fact(type: string, object: unknown, index = 0) {
  const result = interpretEvent(event(type, object));
  const found = result.outcome === "facts" ? result.facts[index] : undefined;
  if (found?.kind !== "payment") throw new Error(JSON.stringify(result));
  return found;
}
