// Changes an invoice: a draft in everything, a finalised one only in what its customer is not asked to pay
// by. What is not named stays as it is.

import { assertCustomer } from "../customers/store.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { amountErrors } from "./check-amounts.ts";
import type { CreateInvoiceInput } from "./create-invoice.ts";
import { refuse, requireCustomer } from "./create-invoice.ts";
import { invoiceTotal } from "./invoice-state.ts";
import { getInvoice, type InvoiceRow, type InvoiceWithLink, updateInvoiceIn } from "./store.ts";
import { invoiceIs, timelineEntry } from "./timeline.ts";

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
export async function updateInvoice(
  deps: Deps,
  scope: Scope,
  invoiceId: string,
  input: UpdateInvoiceInput,
): Promise<InvoiceWithLink> {
  const { invoice } = await getInvoice(deps, scope, invoiceId);
  const names = namesOf(input);
  requireChangeable(invoice, names);
  if (names.length === 0) return getInvoice(deps, scope, invoiceId);
  if (input.currency !== undefined || input.lines !== undefined) {
    refuse(amountErrors(input.currency ?? invoice.currency, input.lines ?? invoice.lines));
  }
  if (input.customerId !== undefined) await requireCustomer(deps, scope, input.customerId);

  const database = deps.database(scope);
  const now = deps.now();
  const set = {
    ...Object.fromEntries(names.map((name) => [name, input[name]])),
    ...(input.lines && { amountDueMinor: invoiceTotal(input.lines) }),
    updatedAtMs: now,
  };
  const changed = names.map((name) => API_NAMES[name]).join(", ");
  const named = input.customerId;
  await commit(database, [
    ...(named === undefined ? [] : [assertCustomer(database, scope, named)]),
    updateInvoiceIn(database, scope, invoiceId, invoice.status, set),
    timelineEntry(database, deps, scope, {
      invoiceId,
      kind: "updated",
      key: crypto.randomUUID(),
      detail: { changed },
      when: invoiceIs(scope, invoiceId, invoice.status),
    }),
    auditEntry(database, deps, scope, {
      action: "invoice.updated",
      object: "invoice",
      objectId: invoiceId,
      detail: { changed },
    }),
  ]);
  const after = await getInvoice(deps, scope, invoiceId);
  // It was finalised, or paid, between the reading and the commit: nothing was changed then.
  if (after.invoice.status !== invoice.status) return updateInvoice(deps, scope, invoiceId, input);
  return after;
}

function namesOf(input: UpdateInvoiceInput): (keyof UpdateInvoiceInput)[] {
  const names = Object.keys(API_NAMES) as (keyof UpdateInvoiceInput)[];
  return names.filter((name) => input[name] !== undefined);
}

function requireChangeable(invoice: InvoiceRow, names: readonly (keyof UpdateInvoiceInput)[]): void {
  if (invoice.status === "draft") return;
  const fixed = names.filter((name) => !CHANGEABLE_LATER.has(name));
  if (fixed.length === 0) return;
  const message = `Invoice '${invoice.id}' is ${invoice.status}: only due_at, memo and metadata can still be changed. Void it and make another.`;
  const errors = fixed.map((name) => ({ path: API_NAMES[name], message: "Fixed since it was finalised." }));
  throw new AppError("conflict", { detail: message, errors });
}
