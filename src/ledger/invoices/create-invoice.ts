// Takes in the platform's invoice as a draft. An amount that Stripe cannot charge is refused here, with the
// rule, and not weeks later when the customer wants to pay.

import { AppError, refuse } from "../../platform/app-error.ts";
import { idOfCall, resolveCall } from "../../platform/call-id.ts";
import { newInvoiceNumber } from "../../platform/ids.ts";
import { type InvoiceLine, invoices } from "../../platform/tables/invoices.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { requireRoom } from "../budgets/budgets.ts";
import { requireCustomer } from "../customers/read-customers.ts";
import { presentSettings } from "../settings/settings.ts";
import { amountErrors } from "./check-amounts.ts";
import { countInvoice } from "./count-invoices.ts";
import { finalizeInvoice, requireConnection } from "./finalize-invoice.ts";
import { invoiceTotal } from "./invoice-state.ts";
import { findInvoiceWithLink, getInvoice, type InvoiceRow, type InvoiceWithLink } from "./read-invoices.ts";
import { addTimeline } from "./timeline.ts";

export type CreateInvoiceInput = {
  id?: string | undefined;
  /** Need not be unique: a platform may number by year or by customer. */
  number?: string | undefined;
  customerId: string;
  /** ISO 4217, upper case. */
  currency: string;
  lines: InvoiceLine[];
  /** ms. May be past: an invoice that another system began may be overdue when it comes here. */
  dueAtMs?: number | null | undefined;
  memo?: string | null | undefined;
  metadata?: Record<string, string> | undefined;
  finalize?: boolean | undefined;
  /** What the environment says when left out. */
  sendEmail?: boolean | undefined;
  /** Names a call that carries an Idempotency-Key; null for all others. */
  callId: string | null;
};

/**
 * @throws AppError `validation_failed` naming the line or the customer, `already_exists`, `over_budget`; with
 * `finalize: true` also `connection_missing`, and then no draft is left behind
 */
export function createInvoice(book: Book, input: CreateInvoiceInput): InvoiceWithLink {
  refuse(amountErrors(input.currency, input.lines));
  requireCustomer(book, input);
  if (input.finalize && invoiceTotal(input.lines) > 0) requireConnection(book);
  const sendEmail = input.sendEmail ?? presentSettings(book).send_email === "always";
  const { id, made } = findMade(book, input, describedBy(input, sendEmail));
  if (!made) requireRoom(book);
  if (!made) insertDraft(book, id, input, sendEmail);
  // An earlier try of this call may have come further, and the invoice be paid by now.
  const isDraft = !made || made.status === "draft";
  return input.finalize && isDraft ? finalizeInvoice(book, { id }) : getInvoice(book, { id });
}

/** What of an invoice the caller says, as its row has it. */
function describedBy(input: CreateInvoiceInput, sendEmail: boolean) {
  return {
    ...(input.number !== undefined && { number: input.number }),
    customerId: input.customerId,
    currency: input.currency,
    lines: input.lines,
    sendEmail,
    memo: input.memo ?? null,
    metadata: input.metadata ?? {},
    dueAtMs: input.dueAtMs ?? null,
  };
}

/** @throws AppError `already_exists` where the id is taken by another than an earlier try of this call */
function findMade(
  book: Book,
  { id: givenId, callId }: CreateInvoiceInput,
  described: ReturnType<typeof describedBy>,
): { id: string; made: InvoiceRow | undefined } {
  const given = givenId === undefined ? undefined : { id: givenId, as: described };
  const call = { prefix: "inv", callId, nowMs: book.nowMs, given } as const;
  const present = idOfCall(call);
  const found = present === null ? undefined : findInvoiceWithLink(book, { id: present })?.invoice;
  const { id, made } = resolveCall(call, found);
  if (made || found?.id !== id) return { id, made };
  const detail = `There is an invoice '${id}' already. Choose another id, or use the one there is.`;
  throw new AppError("already_exists", { detail, errors: [{ path: "id", message: detail }] });
}

function insertDraft(book: Book, id: string, input: CreateInvoiceInput, sendEmail: boolean): void {
  const row = {
    id,
    number: newInvoiceNumber(),
    ...describedBy(input, sendEmail),
    isMailAsked: input.sendEmail === true,
    amountDueMinor: invoiceTotal(input.lines),
    status: "draft" as const,
    paymentStatus: "unpaid" as const,
    createdAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  };
  book.db.insert(invoices).values(row).run();
  countInvoice(book, undefined, { ...row, amountCreditedMinor: 0 });
  addTimeline(book, { invoiceId: id, kind: "created", key: "once" });
  writeAudit(book, {
    action: "invoice.created",
    object: "invoice",
    objectId: id,
    detail: { number: row.number, currency: row.currency, amount_due: row.amountDueMinor },
  });
}
