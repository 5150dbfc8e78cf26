// What settling made of an invoice, in its timeline and to the platform: each thing once, whichever fact brought it.

import type { TimelineDetail } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import type { InvoiceState } from "./invoice-row.ts";
import type { SettledPayment } from "./movements.ts";
import type { Story } from "./settle.ts";
import { addTimeline, countTimeline } from "./timeline.ts";

export type Settling = {
  before: InvoiceState;
  after: InvoiceState;
  story: Story;
  /** All of the invoice's. */
  payments: readonly SettledPayment[];
};

export function tellSettled(book: Book, { before, after, story, payments }: Settling): void {
  const object = { kind: "invoice", id: after.id } as const;
  if (before.status === "paid" && after.status !== "paid") tellReopened(book, after);
  if (before.status !== "paid" && after.status === "paid") {
    const times = countTimeline(book, after.id, "reopened");
    const again = times === 0 ? "" : `/${times + 1}`;
    const entry = { invoiceId: after.id, kind: "paid", key: `once${again}` } as const;
    const atMs = after.paidAtMs ?? book.nowMs;
    addTimeline(book, { ...entry, atMs, detail: detailOf(payments, story.paidById) });
    announce(book, { type: "invoice.paid", key: `${after.id}${again}`, object });
  }
  if (after.paymentStatus === "overpaid" && story.surplus.length > 0) {
    // Which of several payments came last may turn out later; that there is one more is told once.
    const key = `${after.id}/${story.surplus.length}`;
    const detail = detailOf(payments, story.surplus.at(-1) ?? null);
    addTimeline(book, { invoiceId: after.id, kind: "overpaid", key, atMs: book.nowMs, detail });
    announce(book, { type: "invoice.overpaid", key, object });
  }
}

/** That it asks for money again: it was taken for paid, or had been given up. */
export function tellReopened(book: Book, { id, currency, ...amounts }: InvoiceState): void {
  const times = countTimeline(book, id, "reopened") + 1;
  const detail = { amount: amounts.amountDueMinor - amounts.amountCreditedMinor, currency };
  addTimeline(book, { invoiceId: id, kind: "reopened", key: String(times), detail });
  announce(book, { type: "invoice.reopened", key: `${id}/${times}`, object: { kind: "invoice", id } });
}

function detailOf(payments: readonly SettledPayment[], paymentId: string | null): TimelineDetail {
  const payment = payments.find(({ id }) => id === paymentId);
  return payment ? { payment_id: payment.id, amount: payment.amountMinor, currency: payment.currency } : {};
}
