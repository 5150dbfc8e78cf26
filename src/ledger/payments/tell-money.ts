// What a fact about money says in its invoice's timeline and to the platform, once per cause: events that tell of
// the same thing add one entry and one message, whichever comes first.

import type { NotificationType } from "../../platform/notification-types.ts";
import type { TimelineDetail } from "../../platform/tables/invoices.ts";
import type { TimelineKind } from "../../platform/timeline-kinds.ts";
import type { Book } from "../book.ts";
import type { InvoiceState } from "../invoices/invoice-row.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { announce } from "../notifications/announce.ts";
import type { PaymentRow } from "./payment-row.ts";
import type { PaymentFact } from "./payment-state.ts";

/** An attempt that is on its way, failed or was canceled. What succeeded shows by what it did to the invoice. */
export function tellPayment(
  book: Book,
  fact: PaymentFact,
  payment: PaymentRow,
  invoice: { id: string; currency: string },
): void {
  const entry = (kind: TimelineKind, key: string, more: TimelineDetail = {}) =>
    addTimeline(book, {
      invoiceId: invoice.id,
      kind,
      key,
      atMs: fact.occurredAtMs,
      detail: { payment_id: payment.id, amount: fact.amountMinor, currency: fact.currency, ...more },
    });
  switch (fact.status) {
    case "processing":
      entry("processing", payment.id);
      // One that comes late, after the money, is no news.
      if (payment.status === "processing") tell(book, "invoice.payment_processing", payment.id, invoice.id);
      return;
    case "failed": {
      // A session that fails does so with its intent, whose own event tells the reason.
      if (fact.owner.checkoutSessionId !== null) return;
      const key = `${payment.id}/${fact.occurredAtMs}`;
      const reason = { failure_code: fact.failureCode, failure_message: fact.failureMessage };
      entry("payment_failed", key, reason);
      if (payment.status !== "succeeded") tell(book, "invoice.payment_failed", key, invoice.id);
      return;
    }
    case "canceled":
      entry("payment_canceled", payment.id, { reason: fact.failureCode });
      return;
    case "succeeded":
      if (payment.amountDiscountedMinor)
        entry("discounted", payment.id, { amount: payment.amountDiscountedMinor });
      if (fact.currency !== invoice.currency) entry("payment_not_counted", payment.id);
  }
}

/** That a payment has succeeded which leaves part of its invoice open. */
export function tellPart(
  book: Book,
  invoice: Pick<InvoiceState, "id" | "currency" | "paymentStatus">,
  payment: Pick<PaymentRow, "id" | "amountMinor" | "currency" | "occurredAtMs">,
): void {
  if (invoice.paymentStatus !== "partially_paid" || payment.currency !== invoice.currency) return;
  addTimeline(book, {
    invoiceId: invoice.id,
    kind: "partially_paid",
    key: payment.id,
    atMs: payment.occurredAtMs,
    detail: { payment_id: payment.id, amount: payment.amountMinor, currency: payment.currency },
  });
  tell(book, "invoice.partially_paid", payment.id, invoice.id);
}

function tell(book: Book, type: NotificationType, key: string, invoiceId: string): void {
  announce(book, { type, key, object: { kind: "invoice", id: invoiceId } });
}
