// What a refund or a dispute says to the platform, and in the timeline of its invoice where it has one, once per
// cause.

import { holdsMoney } from "../../platform/dispute-money.ts";
import type { TimelineDetail } from "../../platform/tables/invoices.ts";
import type { TimelineKind } from "../../platform/timeline-kinds.ts";
import type { Book } from "../book.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { announce } from "../notifications/announce.ts";
import type { DisputeRow } from "./dispute-row.ts";
import type { PaymentRow } from "./payment-row.ts";
import type { DisputeFact, RefundFact } from "./payment-state.ts";
import type { RefundRow } from "./refund-row.ts";

type RefundTold = Pick<
  RefundFact,
  "status" | "amountMinor" | "currency" | "occurredAtMs" | "createdAtMs" | "reason"
> &
  Partial<Pick<RefundFact, "failureReason">>;

/** @param refund as it is now */
export function tellRefund(
  book: Book,
  fact: RefundTold,
  refund: Pick<RefundRow, "id" | "status">,
  payment: Pick<PaymentRow, "id" | "invoiceId">,
): void {
  const detail = {
    refund_id: refund.id,
    payment_id: payment.id,
    amount: fact.amountMinor,
    currency: fact.currency,
    reason: fact.reason,
  };
  const { invoiceId } = payment;
  const entry = (kind: TimelineKind, atMs: number, more: TimelineDetail = {}) => {
    if (invoiceId !== null)
      addTimeline(book, { invoiceId, kind, key: refund.id, atMs, detail: { ...detail, ...more } });
  };
  entry("refund_created", fact.createdAtMs);
  if (fact.status === "succeeded") {
    entry("refunded", fact.occurredAtMs);
    // One that has failed since, which is final, was no refund.
    if (refund.status === "succeeded")
      announce(book, {
        type: "payment.refunded",
        key: refund.id,
        object: { kind: "payment", id: payment.id },
      });
  }
  if (fact.status === "failed" || fact.status === "canceled") {
    const more = { status: fact.status, failure_reason: fact.failureReason ?? null };
    entry("refund_failed", fact.occurredAtMs, more);
    announce(book, { type: "refund.failed", key: refund.id, object: { kind: "refund", id: refund.id } });
  }
}

const CLOSED: ReadonlySet<string> = new Set(["won", "lost", "prevented", "warning_closed"]);
const APPEALS: ReadonlySet<string> = new Set(["appeal_needs_response", "appeal_under_review"]);

/**
 * Opened once; after that each new status once, unless it comes after a later one. What was decided may be decided so
 * again after an appeal, which is told again (https://docs.stripe.com/disputes/arbitration).
 */
export function tellDispute(
  book: Book,
  fact: DisputeFact,
  { before, after }: { before: DisputeRow | undefined; after: DisputeRow },
): void {
  const detail = {
    dispute_id: after.id,
    payment_id: after.paymentId,
    amount: fact.amountMinor,
    currency: fact.currency,
    reason: fact.reason,
  };
  const isClosed = CLOSED.has(fact.status);
  const isNow = after.status === fact.status;
  const isAgain = isNow && isClosed && before !== undefined && APPEALS.has(before.status);
  const key = `${after.id}/${fact.status}${isAgain ? "/appeal" : ""}`;
  const { invoiceId } = after;
  if (invoiceId !== null) {
    addTimeline(book, { invoiceId, kind: "disputed", key: after.id, atMs: fact.createdAtMs, detail });
    addTimeline(book, {
      invoiceId,
      kind: isClosed ? "dispute_closed" : "dispute_updated",
      key,
      atMs: fact.occurredAtMs,
      detail: { ...detail, status: fact.status, holds_money: holdsMoney(fact.status) },
    });
  }
  const object = { kind: "dispute", id: after.id } as const;
  announce(book, { type: "dispute.opened", key: after.id, object });
  // The status with which it was there already was told.
  if (!isNow || before?.status === fact.status) return;
  if (isClosed) announce(book, { type: "dispute.closed", key, object });
  // The status with which it was opened is no change of it.
  else if (before) announce(book, { type: "dispute.updated", key, object });
}
