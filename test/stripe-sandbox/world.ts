// Makes new worlds and new accounts in them. An account exists from the first call with one of its keys.

import type Stripe from "stripe";
import { plain, seconds } from "./plain.ts";
import type { AccountWorld, World } from "./types.ts";

/** An empty world in which webhooks are delivered once, at once, in no promised order. */
export function newWorld(): World {
  return {
    accounts: {},
    idempotency: {},
    revokedKeys: [],
    grantedPermissions: {},
    oauthCodes: {},
    oauthGrants: {},
    oauthTokens: {},
    tasks: [],
    faults: [],
    deliveryPolicy: { withhold: false, copies: 1, shuffle: true, delayMs: 0 },
  };
}

/** The account by id, made when it is not there yet. */
export function openAccount(world: World, accountId: string, nowMs: number): AccountWorld {
  const existing = world.accounts[accountId];
  // A saved one may be of before some kind of object was known.
  if (existing?.isPortalSaved !== undefined) return existing;
  if (existing) return Object.assign(existing, { ...newAccountWorld(accountId, nowMs), ...existing });
  const created = newAccountWorld(accountId, nowMs);
  world.accounts[accountId] = created;
  return created;
}

function newAccountWorld(accountId: string, nowMs: number): AccountWorld {
  return {
    account: newAccount(accountId, nowMs),
    customers: {},
    deletedCustomers: [],
    products: {},
    prices: {},
    coupons: {},
    promotionCodes: {},
    paymentLinks: {},
    paymentLinkLineItems: {},
    sessions: {},
    sessionLineItems: {},
    sessionIntentData: {},
    sessionIntents: {},
    paymentIntents: {},
    setupIntents: {},
    charges: {},
    refunds: {},
    disputes: {},
    subscriptions: {},
    invoices: {},
    invoicePayments: {},
    balanceTransactions: {},
    paymentMethods: {},
    isPortalSaved: true,
    portalSessions: {},
    events: {},
    eventOrder: [],
    endpoints: {},
    deliveries: {},
  };
}

function newAccount(accountId: string, nowMs: number): Stripe.Account {
  const name = accountId.slice("acct_".length);
  const requirements = {
    alternatives: [],
    current_deadline: null,
    currently_due: [],
    disabled_reason: null,
    errors: [],
    eventually_due: [],
    past_due: [],
    pending_verification: [],
  };
  return {
    id: accountId,
    object: "account",
    business_profile: newBusinessProfile(name),
    business_type: "company",
    capabilities: { card_payments: "active", transfers: "active" },
    charges_enabled: true,
    country: "US",
    created: seconds(nowMs),
    default_currency: "usd",
    details_submitted: true,
    email: `owner@${name.toLowerCase()}.example`,
    future_requirements: plain(requirements),
    metadata: {},
    payouts_enabled: true,
    requirements,
    type: "standard",
  };
}

function newBusinessProfile(name: string): Stripe.Account.BusinessProfile {
  return {
    mcc: null,
    minority_owned_business_designation: null,
    name,
    product_description: null,
    specified_commercial_transactions_act_url: null,
    support_address: null,
    support_email: null,
    support_phone: null,
    support_url: null,
    url: null,
  };
}
