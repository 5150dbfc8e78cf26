// What a platform can be told of, and which kind of object each message carries.

export const NOTIFICATION_TYPES = [
  "invoice.finalized",
  "invoice.payment_link_created",
  "invoice.paid",
  "invoice.partially_paid",
  "invoice.overpaid",
  "invoice.payment_failed",
  "invoice.payment_processing",
  "invoice.voided",
  "payment.refunded",
  "dispute.opened",
  "dispute.updated",
  "dispute.closed",
  "customer.updated",
  "customer.deleted",
  "subscription.created",
  "subscription.updated",
  "subscription.deleted",
  "checkout_session.completed",
  "connection.updated",
  "connection.disconnected",
  "event_destination.disabled",
  "webhook_event.dead",
] as const;

export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

export const OBJECT_KINDS = [
  "invoice",
  "payment",
  "refund",
  "dispute",
  "customer",
  "subscription",
  "checkout_session",
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
