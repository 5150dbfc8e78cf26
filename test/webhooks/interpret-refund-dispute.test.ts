import { describe, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { CREATED, event, list, NO_OWNER, OUR_METADATA, OUR_OWNER, oldEvent } from "./payloads/event.ts";
import { firstCharge, newCharge } from "./payloads/payment.ts";
import { firstDispute, firstRefund, newDispute, newRefund } from "./payloads/refund-dispute.ts";

describe("a refund", () => {
  test.each(["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"])(
    "of %s is in the state that it says itself",
    (type) => {
      for (const status of ["pending", "requires_action", "succeeded", "failed", "canceled"]) {
        const refund = newRefund({
          status,
          failure_reason: status === "failed" ? "expired_or_canceled_card" : null,
        });
        expect(facts(event(type, refund))).toEqual([
          {
            kind: "refund",
            refundId: "re_3SQh0aKb3xW9tLm41kZp",
            ownRefundId: null,
            status,
            amountMinor: 2900,
            currency: "EUR",
            createdAtMs: (CREATED - 5) * 1000,
            occurredAtMs: CREATED * 1000,
            reason: "requested_by_customer",
            failureReason: status === "failed" ? "expired_or_canceled_card" : null,
            mayBeReleased: false,
            owner: {
              metadata: OUR_OWNER,
              paymentLinkId: null,
              checkoutSessionId: null,
              paymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
              chargeId: "ch_3SQh0aKb3xW9tLm41pWn",
            },
          },
        ]);
      }
    },
  );

  test("without a status, as the first were, has succeeded", () => {
    expect(
      facts(oldEvent("charge.refund.updated", firstRefund(), "2015-01-26", 1_422_500_100)),
    ).toMatchObject([
      { status: "succeeded", createdAtMs: 1_422_500_090_000, owner: { chargeId: "ch_15PUCSFFXWzhX9" } },
    ]);
    expect(facts(event("charge.refund.updated", firstRefund({ status: null })))).toMatchObject([
      { status: "succeeded" },
    ]);
  });

  test("with a status that nobody knows is ignored, not guessed", () => {
    expect(interpretEvent(event("refund.updated", newRefund({ status: "novel" })))).toMatchObject({
      reason: "value_not_known",
      detail: expect.stringContaining("novel"),
    });
  });

  test("that was asked for here names our own refund", () => {
    const metadata = { ...OUR_METADATA, quittance_refund_id: "ref_01" };
    expect(facts(event("refund.created", newRefund({ metadata })))).toMatchObject([
      { ownRefundId: "ref_01", owner: { metadata: OUR_OWNER } },
    ]);
  });

  test("with charge and intent expanded is matched by their ids", () => {
    const refund = newRefund({
      charge: newCharge(),
      payment_intent: { id: "pi_expanded", object: "payment_intent" },
    });
    expect(facts(event("refund.created", refund))).toMatchObject([
      { owner: { chargeId: "ch_3SQh0aKb3xW9tLm41pWn", paymentIntentId: "pi_expanded" } },
    ]);
  });
});

describe("charge.refunded", () => {
  test("of an old version yields each refund that it lists, never the sum", () => {
    const charge = firstCharge({
      amount_refunded: 3900,
      metadata: OUR_METADATA,
      refunds: list("/v1/charges/ch_15PUCSFFXWzhX9/refunds", [
        firstRefund({ id: "re_2", amount: 1000, charge: null }),
        firstRefund({ id: "re_1", amount: 2900 }),
      ]),
    });
    expect(facts(event("charge.refunded", charge))).toMatchObject([
      { refundId: "re_2", amountMinor: 1000, owner: { chargeId: "ch_15PUCSFFXWzhX9", metadata: OUR_OWNER } },
      { refundId: "re_1", amountMinor: 2900, owner: { chargeId: "ch_15PUCSFFXWzhX9", metadata: OUR_OWNER } },
    ]);
  });

  test("gives a refund its charge's intent, where the refund itself does not know it", () => {
    const charge = newCharge({ refunds: list("/v1/refunds", [firstRefund()]) });
    expect(facts(event("charge.refunded", charge))).toMatchObject([
      { owner: { paymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x" } },
    ]);
  });

  test.each([undefined, null, list("/v1/refunds", [])])(
    "with refunds %j leaves them to their own events",
    (refunds) => {
      expect(
        interpretEvent(event("charge.refunded", newCharge({ amount_refunded: 2900, refunds }))),
      ).toMatchObject({
        outcome: "ignored",
        reason: "refund_events_decide",
      });
    },
  );

  test("of an authorisation that was let go is no refund: no money ever came", () => {
    const charge = newCharge({ captured: false, refunds: list("/v1/refunds", [newRefund()]) });
    expect(interpretEvent(event("charge.refunded", charge))).toMatchObject({ reason: "charge_not_captured" });
  });

  test("with an unreadable refund in its list names the path", () => {
    const charge = firstCharge({ refunds: list("/v1/refunds", [firstRefund(), { id: "re_2" }]) });
    expect(interpretEvent(event("charge.refunded", charge))).toMatchObject({
      reason: "unreadable_payload",
      detail: expect.stringContaining("data.object.refunds.data.1.amount"),
    });
  });
});

describe("a dispute", () => {
  test.each([
    ["warning_needs_response", "warning_needs_response"],
    ["warning_under_review", "warning_under_review"],
    ["warning_closed", "warning_closed"],
    ["needs_response", "needs_response"],
    ["under_review", "under_review"],
    ["won", "won"],
    ["lost", "lost"],
    ["prevented", "prevented"],
    ["charge_refunded", "won"],
    ["appeal_needs_response", "appeal_needs_response"],
    ["appeal_under_review", "appeal_under_review"],
  ])("that says %s is %s, whatever event brought it", (status, expected) => {
    for (const type of ["created", "updated", "closed", "funds_withdrawn", "funds_reinstated"]) {
      expect(facts(event(`charge.dispute.${type}`, newDispute({ status })))).toMatchObject([
        { kind: "dispute", status: expected },
      ]);
    }
  });

  test("tells amount, reason, when evidence is due and whose it is", () => {
    expect(facts(event("charge.dispute.created", newDispute()))).toEqual([
      {
        kind: "dispute",
        disputeId: "du_1SQhQ2Kb3xW9tLm4",
        status: "needs_response",
        amountMinor: 12_900,
        currency: "EUR",
        reason: "fraudulent",
        withdrawnMinor: null,
        reinstatedMinor: null,
        isChargeRefundable: false,
        evidenceDueAtMs: (CREATED + 604_800) * 1000,
        createdAtMs: (CREATED - 10) * 1000,
        occurredAtMs: CREATED * 1000,
        owner: {
          metadata: OUR_OWNER,
          paymentLinkId: null,
          checkoutSessionId: null,
          paymentIntentId: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
          chargeId: "ch_3SQh0aKb3xW9tLm41pWn",
        },
      },
    ]);
  });

  test("of 2015 is matched by its charge alone", () => {
    expect(facts(event("charge.dispute.created", firstDispute()))).toMatchObject([
      {
        disputeId: "dp_15RsQX2eZvKYlo2C",
        evidenceDueAtMs: 1_423_699_199_000,
        owner: { chargeId: "ch_15PUCSFFXWzhX9", paymentIntentId: null, metadata: NO_OWNER },
      },
    ]);
  });

  test.each(["novel", "toString"])("with status %s is ignored, not guessed", (status) => {
    expect(interpretEvent(event("charge.dispute.updated", newDispute({ status })))).toMatchObject({
      reason: "value_not_known",
    });
  });
});

function facts(shape: Parameters<typeof interpretEvent>[0]) {
  const result = interpretEvent(shape);
  if (result.outcome === "ignored") throw new Error(result.detail);
  return result.facts;
}
