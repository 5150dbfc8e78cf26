// What the platform is told of money, each once per cause: the statements come after those that record the
// fact and settle the invoice, and ask the rows for what only SQL knows by then.

import { type SQL, sql } from "drizzle-orm";
import { invoiceIs } from "../invoices/timeline.ts";
import type { DisputeFact, PaymentFact, RefundFact } from "../ledger/payments/payment-state.ts";
import { announce, type NotificationType } from "../platform/announce.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { disputeIdFor, paymentIdFor } from "../platform/ids.ts";
import type { PaymentRow } from "./store.ts";

const CLOSED: ReadonlySet<string> = new Set(["won", "lost", "prevented", "warning_closed"]);

/** An attempt that is on its way or failed; one that comes late, after the money, says nothing. */
export function announceAttempt(deps: Deps, scope: Scope, fact: PaymentFact, invoiceId: string): Statement[] {
  const id = paymentIdFor(fact.providerPaymentId);
  if (fact.status === "processing") {
    const when = rowIs("payments", scope, id, "processing");
    return [ofInvoice(deps, scope, "invoice.payment_processing", id, invoiceId, when)];
  }
  // A session that fails does so with its intent, whose own event tells the reason.
  if (fact.status !== "failed" || fact.owner.checkoutSessionId !== null) return [];
  const key = `${id}/${fact.occurredAtMs}`;
  const when = sql`NOT ${rowIs("payments", scope, id, "succeeded")}`;
  return [ofInvoice(deps, scope, "invoice.payment_failed", key, invoiceId, when)];
}

/** What a payment that succeeded made of its invoice. For after the statements that settle it. */
export function announceSettled(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
  payment: Pick<PaymentRow, "id" | "currency">,
): Statement[] {
  const stands = (status: string) => sql`EXISTS (SELECT 1 FROM invoices
    WHERE environment_id = ${scope.environmentId} AND id = ${invoiceId}
      AND payment_status = ${status} AND currency = ${payment.currency})`;
  return [
    ofInvoice(deps, scope, "invoice.partially_paid", payment.id, invoiceId, stands("partially_paid")),
    ofInvoice(deps, scope, "invoice.paid", invoiceId, invoiceId, invoiceIs(scope, invoiceId, "paid")),
    ofInvoice(deps, scope, "invoice.overpaid", payment.id, invoiceId, stands("overpaid")),
  ];
}

export function announceRefund(
  deps: Deps,
  scope: Scope,
  refundId: string,
  fact: Pick<RefundFact, "status">,
  paymentId: string,
): Statement[] {
  if (fact.status !== "succeeded") return [];
  const announcement = {
    type: "payment.refunded" as const,
    key: refundId,
    object: { kind: "payment" as const, id: paymentId },
    when: rowIs("refunds", scope, refundId, "succeeded"),
  };
  return [announce(deps.database(scope), scope, announcement, deps.now())];
}

/** Opened once; after that each new status once, unless it comes after a later one. */
export function announceDispute(deps: Deps, scope: Scope, fact: DisputeFact): Statement[] {
  const id = disputeIdFor(fact.disputeId);
  const tell = (type: NotificationType, key: string, when?: SQL) =>
    announce(
      deps.database(scope),
      scope,
      { type, key, object: { kind: "dispute", id }, ...(when && { when }) },
      deps.now(),
    );
  const opened = tell("dispute.opened", id);
  const key = `${id}/${fact.status}`;
  const stands = rowIs("disputes", scope, id, fact.status);
  if (CLOSED.has(fact.status)) return [opened, tell("dispute.closed", key, stands)];
  // The status with which it was opened is no change of it.
  const another = sql`EXISTS (SELECT 1 FROM invoice_timeline AS told
    JOIN disputes AS dispute ON dispute.environment_id = told.environment_id AND dispute.invoice_id = told.invoice_id
    WHERE dispute.environment_id = ${scope.environmentId} AND dispute.id = ${id}
      AND told.kind IN ('dispute_updated', 'dispute_closed')
      AND json_extract(told.detail, '$.dispute_id') = ${id}
      AND json_extract(told.detail, '$.status') <> ${fact.status})`;
  return [opened, tell("dispute.updated", key, sql`${stands} AND ${another}`)];
}

function ofInvoice(
  deps: Deps,
  scope: Scope,
  type: NotificationType,
  key: string,
  invoiceId: string,
  when: SQL,
): Statement {
  const announcement = { type, key, object: { kind: "invoice" as const, id: invoiceId }, when };
  return announce(deps.database(scope), scope, announcement, deps.now());
}

function rowIs(table: "payments" | "refunds" | "disputes", scope: Scope, id: string, status: string): SQL {
  return sql`EXISTS (SELECT 1 FROM ${sql.raw(table)}
    WHERE environment_id = ${scope.environmentId} AND id = ${id} AND status = ${status})`;
}
