// Finalises a draft: it is open then, and its first link is wanted, in one transaction; one over nothing is paid, and
// needs no link. Fifty calls at once make one link: the first of them finalises it, and the others find it open.

import { AppError } from "../../platform/app-error.ts";
import { newPaymentToken } from "../../platform/payment-url.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { announce } from "../notifications/announce.ts";
import { changeInvoice } from "./change-invoice.ts";
import { makesLinks, wantLink } from "./link-life.ts";
import { getInvoice, type InvoiceWithLink } from "./read-invoices.ts";
import { settleInvoice } from "./settle-invoice.ts";
import { addTimeline } from "./timeline.ts";

/**
 * Finalising an invoice that is open already changes nothing and answers it as it is.
 * @throws AppError `not_found`, `invoice_not_finalizable` (paid, void, uncollectible), `connection_missing`
 */
export function finalizeInvoice(book: Book, { id }: { id: string }): InvoiceWithLink {
  const found = getInvoice(book, { id });
  const { status } = found.invoice;
  if (status === "open") return found;
  if (status !== "draft") {
    const detail = `Invoice '${id}' is ${status}. Only a draft can be finalised.`;
    throw new AppError("invoice_not_finalizable", { detail });
  }
  const isOwing = found.invoice.amountDueMinor > 0;
  if (isOwing) requireConnection(book);
  const paymentToken = newPaymentToken(book.scope.environmentId, found.invoice.createdAtMs);
  changeInvoice(book, found.invoice, { status: "open", finalizedAtMs: book.nowMs, paymentToken });
  addTimeline(book, { invoiceId: id, kind: "finalized", key: "once" });
  writeAudit(book, { action: "invoice.finalized", object: "invoice", objectId: id });
  if (isOwing && makesLinks(book)) wantLink(book, id, 1);
  announce(book, { type: "invoice.finalized", key: id, object: { kind: "invoice", id } });
  // Money may have come while it was a draft.
  settleInvoice(book, id);
  return getInvoice(book, { id });
}

/** @throws AppError `connection_missing` when the environment has none to make links with */
export function requireConnection(book: Book): void {
  if (readConnection(book)) return;
  const detail =
    "This environment has no Stripe connection, so no link can be made. Make one with POST /api/v1/connections.";
  throw new AppError("connection_missing", { detail });
}
