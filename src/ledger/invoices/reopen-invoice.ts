// Takes back that an invoice was given up: it is open again and asks for what is left, by a link of its own.

import { AppError } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { findCustomer } from "../customers/customer-rows.ts";
import { changeInvoice } from "./change-invoice.ts";
import { requireConnection } from "./finalize-invoice.ts";
import { getInvoice, type InvoiceWithLink } from "./read-invoices.ts";
import { settleInvoice } from "./settle-invoice.ts";
import { tellReopened } from "./tell-settled.ts";

/**
 * An uncollectible invoice becomes open; an open one is answered as it is.
 * @throws AppError `not_found`; `conflict` when it is a draft, paid or void, or its customer was deleted;
 * `connection_missing`
 */
export function reopenInvoice(book: Book, { id }: { id: string }): InvoiceWithLink {
  const found = getInvoice(book, { id });
  const { status, customerId } = found.invoice;
  if (status === "open") return found;
  if (status !== "uncollectible") {
    const detail = `Invoice '${id}' is ${status}. Only one that is uncollectible can be opened again.`;
    throw new AppError("conflict", { detail });
  }
  if (!findCustomer(book, customerId)) {
    const detail = `The customer of invoice '${id}' was deleted: nobody would pay it. Make another invoice, of a customer that there is.`;
    throw new AppError("conflict", { detail });
  }
  requireConnection(book);
  changeInvoice(book, found.invoice, { status: "open", uncollectibleAtMs: null });
  writeAudit(book, { action: "invoice.reopened", object: "invoice", objectId: id });
  const settled = settleInvoice(book, id);
  if (settled) tellReopened(book, settled);
  return getInvoice(book, { id });
}
