// Takes in what one fact says of a payment that pays a checkout session or a subscription: its row, and what the
// platform and the payer are told of it. Its refunds and disputes are bound by the same rules as an invoice's.

import type { Book } from "../book.ts";
import type { Recorded } from "../events/recorded.ts";
import { settleInvoice } from "../invoices/settle-invoice.ts";
import { mailOnPayment } from "../mails/want-mail.ts";
import { announce } from "../notifications/announce.ts";
import { dropReleased } from "./drop-released.ts";
import type { PaymentOwner } from "./payment-owner.ts";
import type { PaymentRow } from "./payment-row.ts";
import type { PaymentFact } from "./payment-state.ts";
import { recordPayment } from "./record-payment.ts";

/**
 * @param tellsFailure whether the platform is told of an attempt that failed: of the facts about one attempt, only
 * that which knows the reason tells
 * @returns null where nothing was to be paid, which is no payment
 */
export function takePayment(
  book: Book,
  fact: PaymentFact,
  of: PaymentOwner,
  tellsFailure: boolean,
): Recorded | null {
  if (fact.amountMinor === 0) return null;
  const { before, after } = recordPayment(book, fact, of);
  dropReleased(book, after);
  // A payment that was known before as an invoice's stays that.
  settleInvoice(book, after.invoiceId);
  const object = { kind: "payment", id: after.id } as const;
  if (after.status === "succeeded") {
    if (before?.status !== "succeeded") {
      announce(book, { type: "payment.succeeded", key: after.id, object });
      mailOnPayment(book, after);
    }
  } else if (fact.status === "failed" && tellsFailure) {
    announce(book, { type: "payment.failed", key: `${after.id}/${fact.occurredAtMs}`, object });
  }
  const invoice = after.invoiceId === null ? {} : { invoiceId: after.invoiceId };
  return { ...invoice, change: { object: "payment", id: after.id }, ...settledAttempt(before, after) };
}

/** The attempt that a fact has brought to its end. */
export function settledAttempt(
  before: PaymentRow | undefined,
  { status, ...row }: PaymentRow,
): Pick<Recorded, "payment"> {
  if ((status !== "succeeded" && status !== "failed") || before?.status === status) return {};
  const { currency, paymentMethodType: method, amountMinor } = row;
  return { payment: { status, currency, method, amountMinor } };
}
