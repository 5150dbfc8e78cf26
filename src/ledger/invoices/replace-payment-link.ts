// Puts a new payment link in place of an open invoice's present one, which is switched off; also the way to
// try again when a link could not be made. Calls at the same moment make one new link together.

import { AppError } from "../../platform/app-error.ts";
import { LINKS_OFF, remainingMinor } from "../../platform/invoice-remaining.ts";
import { checkChargeable } from "../../platform/money.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { requireConnection } from "./finalize-invoice.ts";
import { findInvoice } from "./invoice-row.ts";
import { requireNothingUnderWay } from "./link-checks.ts";
import { makesLinks, switchOffLinks, wantLink } from "./link-life.ts";
import { getInvoice, type InvoiceRow, type InvoiceWithLink } from "./read-invoices.ts";

/**
 * A new link that is still being made is answered as it is.
 * @param input.force though a payment is on its way, so that it may be paid twice
 * @throws AppError `not_found`; `conflict` unless the invoice is open and links are made; `invoice_not_payable` where Stripe does not
 * charge what is left; `payment_under_way`; `connection_missing`
 */
export function replacePaymentLink(
  book: Book,
  { id, force = false }: { id: string; force?: boolean | undefined },
): InvoiceWithLink {
  const found = getInvoice(book, { id });
  const { status } = found.invoice;
  if (status !== "open") {
    const detail = `Invoice '${id}' is ${status}. Only an open invoice has a payment link.`;
    throw new AppError("conflict", { detail });
  }
  requireChargeable(found.invoice);
  requireConnection(book);
  if (!makesLinks(book)) throw new AppError("conflict", { detail: LINKS_OFF });
  if (!force) requireNothingUnderWay(book, id);
  if (found.link?.status === "pending") return found;
  const revision = (found.link?.revision ?? 0) + 1;
  writeAudit(book, {
    action: "invoice.payment_link_replaced",
    object: "invoice",
    objectId: id,
    detail: { revision, ...(force && { force }) },
  });
  wantLink(book, id, revision);
  const invoice = findInvoice(book, id);
  if (invoice) switchOffLinks(book, invoice);
  return getInvoice(book, { id });
}

function requireChargeable(invoice: InvoiceRow): void {
  const chargeable = checkChargeable(remainingMinor(invoice), invoice.currency);
  if (chargeable.ok) return;
  const detail = `What is left of invoice '${invoice.id}' cannot be paid by a link: ${chargeable.detail} Record it when it comes another way, with POST /api/v1/invoices/${invoice.id}/payments.`;
  throw new AppError("invoice_not_payable", { detail });
}
