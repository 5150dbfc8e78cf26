// Finds out what a restricted key may do, without changing anything: reads ask for one object, writes go to
// an object that does not exist, where Stripe says "no permission" before it says "no such object".

import type Stripe from "stripe";
import type { AppError } from "../platform/app-error.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { PERMISSION_NAMES, type PermissionName } from "./permissions.ts";
import { isMissing } from "./stripe-endpoints.ts";

/** What came of a probe: it may, it may not (in Stripe's words), or it could not be found out. */
export type Probed =
  | { name: PermissionName; outcome: "allowed" }
  | { name: PermissionName; outcome: "missing" | "unknown"; said: AppError };

// A Worker has six connections at once (https://developers.cloudflare.com/workers/platform/limits/).
const AT_ONCE = 5;

export async function probePermissions(stripe: Stripe): Promise<Probed[]> {
  const probed: Probed[] = [];
  for (let start = 0; start < PERMISSION_NAMES.length; start += AT_ONCE) {
    const batch = PERMISSION_NAMES.slice(start, start + AT_ONCE);
    probed.push(...(await Promise.all(batch.map((name) => probe(stripe, name)))));
  }
  return probed;
}

/**
 * What a key lacks, before it is stored.
 * @throws AppError where Stripe did not answer: whether the key is of use is not known then
 */
export async function findLacking(stripe: Stripe, secretKey: string): Promise<PermissionName[]> {
  if (!isRestrictedKey(secretKey)) return [];
  const probed = await probePermissions(stripe);
  for (const one of probed) if (one.outcome === "unknown") throw one.said;
  return lackingOf(probed);
}

export function lackingOf(probed: readonly Probed[]): PermissionName[] {
  return probed.flatMap(({ name, outcome }) => (outcome === "missing" ? [name] : []));
}

/** @param key or its hint */
export function isRestrictedKey(key: string): boolean {
  return key.startsWith("rk_");
}

const NOBODY = "quittance_probe";
const one = { limit: 1 };

const PROBES: Record<PermissionName, (stripe: Stripe) => PromiseLike<unknown>> = {
  webhook_read: (stripe) => stripe.webhookEndpoints.list(one),
  webhook_write: (stripe) => stripe.webhookEndpoints.update(`we_${NOBODY}`, { description: "" }),
  payment_link_read: (stripe) => stripe.paymentLinks.list(one),
  payment_link_write: (stripe) => stripe.paymentLinks.update(`plink_${NOBODY}`, { active: false }),
  checkout_session_read: (stripe) => stripe.checkout.sessions.list(one),
  checkout_session_write: (stripe) => stripe.checkout.sessions.expire(`cs_${NOBODY}`),
  payment_intent_read: (stripe) => stripe.paymentIntents.list(one),
  charge_read: (stripe) => stripe.charges.list(one),
  charge_write: (stripe) => stripe.refunds.update(`re_${NOBODY}`, { metadata: {} }),
  dispute_read: (stripe) => stripe.disputes.list(one),
  customer_read: (stripe) => stripe.customers.list(one),
  customer_write: (stripe) => stripe.customers.update(`cus_${NOBODY}`, { metadata: {} }),
  subscription_read: (stripe) => stripe.subscriptions.list(one),
  subscription_write: (stripe) => stripe.subscriptions.update(`sub_${NOBODY}`, { metadata: {} }),
  invoice_read: (stripe) => stripe.invoices.list(one),
  plan_read: (stripe) => stripe.prices.list(one),
  customer_portal_write: (stripe) => stripe.billingPortal.sessions.create({ customer: `cus_${NOBODY}` }),
  event_read: (stripe) => stripe.events.list(one),
};

async function probe(stripe: Stripe, name: PermissionName): Promise<Probed> {
  try {
    await PROBES[name](stripe);
    return { name, outcome: "allowed" };
  } catch (error) {
    if (isMissing(error)) return { name, outcome: "allowed" };
    const said = fromStripeError(error);
    if (said.code === "stripe_permission_missing") return { name, outcome: "missing", said };
    // Any other refusal is about what was asked, and so comes after the permission.
    if (said.code === "stripe_refused") return { name, outcome: "allowed" };
    return { name, outcome: "unknown", said };
  }
}
