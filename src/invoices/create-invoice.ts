// Takes in the platform's invoice as a draft. An amount that Stripe cannot charge is refused here, with the
// rule, and not weeks later when the customer wants to pay.

import { getCustomer } from "../customers/create-customer.ts";
import { AppError, type FieldError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId, newInvoiceNumber } from "../platform/ids.ts";
import { checkChargeable, isSupportedCurrency } from "../platform/money.ts";
import type { InvoiceLine } from "../platform/tables.ts";
import { finalizeInvoice } from "./finalize-invoice.ts";
import { invoiceTotal } from "./invoice-state.ts";
import { getInvoice, type InvoiceWithLink, insertInvoice } from "./store.ts";

export type CreateInvoiceInput = {
  id?: string | undefined;
  number?: string | undefined;
  customerId: string;
  /** ISO 4217, upper case. */
  currency: string;
  lines: InvoiceLine[];
  dueAtMs?: number | null | undefined;
  memo?: string | null | undefined;
  metadata?: Record<string, string> | undefined;
  finalize?: boolean | undefined;
  sendEmail?: boolean | undefined;
};

/**
 * @throws AppError `validation_failed` naming the line or the customer, `already_exists`; with
 * `finalize: true` also what finalising throws, and the draft is then kept
 */
export async function createInvoice(
  deps: Deps,
  scope: Scope,
  input: CreateInvoiceInput,
): Promise<InvoiceWithLink> {
  const errors = amountErrors(input);
  if (errors.length > 0) {
    throw new AppError("validation_failed", {
      detail: errors.map((error) => error.message).join(" "),
      errors,
    });
  }
  await requireCustomer(deps, scope, input.customerId);

  const now = deps.now();
  const id = input.id ?? newId("inv");
  await insertInvoice(deps, scope, {
    id,
    number: input.number ?? newInvoiceNumber(),
    customerId: input.customerId,
    currency: input.currency,
    lines: input.lines,
    amountDueMinor: invoiceTotal(input.lines),
    amountPaidMinor: 0,
    amountRefundedMinor: 0,
    amountDisputedMinor: 0,
    status: "draft",
    paymentStatus: "unpaid",
    sendEmail: input.sendEmail ?? false,
    memo: input.memo ?? null,
    metadata: input.metadata ?? {},
    dueAtMs: input.dueAtMs ?? null,
    finalizedAtMs: null,
    paidAtMs: null,
    voidedAtMs: null,
    createdAtMs: now,
    updatedAtMs: now,
  });
  return input.finalize ? finalizeInvoice(deps, scope, id) : getInvoice(deps, scope, id);
}

function amountErrors(input: CreateInvoiceInput): FieldError[] {
  if (!isSupportedCurrency(input.currency)) {
    const message = `Stripe does not charge in '${input.currency}'. Give one of its currencies, such as EUR.`;
    return [{ path: "currency", message }];
  }
  const errors: FieldError[] = [];
  for (const [index, line] of input.lines.entries()) {
    if (!Number.isSafeInteger(line.quantity * line.unitAmountMinor)) {
      errors.push({
        path: `lines[${index}].unit_amount`,
        message: "The line's amount is too large to be exact.",
      });
    }
  }
  const total = invoiceTotal(input.lines);
  const chargeable = checkChargeable(total, input.currency);
  if (errors.length === 0 && !chargeable.ok) errors.push({ path: "lines", message: chargeable.detail });
  return errors;
}

async function requireCustomer(deps: Deps, scope: Scope, customerId: string): Promise<void> {
  try {
    await getCustomer(deps, scope, customerId);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    const message = `There is no customer '${customerId}' in this environment. Create it first with POST /api/v1/customers.`;
    throw new AppError("validation_failed", { detail: message, errors: [{ path: "customer_id", message }] });
  }
}
