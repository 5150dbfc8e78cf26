// What a fact about money says in its invoice's timeline and to the platform, once per cause: events that
// tell of the same thing add one entry and one message, whichever comes first.

import { sql } from "drizzle-orm";
import { invoiceIs, timelineEntry } from "../invoices/timeline.ts";
import {
  type DisputeFact,
  holdsMoney,
  type PaymentFact,
  type RefundFact,
} from "../ledger/payments/payment-state.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { disputeIdFor, paymentIdFor } from "../platform/ids.ts";
import type { TimelineDetail } from "../platform/tables/invoices.ts";
import type { TimelineKind } from "../platform/timeline-kinds.ts";
import { announceAttempt, announceDispute, announceRefund, announceSettled } from "./announce-money.ts";
import type { PaymentRow } from "./store.ts";

/** An attempt that is on its way, failed or was canceled. What succeeded shows by what it did: {@link tellSettled}. */
export function tellPayment(
  deps: Deps,
  scope: Scope,
  fact: PaymentFact,
  invoice: { id: string; currency: string },
): Statement[] {
  const paymentId = paymentIdFor(fact.providerPaymentId);
  const entry = (kind: TimelineKind, key: string, more: TimelineDetail = {}) =>
    timelineEntry(deps.database(scope), deps, scope, {
      invoiceId: invoice.id,
      kind,
      key,
      atMs: fact.occurredAtMs,
      detail: { payment_id: paymentId, amount: fact.amountMinor, currency: fact.currency, ...more },
    });
  const announced = announceAttempt(deps, scope, fact, invoice.id);
  switch (fact.status) {
    case "processing":
      return [entry("processing", paymentId), ...announced];
    case "failed": {
      // A session that fails does so with its intent, whose own event tells the reason.
      if (fact.owner.checkoutSessionId !== null) return [];
      const reason = { failure_code: fact.failureCode, failure_message: fact.failureMessage };
      return [entry("payment_failed", `${paymentId}/${fact.occurredAtMs}`, reason), ...announced];
    }
    case "canceled":
      return [entry("payment_canceled", paymentId, { reason: fact.failureCode })];
    case "succeeded":
      return fact.currency === invoice.currency ? [] : [entry("payment_not_counted", paymentId)];
  }
}

/** What a payment that succeeded made of the invoice. For after the statements that settle it. */
export function tellSettled(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
  payment: Pick<PaymentRow, "id" | "amountMinor" | "currency" | "occurredAtMs">,
): Statement[] {
  const detail = { payment_id: payment.id, amount: payment.amountMinor, currency: payment.currency };
  const common = { invoiceId, atMs: payment.occurredAtMs, detail };
  const database = deps.database(scope);
  const paymentStatusIs = (status: string) => sql`EXISTS (SELECT 1 FROM invoices
    WHERE environment_id = ${scope.environmentId} AND id = ${invoiceId} AND payment_status = ${status}
      AND currency = ${payment.currency})`;
  return [
    timelineEntry(database, deps, scope, {
      ...common,
      kind: "partially_paid",
      key: payment.id,
      when: paymentStatusIs("partially_paid"),
    }),
    timelineEntry(database, deps, scope, {
      ...common,
      kind: "paid",
      key: "once",
      when: invoiceIs(scope, invoiceId, "paid"),
    }),
    timelineEntry(database, deps, scope, {
      ...common,
      kind: "overpaid",
      key: payment.id,
      when: paymentStatusIs("overpaid"),
    }),
    ...announceSettled(deps, scope, invoiceId, payment),
  ];
}

export function tellRefund(
  deps: Deps,
  scope: Scope,
  refundId: string,
  fact: Pick<RefundFact, "status" | "amountMinor" | "currency" | "occurredAtMs" | "createdAtMs" | "reason"> &
    Partial<Pick<RefundFact, "failureReason">>,
  payment: Pick<PaymentRow, "id" | "invoiceId">,
): Statement[] {
  const detail = {
    refund_id: refundId,
    payment_id: payment.id,
    amount: fact.amountMinor,
    currency: fact.currency,
    reason: fact.reason,
  };
  const entry = (kind: TimelineKind, atMs: number, more: TimelineDetail = {}) =>
    timelineEntry(deps.database(scope), deps, scope, {
      invoiceId: payment.invoiceId,
      kind,
      key: refundId,
      atMs,
      detail: { ...detail, ...more },
    });
  const made = entry("refund_created", fact.createdAtMs);
  if (fact.status === "succeeded") {
    const announced = announceRefund(deps, scope, refundId, fact, payment.id);
    return [made, entry("refunded", fact.occurredAtMs), ...announced];
  }
  if (fact.status === "failed" || fact.status === "canceled") {
    const more = { status: fact.status, failure_reason: fact.failureReason ?? null };
    return [made, entry("refund_failed", fact.occurredAtMs, more)];
  }
  return [made];
}

export function tellDispute(
  deps: Deps,
  scope: Scope,
  fact: DisputeFact,
  payment: Pick<PaymentRow, "id" | "invoiceId">,
): Statement[] {
  const disputeId = disputeIdFor(fact.disputeId);
  const detail = {
    dispute_id: disputeId,
    payment_id: payment.id,
    amount: fact.amountMinor,
    currency: fact.currency,
    reason: fact.reason,
  };
  const entry = (kind: TimelineKind, key: string, atMs: number, more: TimelineDetail = {}) =>
    timelineEntry(deps.database(scope), deps, scope, {
      invoiceId: payment.invoiceId,
      kind,
      key,
      atMs,
      detail: { ...detail, ...more },
    });
  const opened = entry("disputed", disputeId, fact.createdAtMs);
  const closed = ["won", "lost", "prevented", "warning_closed"].includes(fact.status);
  const kind = closed ? "dispute_closed" : "dispute_updated";
  const state = { status: fact.status, holds_money: holdsMoney(fact.status) };
  const told = entry(kind, `${disputeId}/${fact.status}`, fact.occurredAtMs, state);
  return [opened, told, ...announceDispute(deps, scope, fact)];
}
