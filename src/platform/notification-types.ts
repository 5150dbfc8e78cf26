// What a platform can be told of, when, and which kind of object each message carries. The doors, the docs
// and the OpenAPI document read this one list.

export const NOTIFICATIONS = {
  "invoice.finalized": "An invoice was finalised; its payment link is being made.",
  "invoice.payment_link_created":
    "An invoice has a payment link that can be paid: the first, a new one, or one that was switched off at Stripe and is on again.",
  "invoice.payment_link_missing":
    "An open invoice has no link that can be paid: somebody switched it off at Stripe, what is left is less than Stripe charges, or the connection makes no links. `payment_link.error` or `payment_link_missing` says why.",
  "invoice.paid": "What is due was paid, once an invoice.",
  "invoice.partially_paid": "A payment has succeeded, and part of what is due is still open.",
  "invoice.overpaid": "A payment has succeeded that makes it more than what is due.",
  "invoice.reopened":
    "An invoice asks for money again: it was taken for paid, and a refund came to light that was made before, or a payment recorded by hand was reversed; or it had been given up, and was opened again.",
  "invoice.payment_failed": "An attempt to pay has failed; each attempt is told.",
  "invoice.payment_processing": "A slow payment, such as a bank debit, is on its way and not yet certain.",
  "invoice.overdue":
    "An open invoice was not paid by the end of the day on which it was due, in the environment's time zone; once a due date.",
  "invoice.voided": "An invoice was voided and cannot be paid any more.",
  "payment.succeeded": "A payment of a checkout session or of a subscription has succeeded.",
  "payment.failed":
    "An attempt to pay a checkout session or a subscription has failed; each attempt is told. An invoice's is told as `invoice.payment_failed`.",
  "invoice.deleted": "A draft was deleted. The object is as it was.",
  "payment.reversed": "A payment that was recorded by hand was taken back: it counts no more.",
  "payment.refunded": "A refund of a payment has succeeded, in whole or in part; each refund is told.",
  "refund.failed": "A refund has failed or was canceled: its money is with the seller again.",
  "dispute.opened": "A payer disputes a payment, or the bank inquires about it.",
  "dispute.updated": "A dispute has another status and is not decided yet.",
  "dispute.closed": "A dispute is decided: won, lost, prevented, or closed as an inquiry.",
  "customer.created": "A customer was made, by API, or at Stripe and taken in from there.",
  "customer.updated": "A customer was changed, here or at Stripe.",
  "customer.deleted": "A customer was deleted here. The object has its id alone.",
  "subscription.created": "A subscription is there that was not known before.",
  "subscription.updated": "A subscription has changed: renewed, another plan, past due.",
  "subscription.deleted": "A subscription has ended.",
  "subscription_invoice.paid": "An invoice that Stripe made for a subscription is paid, once an invoice.",
  "subscription_invoice.payment_failed":
    "An attempt to collect a subscription's invoice has failed; each attempt is told, with when Stripe tries next and the page on which the customer can pay.",
  "subscription_invoice.action_required":
    "The customer has to confirm the payment of a subscription's invoice, at `hosted_invoice_url`.",
  "checkout_session.completed":
    "A checkout session was completed; whether it is paid as well is in `payment_status`.",
  "mail.bounced":
    "A mail came back. What is wanted for that address is held until it changes or somebody says again.",
  "mail.delayed":
    "As many mails went as may within a day, about an invoice, to an address or from the environment: this one waits, and `error` says until when. Told once for each such day.",
  "mail.complained": "A mail's reader reported it as spam. What is wanted for that address is held likewise.",
  "connection.updated": "A connection, or what Stripe says of its account, has changed.",
  "connection.webhooks_refused":
    "Webhooks of Stripe's are refused, told once until it is over: `refused.last_reason` says why. `connection.updated` follows once they arrive again.",
  "connection.disconnected": "A connection was deleted: its secrets are erased.",
  "event_destination.disabled": "An event destination was switched off, since it answered 410 or nothing.",
  "webhook_event.dead": "An event of Stripe's could not be processed at any try. It can be replayed.",
} as const satisfies Record<string, string>;

export type NotificationType = keyof typeof NOTIFICATIONS;

export const NOTIFICATION_TYPES = Object.keys(NOTIFICATIONS) as NotificationType[];

export const OBJECT_KINDS = [
  "invoice",
  "payment",
  "refund",
  "dispute",
  "customer",
  "subscription",
  "subscription_invoice",
  "checkout_session",
  "mail",
  "connection",
  "event_destination",
  "webhook_event",
] as const;

export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** The kind of object that a type is about, where nothing else is said. */
export function objectKindOf(type: NotificationType): ObjectKind {
  const [first] = type.split(".");
  return OBJECT_KINDS.find((kind) => kind === first) ?? "invoice";
}

export const DELIVERY_STATUSES = ["pending", "succeeded", "failed"] as const;
/** What became of one message to one destination. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
