// What became of a refund that was asked for here: Stripe made it, refused it, or did not say.

import { notFound } from "../../platform/app-error.ts";
import type { Book } from "../book.ts";
import { settleInvoice } from "../invoices/settle-invoice.ts";
import { paymentRows } from "./payment-row.ts";
import type { RefundFact } from "./payment-state.ts";
import { recordRefund } from "./record-refund.ts";
import { type RefundRow, refundRows } from "./refund-row.ts";
import { tellRefund } from "./tell-money-back.ts";

export type RefundMade = Omit<RefundFact, "kind" | "owner" | "ownRefundId">;

/** Records what Stripe made; an event may have told of it already. */
export function concludeRefund(
  book: Book,
  { id, paymentId, fact }: { id: string; paymentId: string; fact: RefundMade },
): RefundRow {
  const payment = paymentRows.find(book, paymentId);
  if (!payment) throw notFound("payment", paymentId);
  book.leases.delete(id);
  const refund = recordRefund(book, { ...fact, ownRefundId: id }, payment);
  settleInvoice(book, payment.invoiceId);
  tellRefund(book, fact, refund, payment);
  return refund;
}

/** Takes back the reservation of a refund that Stripe has refused: it never came to be. */
export function dropRefund(book: Book, { id }: { id: string }): void {
  book.leases.delete(id);
  if (refundRows.find(book, id)?.stripeRefundId === null) refundRows.delete(book, id);
}

/**
 * Stripe did not say whether it was made: the same call goes on with it.
 * @param used.failed Stripe failed under this idempotency key, and would replay that for a day
 */
export function leaveRefundInDoubt(
  book: Book,
  used: { id: string; keyGeneration: number; failed: boolean },
): void {
  book.leases.delete(used.id);
  const known = refundRows.find(book, used.id);
  if (!used.failed || known?.keyGeneration !== used.keyGeneration) return;
  refundRows.update(book, known, {
    ...known,
    keyGeneration: used.keyGeneration + 1,
    updatedAtMs: book.nowMs,
  });
}
