// Every permission of a restricted key that Quittance uses, by the names of Stripe's refusals, with the row in which
// it is given where keys are made in Stripe's dashboard. Pure: no I/O.

type Row = { resource: string; access: "read" | "write"; purpose: string };

const PERMISSION_ROWS = {
  webhook_read: ["Webhook Endpoints", "finding our endpoint"],
  webhook_write: ["Webhook Endpoints", "making and repairing our endpoint"],
  payment_link_read: ["Payment Links", "looking at payment links"],
  payment_link_write: ["Payment Links", "making payment links"],
  checkout_session_read: ["Checkout Sessions", "looking at payment pages"],
  checkout_session_write: ["Checkout Sessions", "making and ending payment pages"],
  payment_intent_read: ["Payment Intents", "finding payments"],
  charge_read: ["Charges and Refunds", "finding charges and refunds"],
  charge_write: ["Charges and Refunds", "making refunds"],
  dispute_read: ["Disputes", "finding disputes"],
  customer_read: ["Customers", "keeping customers in step"],
  customer_write: ["Customers", "making customers"],
  subscription_read: ["Subscriptions", "mirroring subscriptions"],
  subscription_write: ["Subscriptions", "canceling and resuming subscriptions"],
  invoice_read: ["Invoices", "finding the invoices of subscriptions"],
  plan_read: ["Prices", "looking at prices that are given a name"],
  customer_portal_write: ["Customer portal", "opening the customer portal"],
  event_read: ["Events", "fetching events that never arrived"],
} as const satisfies Record<`${string}_${"read" | "write"}`, readonly [resource: string, purpose: string]>;

export type PermissionName = keyof typeof PERMISSION_ROWS;

export const PERMISSION_NAMES = Object.keys(PERMISSION_ROWS) as PermissionName[];

/** Without this one a key is refused: whose account it is could not be told. */
export const ACCOUNT_PERMISSION = "accounts_kyc_basic_read";

export function permissionRow(name: PermissionName): Row {
  const [resource, purpose] = PERMISSION_ROWS[name];
  return { resource, access: name.endsWith("_write") ? "write" : "read", purpose };
}
