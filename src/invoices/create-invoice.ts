// Takes in the platform's invoice as a draft. An amount that Stripe cannot charge is refused here, with the
// rule, and not weeks later when the customer wants to pay.

import { getCustomer } from "../customers/create-customer.ts";
import { assertCustomer } from "../customers/store.ts";
import { getSettings } from "../directory/environment-settings.ts";
import { AppError, type FieldError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { idOfCall } from "../platform/call-id.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newInvoiceNumber } from "../platform/ids.ts";
import type { InvoiceLine } from "../platform/tables/invoices.ts";
import { amountErrors } from "./check-amounts.ts";
import { finalizeInvoice, requireConnection } from "./finalize-invoice.ts";
import { invoiceTotal } from "./invoice-state.ts";
import { findInvoice, getInvoice, type InvoiceWithLink, insertInvoice } from "./store.ts";
import { timelineEntry } from "./timeline.ts";

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
};

/**
 * @throws AppError `validation_failed` naming the line or the customer, `already_exists`; with
 * `finalize: true` also `connection_missing`, and then no draft is left behind
 */
export async function createInvoice(
  deps: Deps,
  scope: Scope,
  input: CreateInvoiceInput,
): Promise<InvoiceWithLink> {
  refuse(amountErrors(input.currency, input.lines));
  await requireCustomer(deps, scope, input.customerId);
  if (input.finalize) await requireConnection(deps, scope);
  const sendEmail = input.sendEmail ?? (await getSettings(deps, scope)).settings.send_email === "always";

  const find = async (id: string) => (await findInvoice(deps, scope, id))?.invoice;
  const { id, made } = await idOfCall(deps, "inv", find, { id: input.id, as: describedBy(input, sendEmail) });
  if (!made) await insertDraft(deps, scope, id, input, sendEmail);
  // An earlier try of this call may have come further, and the invoice be paid by now.
  const isDraft = !made || made.status === "draft";
  return input.finalize && isDraft ? finalizeInvoice(deps, scope, id) : getInvoice(deps, scope, id);
}

async function insertDraft(
  deps: Deps,
  scope: Scope,
  id: string,
  input: CreateInvoiceInput,
  sendEmail: boolean,
): Promise<void> {
  const now = deps.now();
  const row = {
    id,
    number: newInvoiceNumber(),
    ...describedBy(input, sendEmail),
    amountDueMinor: invoiceTotal(input.lines),
    amountPaidMinor: 0,
    amountRefundedMinor: 0,
    amountDisputedMinor: 0,
    status: "draft" as const,
    paymentStatus: "unpaid" as const,
    finalizedAtMs: null,
    paidAtMs: null,
    voidedAtMs: null,
    createdAtMs: now,
    updatedAtMs: now,
  };
  const database = deps.database(scope);
  await insertInvoice(deps, scope, row, [
    assertCustomer(database, scope, input.customerId),
    timelineEntry(database, deps, scope, { invoiceId: id, kind: "created", key: "once" }),
    auditEntry(database, deps, scope, {
      action: "invoice.created",
      object: "invoice",
      objectId: id,
      detail: { number: row.number, currency: row.currency, amount_due: row.amountDueMinor },
    }),
  ]);
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

/** @throws AppError `validation_failed` with these places, if there are any */
export function refuse(errors: FieldError[]): void {
  if (errors.length === 0) return;
  const detail = errors.map((error) => error.message).join(" ");
  throw new AppError("validation_failed", { detail, errors });
}

/** @throws AppError `validation_failed` when there is no such customer */
export async function requireCustomer(deps: Deps, scope: Scope, customerId: string): Promise<void> {
  try {
    await getCustomer(deps, scope, customerId);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    const message = `There is no customer '${customerId}' in this environment. Create it first with POST /api/v1/customers.`;
    throw new AppError("validation_failed", { detail: message, errors: [{ path: "customer_id", message }] });
  }
}
