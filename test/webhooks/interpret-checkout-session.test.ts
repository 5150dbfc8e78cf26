import { describe, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { firstSession, newSession, sessionOf2020 } from "./payloads/checkout-session.ts";
import { CREATED, event, NO_OWNER, OUR_METADATA, OUR_OWNER } from "./payloads/event.ts";

const completed = (session: unknown) => factsOf("checkout.session.completed", session);

describe("a completed session", () => {
  test("that is paid is a succeeded payment of amount_total, keyed by its intent", () => {
    const owner = {
      metadata: OUR_OWNER,
      paymentLinkId: "plink_1SQgzRKb3xW9tLm4",
      checkoutSessionId: "cs_test_b1Jq7zPd0YwE",
      paymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
      chargeId: null,
    };
    expect(completed(newSession({ amount_subtotal: 1, amount: 2 }))).toEqual([
      {
        kind: "checkout_session",
        sessionId: "cs_test_b1Jq7zPd0YwE",
        status: "complete",
        mode: "payment",
        paymentStatus: "paid",
        url: null,
        amountTotalMinor: 12_900,
        currency: "EUR",
        clientReferenceId: null,
        metadata: OUR_METADATA,
        successUrl: "https://stripe.com",
        cancelUrl: "https://stripe.com",
        stripeCustomerId: "cus_T9w2Lr",
        subscriptionId: null,
        stripePaymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
        stripeInvoiceId: null,
        createdAtMs: (CREATED - 120) * 1000,
        expiresAtMs: (CREATED + 86_280) * 1000,
        occurredAtMs: CREATED * 1000,
        owner,
      },
      {
        kind: "payment",
        providerPaymentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
        status: "succeeded",
        amountDiscountedMinor: 0,
        releasedMinor: null,
        amountMinor: 12_900,
        currency: "EUR",
        occurredAtMs: CREATED * 1000,
        failureCode: null,
        failureMessage: null,
        paymentMethodType: null,
        receiptUrl: null,
        owner,
      },
    ]);
  });

  test("that is unpaid is processing, never paid", () => {
    expect(completed(newSession({ payment_status: "unpaid" }))).toMatchObject([
      { paymentStatus: "unpaid" },
      { status: "processing", amountMinor: 12_900 },
    ]);
  });

  test("that needs no payment settles for nothing, keyed by the session", () => {
    const session = newSession({
      payment_status: "no_payment_required",
      payment_intent: null,
      amount_total: 0,
    });
    expect(completed(session)[1]).toMatchObject({
      providerPaymentId: "cs_test_b1Jq7zPd0YwE",
      status: "succeeded",
      amountMinor: 0,
    });
    // "Delayed to a future date": whatever the total says, nothing was paid.
    const delayed = newSession({ payment_status: "no_payment_required", payment_intent: null });
    expect(completed(delayed)[1]).toMatchObject({ amountMinor: 0 });
  });

  test("that needs no payment yet never settles the intent that may be paid later", () => {
    const later = newSession({ payment_status: "no_payment_required", payment_intent: "pi_later" });
    expect(completed(later)[1]).toMatchObject({ providerPaymentId: "cs_test_b1Jq7zPd0YwE", amountMinor: 0 });
  });

  test("that is unpaid without an intent makes no payment, since none could ever follow it", () => {
    expect(completed(newSession({ payment_status: "unpaid", payment_intent: null }))).toMatchObject([
      { kind: "checkout_session", paymentStatus: "unpaid" },
    ]);
  });

  test("that is free and calls itself paid is worth nothing, keyed by the session", () => {
    expect(completed(newSession({ payment_intent: null, amount_total: 0 }))[1]).toMatchObject({
      providerPaymentId: "cs_test_b1Jq7zPd0YwE",
      amountMinor: 0,
    });
  });

  test.each(["subscription", "setup"])("in mode %s makes no payment without an intent", (mode) => {
    const session = newSession({ mode, payment_intent: null, subscription: "sub_1SQh1K" });
    expect(completed(session)).toMatchObject([{ kind: "checkout_session", mode }]);
    expect(completed(session)).toHaveLength(1);
  });

  test("with its intent and link expanded is keyed by their ids", () => {
    const session = newSession({
      payment_intent: { id: "pi_expanded", object: "payment_intent", amount: 1 },
      payment_link: { id: "plink_expanded", object: "payment_link" },
    });
    expect(completed(session)[1]).toMatchObject({
      providerPaymentId: "pi_expanded",
      owner: { paymentLinkId: "plink_expanded", paymentIntentId: "pi_expanded" },
    });
  });

  test("names nobody by client_reference_id, which the payer can write", () => {
    const session = newSession({ metadata: {}, client_reference_id: "inv_of_somebody_else" });
    expect(completed(session)[1]).toMatchObject({ owner: { metadata: NO_OWNER } });
    expect(JSON.stringify(completed(session))).not.toContain("inv_of_somebody_else");
  });

  test("made by a call keeps the reference that the caller gave it", () => {
    const session = newSession({ payment_link: null, client_reference_id: "order_7" });
    expect(completed(session)[0]).toMatchObject({ clientReferenceId: "order_7" });
  });

  test("takes blank metadata for none", () => {
    const session = newSession({
      metadata: { invoice_id: "  ", customer_id: "", quittance_tenant_id: "tenant_a" },
    });
    expect(completed(session)[0]).toMatchObject({
      owner: { metadata: { ...NO_OWNER, tenantId: "tenant_a" } },
    });
  });

  test("of 2019, which told no amount and no mode, leaves the payment to its intent's events", () => {
    expect(completed(firstSession())).toMatchObject([
      {
        mode: "payment",
        paymentStatus: "paid",
        status: "complete",
        owner: { paymentIntentId: "pi_1EUaBzHQ" },
      },
    ]);
    expect(completed(firstSession({ payment_intent: null, subscription: "sub_F1" }))).toMatchObject([
      { mode: "subscription" },
    ]);
    expect(completed(firstSession({ payment_intent: null, setup_intent: "seti_1" }))).toMatchObject([
      { mode: "setup" },
    ]);
  });

  test("of 2020 reads like today's", () => {
    expect(completed(sessionOf2020())[1]).toMatchObject({
      providerPaymentId: "pi_1HZaBzHQ",
      amountMinor: 12_900,
      currency: "EUR",
      owner: { metadata: OUR_OWNER },
    });
  });

  test.each(["mode", "payment_status"])("with a %s that nobody knows is ignored, not guessed", (field) => {
    expect(
      interpretEvent(event("checkout.session.completed", newSession({ [field]: "novel" }))),
    ).toMatchObject({
      outcome: "ignored",
      reason: "value_not_known",
      detail: expect.stringContaining(`data.object.${field} is "novel"`),
    });
  });
});

describe("a slow payment", () => {
  test("that arrived is succeeded", () => {
    expect(factsOf("checkout.session.async_payment_succeeded", newSession())).toMatchObject([
      { kind: "checkout_session", status: "complete" },
      { kind: "payment", status: "succeeded", providerPaymentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x" },
    ]);
  });

  test("that failed is failed, the reason left to the intent's own event", () => {
    expect(
      factsOf("checkout.session.async_payment_failed", newSession({ payment_status: "unpaid" })),
    ).toMatchObject([
      { kind: "checkout_session", paymentStatus: "unpaid" },
      { kind: "payment", status: "failed", failureCode: null, amountMinor: 12_900 },
    ]);
  });
});

test("an expired session is expired and no payment, even where it has an intent", () => {
  const found = factsOf(
    "checkout.session.expired",
    newSession({ payment_status: "unpaid", status: "expired" }),
  );
  expect(found).toMatchObject([{ kind: "checkout_session", status: "expired", paymentStatus: "unpaid" }]);
  expect(found).toHaveLength(1);
});

test("an expired session of a version without statuses is expired all the same", () => {
  const found = factsOf("checkout.session.expired", sessionOf2020({ payment_status: "unpaid" }));
  expect(found).toMatchObject([{ status: "expired" }]);
});

function factsOf(type: string, session: unknown) {
  const result = interpretEvent(event(type, session));
  if (result.outcome === "ignored") throw new Error(result.detail);
  return result.facts;
}
