// What each status is called on a page, how it looks, and what it means to somebody who has to act on it.

import type { ConnectionStatus } from "../connections/connection-state.ts";
import type { CustomerRow } from "../ledger/customers/customer-state.ts";
import type { WebhookEventRow } from "../ledger/events/read-events.ts";
import type { InvoiceRow, PaymentLinkRow } from "../ledger/invoices/read-invoices.ts";
import type { MailRow } from "../ledger/mails/mail-row.ts";
import type { OutboxRow } from "../ledger/outbox/outbox-row.ts";
import type { PaymentRow } from "../ledger/payments/payment-row.ts";
import type { PaymentView } from "../ledger/payments/read-payments.ts";
import type { SubscriptionInvoiceView } from "../ledger/subscriptions/read-subscription-invoices.ts";

export type Tone = "good" | "info" | "warn" | "bad" | "idle";
/** How a badge looks: a tone, or that of what moves no real money. */
export type BadgeTone = Tone | "sandbox";
export type StatusLook = { word: string; tone: Tone; means: string };

const look = (word: string, tone: Tone, means: string): StatusLook => ({ word, tone, means });

export const INVOICE_LOOK: Record<InvoiceRow["status"], StatusLook> = {
  draft: look("Draft", "idle", "Not finalised yet: it can change, and it has no payment link."),
  open: look("Open", "info", "Finalised and waiting to be paid."),
  paid: look("Paid", "good", "Paid in full."),
  void: look("Void", "idle", "Taken back: nothing is owed."),
  uncollectible: look("Uncollectible", "bad", "Given up: it is not expected to be paid."),
};

export const PAYMENT_STATUS_LOOK: Record<InvoiceRow["paymentStatus"], StatusLook> = {
  unpaid: look("Unpaid", "idle", "No payment has succeeded."),
  processing: look("Processing", "info", "A payment is on its way; its bank has not decided yet."),
  partially_paid: look("Partially paid", "warn", "Some of it is paid."),
  paid: look("Paid", "good", "Paid in full."),
  overpaid: look("Overpaid", "warn", "More was paid than was due: refund the difference."),
  partially_refunded: look("Partially refunded", "warn", "Some of what was paid went back."),
  refunded: look("Refunded", "idle", "All that was paid went back."),
  disputed: look("Disputed", "bad", "The payer disputes a payment: answer it in Stripe."),
};

export const LINK_LOOK: Record<PaymentLinkRow["status"], StatusLook> = {
  pending: look("Creating", "info", "The queue is making it at Stripe."),
  active: look("Active", "good", "It can be paid."),
  used: look("Used", "idle", "It was paid and takes no further payment."),
  inactive: look("Switched off", "idle", "It takes no payment."),
  failed: look("Failed", "bad", "Stripe did not make it."),
};

export const PAYMENT_LOOK: Record<PaymentRow["status"], StatusLook> = {
  processing: look("Processing", "info", "On its way; its bank has not decided yet."),
  succeeded: look("Succeeded", "good", "The money has arrived."),
  failed: look("Failed", "bad", "The attempt failed; the payer may try again."),
  canceled: look("Canceled", "idle", "It will never come."),
};

/** One of which money went back says so: that it succeeded goes without saying. */
export function paymentLook(
  payment: Pick<PaymentView, "status" | "amountMinor" | "amountRefundedMinor">,
): StatusLook {
  const { status, amountMinor, amountRefundedMinor: refunded } = payment;
  if (status !== "succeeded" || refunded === 0) return PAYMENT_LOOK[status];
  return PAYMENT_STATUS_LOOK[refunded < amountMinor ? "partially_refunded" : "refunded"];
}

export const EVENT_LOOK: Record<WebhookEventRow["status"], StatusLook> = {
  processed: look("Processed", "good", "What it says is recorded."),
  ignored: look("Ignored", "idle", "There was nothing in it to record."),
  failed: look("Retrying", "warn", "It failed and is tried again by itself."),
  dead: look("Dead", "bad", "It failed at every try. Its payload is kept."),
};

export const CONNECTION_LOOK: Record<ConnectionStatus, StatusLook> = {
  active: look("Active", "good", "Links are made, webhooks arrive, and payments are processed."),
  pending_webhook: look(
    "Webhook not set up",
    "warn",
    "Payers can pay, and invoices stay open until Stripe's events arrive.",
  ),
  disabled: look("Paused", "idle", "No links are made and no payments processed until it is resumed."),
  error: look("Refused by Stripe", "bad", "Stripe does not take the key."),
  disconnected: look("Disconnected", "idle", "Its secrets were erased."),
};

export const JOB_LOOK: Record<OutboxRow["status"], StatusLook> = {
  wanted: look("In the queue", "info", "The queue is working on it."),
  waiting: look(
    "Waiting",
    "warn",
    "It waits for the Stripe connection to work again, and then goes on by itself.",
  ),
  dead: look("Dead", "bad", "It failed at every try."),
};

export const SYNC_LOOK: Record<CustomerRow["syncStatus"], StatusLook> = {
  pending: look("On its way", "info", "Its last change is being sent to Stripe."),
  synced: look("In step", "good", "Stripe has it as it is here."),
  failed: look("Failed", "bad", "Stripe does not have it as it is here."),
  off: look("Not sent", "idle", "Changes are not sent to Stripe, or there was none since they are."),
};

const SUBSCRIPTION_TONES: Record<string, Tone> = {
  active: "good",
  trialing: "info",
  past_due: "bad",
  unpaid: "bad",
  incomplete: "warn",
  paused: "warn",
};

/** Stripe's own word, whatever comes to be. */
export function subscriptionLook(status: string): StatusLook {
  const tone = Object.hasOwn(SUBSCRIPTION_TONES, status) ? SUBSCRIPTION_TONES[status] : undefined;
  return look(wordsOf(status), tone ?? "idle", "Stripe's word for it.");
}

/** One that Stripe could not collect is told apart from one that is only not paid yet. */
export function subscriptionInvoiceLook({
  status,
  attemptCount,
}: Pick<SubscriptionInvoiceView, "status" | "attemptCount">): StatusLook {
  if (status === "open" && attemptCount > 0) {
    return look("Past due", "bad", "Stripe has tried to collect it and could not.");
  }
  return SUBSCRIPTION_INVOICE_LOOK[status];
}

const SUBSCRIPTION_INVOICE_LOOK: Record<SubscriptionInvoiceView["status"], StatusLook> = {
  draft: look("Draft", "idle", "Stripe has not finalised it yet."),
  open: look("Open", "info", "It is to be paid."),
  paid: look("Paid", "good", "Nothing of it is due any more."),
  uncollectible: look("Uncollectible", "bad", "It was given up at Stripe."),
  void: look("Void", "idle", "It was voided at Stripe."),
};

export const MAIL_LOOK: Record<MailRow["status"], StatusLook> = {
  pending: look("Waiting", "info", "The queue is about to send it."),
  held: look("Held", "warn", "Mail does not reach its address."),
  sending: look("Being sent", "info", "The provider is being asked."),
  sent: look("Sent", "good", "The provider has taken it."),
  unknown: look(
    "Unknown",
    "warn",
    "It may have been sent, or not: ask the customer or the provider, and send it again if need be.",
  ),
  failed: look("Failed", "bad", "It was not sent."),
  canceled: look("Not sent", "idle", "It was not wanted any more when its turn came."),
  bounced: look("Came back", "bad", "It did not reach its reader: more to this address is held."),
  complained: look("Reported as spam", "bad", "Its reader complained: more to this address is held."),
};

const SWITCHING_OFF = look(
  "Being switched off",
  "info",
  "Stripe has not confirmed yet that it takes no payment.",
);
const NOT_OFF = look("Not switched off", "bad", "It must not be paid any more, and may be.");

/** A link is off once Stripe says so. */
export function linkLook(link: Pick<PaymentLinkRow, "status" | "deactivation">): StatusLook {
  if (link.deactivation === "failed") return NOT_OFF;
  // A used link takes one payment only, whether or not Stripe has confirmed more than that.
  if (link.deactivation === "pending" && link.status === "inactive") return SWITCHING_OFF;
  return LINK_LOOK[link.status];
}

const DELAYED = look("Delayed", "warn", "As many have gone as may for now: it goes by itself, later.");

/** One that was never tried has an error only where a cap holds it up; what development keeps was sent to nobody. */
export function mailLook(mail: Pick<MailRow, "status" | "provider" | "error" | "attempts">): StatusLook {
  if (mail.status === "pending" && mail.attempts === 0 && mail.error !== null) return DELAYED;
  return mail.status === "sent" && mail.provider === "development"
    ? look("Kept here", "idle", "Development: no mail leaves.")
    : MAIL_LOOK[mail.status];
}

/** The payment status, where it says more than the invoice's own status does; null where it repeats it. */
export function tellingPaymentStatus(
  invoice: Pick<InvoiceRow, "status" | "paymentStatus">,
): StatusLook | null {
  if (invoice.paymentStatus === "unpaid" || invoice.paymentStatus === invoice.status) return null;
  return PAYMENT_STATUS_LOOK[invoice.paymentStatus];
}

/** `create_payment_link` -> `Create payment link`. */
export function wordsOf(name: string): string {
  const words = name.replaceAll(/[_.]/g, " ").replace(/^api\b/, "API");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A sentence's beginning. */
export function firstUpper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `1 job`, `3 jobs`, `1,000 jobs`. */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
