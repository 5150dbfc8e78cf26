// Records a payment that came another way than through Stripe: a bank transfer, cash. It counts like any
// other and settles the invoice in the same commit. The same reference once more is the same payment.

import { enqueueInserted } from "../http/outbox-statements.ts";
import { settleInvoice, settleLinks } from "../invoices/settle-invoice.ts";
import { mailOnPaid } from "../invoices/write-mail.ts";
import { ledger } from "../ledger/client.ts";
import type { InvoiceRow } from "../ledger/invoices/read-invoices.ts";
import { AppError, invalid } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { sha256Hex } from "../platform/sha256.ts";
import { countNewPayment } from "./count-money.ts";
import { findPayment, insertPayment, type PaymentRow, type PaymentView } from "./store.ts";
import { tellSettled } from "./tell-timeline.ts";

export type ManualPaymentInput = {
  invoiceId: string;
  /** Minor units of the invoice's currency; a positive integer. */
  amountMinor: number;
  method: string;
  /** What the platform calls it; unique within the invoice. */
  reference: string;
};

/**
 * @throws AppError `not_found`; `invoice_not_payable` (a draft, a void invoice); `conflict` when the
 * reference was recorded with another amount or method
 */
export async function recordManualPayment(
  deps: Deps,
  scope: Scope,
  input: ManualPaymentInput,
): Promise<PaymentView> {
  if (!Number.isSafeInteger(input.amountMinor) || input.amountMinor <= 0)
    throw invalid("amount", "An amount is a positive whole number of minor units.");
  const { invoice } = await ledger(deps, scope).getInvoice({ id: input.invoiceId });
  const id = await idOf(input);
  const known = await findPayment(deps, scope, id);
  if (known) return sameAs(known, input);
  requirePayable(invoice);

  const [database, now] = [deps.database(scope), deps.now()];
  const row = rowOf(scope, id, invoice, input, now);
  await commit(database, [
    countNewPayment(database, row),
    insertPayment(database, row),
    ...settleInvoice(database, scope, invoice.id, now),
    ...settleLinks(database, scope, invoice.id, now),
    ...tellSettled(deps, scope, invoice.id, row),
    ...(await mailOnPaid(deps, scope, invoice.id)),
    auditEntry(database, deps, scope, {
      action: "payment.recorded",
      object: "payment",
      objectId: id,
      detail: {
        invoice_id: invoice.id,
        amount: row.amountMinor,
        currency: row.currency,
        method: input.method,
      },
    }),
  ]);
  const { status, currency, amountMinor } = row;
  deps.analytics?.write(scope, { kind: "payment", status, currency, method: input.method, amountMinor });
  await enqueueInserted(deps, scope);
  const made = await findPayment(deps, scope, id);
  if (!made) throw new AppError("internal_error", { detail: "The payment was recorded and is not there." });
  // Another call with the same reference may have been a moment faster.
  return sameAs(made, input);
}

/** Made of invoice and reference, so that the database itself keeps one payment of a reference. */
async function idOf({ invoiceId, reference }: ManualPaymentInput): Promise<string> {
  return `pay_manual_${(await sha256Hex(`${invoiceId}\n${reference}`)).slice(0, 32)}`;
}

function sameAs(known: PaymentView, input: ManualPaymentInput): PaymentView {
  if (known.amountMinor === input.amountMinor && known.paymentMethodType === input.method) return known;
  const detail = `Reference '${input.reference}' was recorded for this invoice with another amount or method, as '${known.id}'. Give another payment another reference.`;
  throw new AppError("conflict", { detail, errors: [{ path: "reference", message: detail }] });
}

function requirePayable(invoice: InvoiceRow): void {
  if (invoice.status !== "draft" && invoice.status !== "void") return;
  const detail =
    invoice.status === "draft"
      ? `Invoice '${invoice.id}' is a draft. Finalise it first, then record the payment.`
      : `Invoice '${invoice.id}' is void: nothing is owed. Record the payment on the invoice that stands in its place.`;
  throw new AppError("invoice_not_payable", { detail });
}

function rowOf(
  scope: Scope,
  id: string,
  invoice: InvoiceRow,
  input: ManualPaymentInput,
  nowMs: number,
): PaymentRow {
  return {
    environmentId: scope.environmentId,
    id,
    providerPaymentId: null,
    reference: input.reference,
    invoiceId: invoice.id,
    customerId: invoice.customerId,
    amountMinor: input.amountMinor,
    currency: invoice.currency,
    status: "succeeded",
    stateOrder: 0,
    failureCode: null,
    failureMessage: null,
    failureOrder: null,
    paymentMethodType: input.method,
    receiptUrl: null,
    stripeChargeId: null,
    checkoutSessionId: null,
    stripePaymentLinkId: null,
    occurredAtMs: nowMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}
