// How one of Stripe's own invoices stood when the event was made: what the mirror shows of it. What older API versions
// do not say follows from the kind of event. Pure.

import * as z from "zod";
import type {
  SubscriptionInvoiceSnapshot,
  SubscriptionInvoiceStatus,
} from "../ledger/subscriptions/subscription-invoice-state.ts";
import { SUBSCRIPTION_INVOICE_STATUSES } from "../platform/tables/subscription-invoices.ts";
import type { StripeEventShape } from "./facts.ts";
import { amount, occurredAt, optionalCount, optionalText, optionalTime } from "./interpret-fields.ts";

/** A page of Stripe's; shown as a link, so nothing else is taken for one. */
const page = optionalText.transform((text) => (text !== null && /^https?:\/\//.test(text) ? text : null));

/** The part of an invoice that {@link readInvoiceState} reads. */
export const INVOICE_STATE = {
  // Came in 2018.
  status: z.enum(SUBSCRIPTION_INVOICE_STATUSES).nullish().catch(null),
  number: optionalText,
  billing_reason: optionalText,
  amount_due: amount.nullish(),
  // Both came in 2018.
  amount_paid: amount.nullish(),
  amount_remaining: amount.nullish(),
  attempt_count: optionalCount,
  next_payment_attempt: optionalTime,
  hosted_invoice_url: page,
  invoice_pdf: page,
  status_transitions: z.object({ paid_at: optionalTime }).nullish().catch(null),
  created: optionalTime,
} as const;

const shape = z.object(INVOICE_STATE);

/** @param invoice with its currency in upper case */
export function readInvoiceState(
  event: StripeEventShape,
  invoice: z.output<typeof shape> & { currency: string },
): SubscriptionInvoiceSnapshot {
  const status = invoice.status ?? statusBy(event.type);
  const amountDueMinor = invoice.amount_due ?? 0;
  const amountPaidMinor = invoice.amount_paid ?? (status === "paid" ? amountDueMinor : 0);
  const atMs = occurredAt(event);
  return {
    number: invoice.number,
    status,
    billingReason: invoice.billing_reason,
    currency: invoice.currency,
    amountDueMinor,
    amountPaidMinor,
    amountRemainingMinor: invoice.amount_remaining ?? Math.max(amountDueMinor - amountPaidMinor, 0),
    attemptCount: invoice.attempt_count ?? 0,
    nextAttemptAtMs: invoice.next_payment_attempt,
    hostedInvoiceUrl: invoice.hosted_invoice_url,
    invoicePdf: invoice.invoice_pdf,
    paidAtMs: status === "paid" ? (invoice.status_transitions?.paid_at ?? atMs) : null,
    createdAtMs: invoice.created ?? atMs,
    snapshotAtMs: atMs,
  };
}

function statusBy(type: string): SubscriptionInvoiceStatus {
  switch (type) {
    case "invoice.paid":
    case "invoice.payment_succeeded":
      return "paid";
    case "invoice.voided":
      return "void";
    case "invoice.marked_uncollectible":
      return "uncollectible";
    default:
      return "open";
  }
}
