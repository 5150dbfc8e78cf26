// What Quittance does with a Stripe account, and which permissions of a restricted key each part needs: from what a
// key lacks, what works with it. Nothing is demanded that the connection does not use. Pure: no I/O, no clock.

import { AppError } from "../platform/app-error.ts";
import type { SyncConfig } from "../platform/sync-config.ts";
import { type PermissionName, permissionRow } from "./permissions.ts";

export const FEATURE_NAMES = [
  "invoices",
  "customers",
  "refunds",
  "checkout",
  "subscriptions",
  "portal",
  "reconciliation",
  "webhook_endpoint",
  "thin_events",
] as const;
export type FeatureName = (typeof FEATURE_NAMES)[number];

/** How the connection is used: that decides what its key must be able to do. */
export type Usage = {
  syncConfig: SyncConfig;
  /** Quittance looks after the endpoint at Stripe, rather than a person. */
  makesEndpoint: boolean;
  /** Thin events are taken in: their objects are fetched. */
  thinEvents: boolean;
};

/** @param row as it is stored */
export function usageOf(
  row: { syncConfig: SyncConfig; webhookEndpointId: string | null; webhookDetail: string | null },
  thinEvents: boolean,
): Usage {
  // An endpoint that could not be made is wanted all the same.
  const makesEndpoint = row.webhookEndpointId !== null || row.webhookDetail !== null;
  return { syncConfig: row.syncConfig, makesEndpoint, thinEvents };
}

type Feature = {
  /** What it is for, as a person would ask for it. */
  purpose: string;
  needs: readonly PermissionName[];
  /** The same where the connection's settings leave some of it out. */
  needsWith?: (usage: Usage) => readonly PermissionName[];
  /** Of what it needs, what is used by itself, whether or not anybody calls the API for it. */
  demands: (usage: Usage) => readonly PermissionName[];
};

const NOTHING: readonly PermissionName[] = [];
const LINKS: readonly PermissionName[] = [
  ...(["payment_link_write", "payment_link_read"] as const),
  ...(["checkout_session_write", "checkout_session_read", "payment_intent_read"] as const),
];
const OBJECTS_OF_EVENTS: readonly PermissionName[] = [
  ...(["payment_link_read", "checkout_session_read", "payment_intent_read", "charge_read"] as const),
  ...(["dispute_read", "customer_read", "subscription_read", "invoice_read"] as const),
];
const RECONCILED: readonly PermissionName[] = ["event_read", "checkout_session_read", "payment_intent_read"];

const CUSTOMERS: readonly PermissionName[] = ["customer_write", "customer_read"];

export const FEATURES: Record<FeatureName, Feature> = {
  invoices: {
    purpose: "Payment links for invoices",
    needs: LINKS,
    demands: ({ syncConfig }) => (syncConfig.invoice.outbound ? LINKS : NOTHING),
  },
  customers: {
    purpose: "Customers in step with Stripe",
    needs: CUSTOMERS,
    needsWith: (usage) => (customersOf(usage).length === 0 ? CUSTOMERS : customersOf(usage)),
    demands: customersOf,
  },
  refunds: {
    purpose: "Refunds by the API and the dashboard",
    needs: ["charge_write", "charge_read"],
    demands: () => NOTHING,
  },
  checkout: {
    purpose: "Checkout sessions",
    needs: ["checkout_session_write", "checkout_session_read", "plan_read", "customer_write"],
    demands: () => NOTHING,
  },
  subscriptions: {
    purpose: "The mirror of subscriptions, canceling and resuming them",
    needs: ["subscription_write", "subscription_read", "invoice_read"],
    demands: ({ syncConfig }) =>
      syncConfig.subscription.inbound ? ["subscription_read", "invoice_read"] : NOTHING,
  },
  portal: {
    purpose: "Sessions of Stripe's customer portal",
    needs: ["customer_portal_write", "customer_write"],
    demands: () => NOTHING,
  },
  reconciliation: {
    purpose: "Fetching what no webhook has brought",
    needs: RECONCILED,
    demands: () => RECONCILED,
  },
  webhook_endpoint: {
    purpose: "Making and repairing the webhook endpoint",
    needs: ["webhook_write", "webhook_read"],
    demands: ({ makesEndpoint }) => (makesEndpoint ? ["webhook_write", "webhook_read"] : NOTHING),
  },
  thin_events: {
    purpose: "Fetching the objects that thin events name",
    needs: OBJECTS_OF_EVENTS,
    demands: ({ thinEvents }) => (thinEvents ? OBJECTS_OF_EVENTS : NOTHING),
  },
};

export type FeatureVerdict = {
  name: FeatureName;
  /** Whether the key may do all that it needs. */
  ok: boolean;
  /** Whether the connection uses it by itself, without being asked by the API. */
  in_use: boolean;
  /** What the key lacks for it, as the rows are called where keys are made at Stripe. */
  missing: string[];
  /** The same in words; null where nothing is missing. */
  detail: string | null;
};

/** @param lacking what the key may not do; null where nobody has looked: then there is no verdict */
export function verdicts(usage: Usage, lacking: readonly string[] | null): FeatureVerdict[] {
  if (lacking === null) return [];
  return FEATURE_NAMES.map((name) => {
    const { needs, needsWith, demands } = FEATURES[name];
    const missing = lackingRows(needsWith?.(usage) ?? needs, lacking);
    const detail = missing.length === 0 ? null : needing(name, missing);
    return { name, ok: missing.length === 0, in_use: demands(usage).length > 0, missing, detail };
  });
}

/** Every permission that is used by itself. */
export function demandedBy(usage: Usage): ReadonlySet<string> {
  return new Set(FEATURE_NAMES.flatMap((name) => FEATURES[name].demands(usage)));
}

/**
 * Without its links no invoice could be paid, and nobody would be told before the first is finalised: such a key is
 * refused. What else is missing is said.
 * @param path the field that asks for it
 * @throws AppError `stripe_permission_missing`
 */
export function mustMakeLinks(usage: Usage, lacking: readonly string[], path: string): void {
  const missing = lackingRows(FEATURES.invoices.demands(usage), lacking);
  if (missing.length === 0) return;
  const detail =
    `${needing("invoices", missing)} Add this to the restricted key in Stripe's dashboard under API keys, ` +
    "or make a new one by the link that GET /api/v1/restricted_key gives. To connect without payment links, " +
    "set sync_config.invoice.outbound to false.";
  const errors = missing.map((row) => ({ path, message: `The key lacks ${row}.` }));
  throw new AppError("stripe_permission_missing", { detail, errors });
}

/** What the connection does by itself and cannot do with the key, for whoever has just set it. */
export function noticesOf(usage: Usage, lacking: readonly string[]): string[] {
  return FEATURE_NAMES.flatMap((name) => {
    const missing = lackingRows(FEATURES[name].demands(usage), lacking);
    return missing.length === 0 ? [] : [`${needing(name, missing)} It does not work until the key has that.`];
  });
}

/** `refunds needs Charges and Refunds write.` */
function needing(name: FeatureName, missing: readonly string[]): string {
  return `${name} needs ${missing.join(", ").replaceAll(": ", " ")}.`;
}

function lackingRows(needed: readonly PermissionName[], lacking: readonly string[]): string[] {
  return rowsOf(needed.filter((permission) => lacking.includes(permission)));
}

/** Their rows; writing includes reading. */
export function rowsOf(permissions: readonly PermissionName[]): string[] {
  const rows = permissions.map(permissionRow);
  const written = new Set(rows.filter(({ access }) => access === "write").map(({ resource }) => resource));
  return rows
    .filter(({ resource, access }) => access === "write" || !written.has(resource))
    .map(({ resource, access }) => `${resource}: ${access}`);
}

function customersOf({ syncConfig: { customer } }: Usage): readonly PermissionName[] {
  if (customer.outbound) return CUSTOMERS;
  return customer.inbound ? ["customer_read"] : NOTHING;
}
