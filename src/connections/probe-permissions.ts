// Finds out what a restricted key may do, without changing anything: reads ask for one object, writes go to
// an object that does not exist, where Stripe says "no permission" before it says "no such object".

import type Stripe from "stripe";
import type { AppError } from "../platform/app-error.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { isMissing } from "./stripe-endpoints.ts";

export type Permission = {
  /** As Stripe's refusals name it, after `rak_`. */
  name: string;
  /** As the row is called where keys are made in Stripe's dashboard. */
  row: string;
  /** What we need it for. */
  purpose: string;
  probe: (stripe: Stripe) => Promise<unknown>;
};

const NOBODY = "quittance_probe";
const one = { limit: 1 };

/** Every permission that Quittance uses. (An account's own data is read first, by itself.) */
export const PERMISSIONS: readonly Permission[] = [
  permission("webhook_read", "Webhook Endpoints: Read", "finding our endpoint", (stripe) =>
    stripe.webhookEndpoints.list(one),
  ),
  permission("webhook_write", "Webhook Endpoints: Write", "making and repairing our endpoint", (stripe) =>
    stripe.webhookEndpoints.update(`we_${NOBODY}`, { description: "" }),
  ),
  permission("payment_link_read", "Payment Links: Read", "looking at payment links", (stripe) =>
    stripe.paymentLinks.list(one),
  ),
  permission("payment_link_write", "Payment Links: Write", "making payment links", (stripe) =>
    stripe.paymentLinks.update(`plink_${NOBODY}`, { active: false }),
  ),
  permission("checkout_session_read", "Checkout Sessions: Read", "looking at payment pages", (stripe) =>
    stripe.checkout.sessions.list(one),
  ),
  permission(
    "checkout_session_write",
    "Checkout Sessions: Write",
    "making and ending payment pages",
    (stripe) => stripe.checkout.sessions.expire(`cs_${NOBODY}`),
  ),
  permission("payment_intent_read", "Payment Intents: Read", "finding payments", (stripe) =>
    stripe.paymentIntents.list(one),
  ),
  permission("charge_read", "Charges and Refunds: Read", "finding charges and refunds", (stripe) =>
    stripe.charges.list(one),
  ),
  permission("charge_write", "Charges and Refunds: Write", "making refunds", (stripe) =>
    stripe.refunds.update(`re_${NOBODY}`, { metadata: {} }),
  ),
  permission("dispute_read", "Disputes: Read", "finding disputes", (stripe) => stripe.disputes.list(one)),
  permission("customer_read", "Customers: Read", "keeping customers in step", (stripe) =>
    stripe.customers.list(one),
  ),
  permission("customer_write", "Customers: Write", "making customers", (stripe) =>
    stripe.customers.update(`cus_${NOBODY}`, { metadata: {} }),
  ),
  permission("subscription_read", "Subscriptions: Read", "mirroring subscriptions", (stripe) =>
    stripe.subscriptions.list(one),
  ),
  permission("plan_read", "Prices: Read", "looking at prices that are given a name", (stripe) =>
    stripe.prices.list(one),
  ),
  permission("customer_portal_write", "Customer portal: Write", "opening the customer portal", (stripe) =>
    stripe.billingPortal.sessions.create({ customer: `cus_${NOBODY}` }),
  ),
  permission("event_read", "Events: Read", "fetching events that never arrived", (stripe) =>
    stripe.events.list(one),
  ),
];

/** What came of a probe: it may, it may not (in Stripe's words), or it could not be found out. */
export type Probed = { permission: Permission; outcome: "allowed" | "missing" | "unknown"; said: string };

// A Worker has six connections at once (https://developers.cloudflare.com/workers/platform/limits/).
const AT_ONCE = 5;

export async function probePermissions(stripe: Stripe): Promise<Probed[]> {
  const probed: Probed[] = [];
  for (let start = 0; start < PERMISSIONS.length; start += AT_ONCE) {
    const batch = PERMISSIONS.slice(start, start + AT_ONCE);
    probed.push(...(await Promise.all(batch.map((permission) => probe(stripe, permission)))));
  }
  return probed;
}

async function probe(stripe: Stripe, permission: Permission): Promise<Probed> {
  try {
    await permission.probe(stripe);
    return { permission, outcome: "allowed", said: "" };
  } catch (error) {
    if (isMissing(error)) return { permission, outcome: "allowed", said: "" };
    const said: AppError = fromStripeError(error);
    if (said.code === "stripe_permission_missing")
      return { permission, outcome: "missing", said: said.message };
    // Any other refusal is about what was asked, and so comes after the permission.
    if (said.code === "stripe_refused") return { permission, outcome: "allowed", said: "" };
    return { permission, outcome: "unknown", said: said.message };
  }
}

function permission(
  name: string,
  row: string,
  purpose: string,
  call: (stripe: Stripe) => PromiseLike<unknown>,
): Permission {
  return { name, row, purpose, probe: async (stripe) => call(stripe) };
}
