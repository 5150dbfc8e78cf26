// Deletes a draft: nobody was asked to pay it. Nothing of it stays but what the audit log says, and its id can be
// used again.

import { eq } from "drizzle-orm";
import { AppError } from "../../platform/app-error.ts";
import { invoices, invoiceTimeline } from "../../platform/tables/invoices.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import { removeInvoice } from "./count-invoices.ts";
import { getInvoice } from "./read-invoices.ts";

/** @throws AppError `not_found`; `conflict` unless it is a draft, and for one that money came for */
export function deleteDraft(book: Book, { id }: { id: string }): void {
  const { invoice } = getInvoice(book, { id });
  const { status, number, createdAtMs } = invoice;
  if (status !== "draft") {
    const detail = `Invoice '${id}' is ${status}. Only a draft can be deleted; an open invoice can be voided (POST /api/v1/invoices/${id}/void).`;
    throw new AppError("conflict", { detail });
  }
  // A payment at Stripe may name an invoice that has no link yet.
  if (book.sql.first("SELECT 1 AS one FROM payments WHERE invoice_id = ?", id)) {
    const detail = `Stripe has told of a payment that names draft '${id}', so it is kept. Finalise it, and the payment counts for it.`;
    throw new AppError("conflict", { detail });
  }
  // Before it is gone, since a message has its object as it is. Another of this id may follow.
  announce(book, {
    type: "invoice.deleted",
    key: `${id}/${createdAtMs}`,
    object: { kind: "invoice", id },
  });
  book.db.delete(invoiceTimeline).where(eq(invoiceTimeline.invoiceId, id)).run();
  book.db.delete(invoices).where(eq(invoices.id, id)).run();
  removeInvoice(book, invoice);
  writeAudit(book, {
    action: "invoice.deleted",
    object: "invoice",
    objectId: id,
    detail: { number, currency: invoice.currency, amount_due: invoice.amountDueMinor },
  });
}
