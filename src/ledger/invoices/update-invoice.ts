// Changes an invoice: a draft in everything, a finalised one only in what its customer is not asked to pay
// by. What is not named stays as it is.

import { AppError, refuse } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { requireCustomer } from "../customers/read-customers.ts";
import { changeInvoice } from "./change-invoice.ts";
import { amountErrors } from "./check-amounts.ts";
import type { CreateInvoiceInput } from "./create-invoice.ts";
import { invoiceTotal } from "./invoice-state.ts";
import { getInvoice, type InvoiceRow, type InvoiceWithLink } from "./read-invoices.ts";
import { addTimeline } from "./timeline.ts";

export type UpdateInvoiceInput = Partial<
  Pick<
    CreateInvoiceInput,
    "number" | "customerId" | "currency" | "lines" | "dueAtMs" | "memo" | "metadata" | "sendEmail"
  >
>;

const API_NAMES = {
  number: "number",
  customerId: "customer_id",
  currency: "currency",
  lines: "lines",
  sendEmail: "send_email",
  dueAtMs: "due_at",
  memo: "memo",
  metadata: "metadata",
} as const satisfies Record<keyof UpdateInvoiceInput, string>;
const CHANGEABLE_LATER: ReadonlySet<string> = new Set(["dueAtMs", "memo", "metadata"]);

/**
 * @throws AppError `not_found`; `conflict` naming the fields that a finalised invoice keeps;
 * `validation_failed` naming the line or the customer
 */
export function updateInvoice(
  book: Book,
  { id, change }: { id: string; change: UpdateInvoiceInput },
): InvoiceWithLink {
  const found = getInvoice(book, { id });
  const names = namesOf(change);
  requireChangeable(found.invoice, names);
  if (names.length === 0) return found;
  const { currency, lines, customerId } = change;
  if (currency !== undefined || lines !== undefined)
    refuse(amountErrors(currency ?? found.invoice.currency, lines ?? found.invoice.lines));
  if (customerId !== undefined) requireCustomer(book, { customerId });

  changeInvoice(book, found.invoice, {
    ...Object.fromEntries(names.map((name) => [name, change[name]])),
    ...(lines && { amountDueMinor: invoiceTotal(lines) }),
    ...(change.sendEmail !== undefined && { isMailAsked: change.sendEmail }),
  });
  const changed = names.map((name) => API_NAMES[name]).join(", ");
  addTimeline(book, { invoiceId: id, kind: "updated", key: "once", recurs: true, detail: { changed } });
  writeAudit(book, { action: "invoice.updated", object: "invoice", objectId: id, detail: { changed } });
  return getInvoice(book, { id });
}

function namesOf(change: UpdateInvoiceInput): (keyof UpdateInvoiceInput)[] {
  const names = Object.keys(API_NAMES) as (keyof UpdateInvoiceInput)[];
  return names.filter((name) => change[name] !== undefined);
}

function requireChangeable(invoice: InvoiceRow, names: readonly (keyof UpdateInvoiceInput)[]): void {
  if (invoice.status === "draft") return;
  const fixed = names.filter((name) => !CHANGEABLE_LATER.has(name));
  if (fixed.length === 0) return;
  const message = `Invoice '${invoice.id}' is ${invoice.status}: only due_at, memo and metadata can still be changed. Void it and make another.`;
  const errors = fixed.map((name) => ({ path: API_NAMES[name], message: "Fixed since it was finalised." }));
  throw new AppError("conflict", { detail: message, errors });
}
