// What settling made of an invoice, in its timeline and to the platform: each thing once, whichever fact brought it.

import type { TimelineDetail } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import type { InvoiceState } from "./invoice-row.ts";
import type { Story } from "./settle.ts";
import { addTimeline, countTimeline } from "./timeline.ts";

export type Settling = { before: InvoiceState; after: InvoiceState; story: Story };

export function tellSettled(book: Book, { before, after, story }: Settling): void {
  const object = { kind: "invoice", id: after.id } as const;
  if (before.status === "paid" && after.status !== "paid") {
    const times = countTimeline(book, after.id, "reopened") + 1;
    const detail = { amount: after.amountDueMinor - after.amountCreditedMinor, currency: after.currency };
    addTimeline(book, { invoiceId: after.id, kind: "reopened", key: String(times), detail });
    announce(book, { type: "invoice.reopened", key: `${after.id}/${times}`, object });
  }
  if (before.status !== "paid" && after.status === "paid") {
    const times = countTimeline(book, after.id, "reopened");
    const again = times === 0 ? "" : `/${times + 1}`;
    const entry = { invoiceId: after.id, kind: "paid", key: `once${again}` } as const;
    const atMs = after.paidAtMs ?? book.nowMs;
    addTimeline(book, { ...entry, atMs, detail: detailOf(book, story.paidById) });
    announce(book, { type: "invoice.paid", key: `${after.id}${again}`, object });
  }
  if (after.paymentStatus === "overpaid" && story.surplus.length > 0) {
    // Which of several payments came last may turn out later; that there is one more is told once.
    const key = `${after.id}/${story.surplus.length}`;
    const detail = detailOf(book, story.surplus.at(-1) ?? null);
    addTimeline(book, { invoiceId: after.id, kind: "overpaid", key, atMs: book.nowMs, detail });
    announce(book, { type: "invoice.overpaid", key, object });
  }
}

function detailOf(book: Book, paymentId: string | null): TimelineDetail {
  if (paymentId === null) return {};
  const payment = book.sql.first<{ amount: number; currency: string }>(
    "SELECT amount_minor AS amount, currency FROM payments WHERE id = ?",
    paymentId,
  );
  return payment ? { payment_id: paymentId, ...payment } : {};
}
