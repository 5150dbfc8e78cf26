// Every Stripe event type that Quittance listens to, each with what it is for. The automatic set-up of an
// endpoint, the connection's test, the dashboard and the docs all read this one list.

export const STRIPE_EVENT_TYPES = {
  "checkout.session.completed":
    "The payer has finished a payment page: paid, or begun to pay by a slow method.",
  "checkout.session.async_payment_succeeded": "A slow payment (bank debit, voucher) has arrived.",
  "checkout.session.async_payment_failed": "A slow payment has failed, so the invoice needs a new link.",
  "checkout.session.expired": "A payment page was left unpaid and can be used no more.",
  "payment_intent.succeeded": "A payment has succeeded; also one of which no payment page was heard.",
  "payment_intent.payment_failed": "An attempt to pay has failed, with the reason of the decline.",
  "payment_intent.processing": "A payment is on its way and not yet certain.",
  "payment_intent.canceled": "A payment will never come: it was canceled.",
  "charge.succeeded": "A payment has succeeded; tells the payment method and the receipt.",
  "charge.refunded": "Money went back to the payer; on older API versions it lists the refunds.",
  "charge.refund.updated": "A refund has changed, as older API versions tell it.",
  "refund.created": "A refund was made, by Quittance or in Stripe's own dashboard.",
  "refund.updated": "A refund has changed its state.",
  "refund.failed": "A refund has failed: the money is back and the invoice's amounts are restored.",
  "charge.dispute.created": "A payer disputes a payment; no refund is allowed until it is decided.",
  "charge.dispute.updated": "A dispute has changed: evidence was sent, or it moved on.",
  "charge.dispute.closed": "A dispute is decided: won, lost, or closed as a warning.",
  "charge.dispute.funds_withdrawn": "Stripe has taken the disputed money.",
  "charge.dispute.funds_reinstated": "Stripe has given the disputed money back.",
  "customer.created": "A customer was made in Stripe's own dashboard or by another program.",
  "customer.updated": "A customer's name, mail address or address was changed at Stripe.",
  "customer.deleted": "A customer was deleted at Stripe, so it must not be used again.",
  "customer.subscription.created": "A subscription was made.",
  "customer.subscription.updated": "A subscription has changed: renewed, another plan, past due.",
  "customer.subscription.deleted": "A subscription has ended.",
  "customer.subscription.paused":
    "A subscription was paused because its trial ended without a payment method.",
  "customer.subscription.resumed": "A paused subscription goes on.",
  "customer.subscription.trial_will_end": "A trial ends in three days.",
  "invoice.paid": "One of Stripe's own invoices (of a subscription) is paid, also outside Stripe.",
  "invoice.payment_succeeded": "The same, for payments through Stripe; older endpoints know only this one.",
  "invoice.payment_failed": "A payment of one of Stripe's own invoices has failed.",
  "invoice.payment_action_required":
    "The customer has to confirm the payment of one of Stripe's own invoices.",
  "invoice.finalized": "One of Stripe's own invoices is final and can be paid.",
  "invoice.voided": "One of Stripe's own invoices was voided.",
  "invoice.marked_uncollectible": "One of Stripe's own invoices was given up.",
  "invoice_payment.paid": "Which payment has paid one of Stripe's own invoices: nothing else says it.",
  "payment_link.updated": "A payment link was switched on or off, here or in Stripe's own dashboard.",
  "account.updated": "What the account may do or what Stripe still requires of it has changed.",
  "account.application.deauthorized": "The account's owner has taken our access back (Stripe Connect).",
} as const satisfies Record<string, string>;

export type StripeEventType = keyof typeof STRIPE_EVENT_TYPES;

/** The names alone, as `enabled_events` of a webhook endpoint wants them. */
export const STRIPE_EVENT_TYPE_NAMES = Object.keys(STRIPE_EVENT_TYPES) as StripeEventType[];

/** Whether it is one of ours; safe on anything that a payload may hold. */
export function isStripeEventType(type: unknown): type is StripeEventType {
  return typeof type === "string" && Object.hasOwn(STRIPE_EVENT_TYPES, type);
}
