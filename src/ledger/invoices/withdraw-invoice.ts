// Ends an invoice without its money: void (it should never have been) or uncollectible (it will never be
// paid). Its links are switched off. Money that comes all the same is recorded; nothing is dropped.

import { AppError } from "../../platform/app-error.ts";
import type { TimelineKind } from "../../platform/timeline-kinds.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import { changeInvoice } from "./change-invoice.ts";
import { getInvoice, type InvoiceRow, type InvoiceWithLink } from "./read-invoices.ts";
import { settleInvoice } from "./settle-invoice.ts";
import { addTimeline } from "./timeline.ts";

type Withdrawal = {
  to: "void" | "uncollectible";
  /** As Stripe allows it: https://docs.stripe.com/invoicing/overview#invoice-status-transitions-and-finalization */
  from: readonly InvoiceRow["status"][];
  kind: Extract<TimelineKind, "voided" | "marked_uncollectible">;
};

/**
 * An open or uncollectible invoice becomes void; a void one is answered as it is.
 * @throws AppError `not_found`, `conflict` when it is a draft or paid
 */
export function voidInvoice(book: Book, { id }: { id: string }): InvoiceWithLink {
  return withdraw(book, id, { to: "void", from: ["open", "uncollectible"], kind: "voided" });
}

/**
 * An open invoice becomes uncollectible; an uncollectible one is answered as it is.
 * @throws AppError `not_found`, `conflict` when it is a draft, paid or void
 */
export function markUncollectible(book: Book, { id }: { id: string }): InvoiceWithLink {
  return withdraw(book, id, { to: "uncollectible", from: ["open"], kind: "marked_uncollectible" });
}

function withdraw(book: Book, id: string, { to, from, kind }: Withdrawal): InvoiceWithLink {
  const found = getInvoice(book, { id });
  const { status } = found.invoice;
  if (status === to) return found;
  if (!from.includes(status)) {
    const detail = `Invoice '${id}' is ${status}. Only one that is ${from.join(" or ")} can become ${to}.`;
    throw new AppError("conflict", { detail });
  }
  const at = to === "void" ? { voidedAtMs: book.nowMs } : { uncollectibleAtMs: book.nowMs };
  changeInvoice(book, found.invoice, { status: to, ...at });
  writeAudit(book, { action: `invoice.${kind}`, object: "invoice", objectId: id });
  // One that was opened again may be given up again.
  addTimeline(book, { invoiceId: id, kind, key: "once", recurs: true });
  // A void invoice owes nothing, so what was paid of it shows as too much.
  settleInvoice(book, id);
  if (to === "void") announce(book, { type: "invoice.voided", key: id, object: { kind: "invoice", id } });
  return getInvoice(book, { id });
}
