// Puts a new payment link in place of an open invoice's present one, which is switched off; also the way to
// try again when a link could not be made. Calls at the same moment make one new link together.

import { AppError } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { requireConnection } from "./finalize-invoice.ts";
import { findInvoice } from "./invoice-row.ts";
import { switchOffLinks, wantLink } from "./link-life.ts";
import { getInvoice, type InvoiceWithLink } from "./read-invoices.ts";

/**
 * A new link that is still being made is answered as it is.
 * @throws AppError `not_found`, `conflict` unless the invoice is open, `connection_missing`
 */
export function replacePaymentLink(book: Book, { id }: { id: string }): InvoiceWithLink {
  const found = getInvoice(book, { id });
  const { status } = found.invoice;
  if (status !== "open") {
    const detail = `Invoice '${id}' is ${status}. Only an open invoice has a payment link.`;
    throw new AppError("conflict", { detail });
  }
  requireConnection(book);
  if (found.link?.status === "pending") return found;
  const revision = (found.link?.revision ?? 0) + 1;
  writeAudit(book, {
    action: "invoice.payment_link_replaced",
    object: "invoice",
    objectId: id,
    detail: { revision },
  });
  wantLink(book, id, revision);
  const invoice = findInvoice(book, id);
  if (invoice) switchOffLinks(book, invoice);
  return getInvoice(book, { id });
}
