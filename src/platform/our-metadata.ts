// The metadata by which an object of Stripe's says whose it is: ours stand beside the caller's own.

import type { Scope } from "./scope.ts";

export const CUSTOMER_KEY = "customer_id";
export const TENANT_KEY = "quittance_tenant_id";
export const ENVIRONMENT_KEY = "quittance_environment_id";

// By it a link whose creation was never heard of can be found, and an intent that is heard of before its session
// says which link it has used up.
export const REVISION_KEY = "quittance_link_revision";

/** By these of its metadata a payment link is told from all others. */
export function identifyingLink(
  { environmentId }: Pick<Scope, "environmentId">,
  { invoiceId, revision }: { invoiceId: string; revision: number },
): Record<string, string> {
  return { [ENVIRONMENT_KEY]: environmentId, invoice_id: invoiceId, [REVISION_KEY]: String(revision) };
}

/** What of a caller's metadata is passed on: of an empty value Stripe would make nothing. */
export function withoutEmpty(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== ""));
}

const OUR_KEYS: readonly string[] = [CUSTOMER_KEY, TENANT_KEY, ENVIRONMENT_KEY];

/** What of a session's or customer's metadata at Stripe is the caller's own. */
export function withoutOurKeys(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !OUR_KEYS.includes(key)));
}

/** The rest of it: whose it is. */
export function ourKeysOf(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => OUR_KEYS.includes(key)));
}

/** Our customer that a session's metadata names; null for none. */
export function customerOf(metadata: Record<string, string>): string | null {
  return metadata[CUSTOMER_KEY]?.trim() ? metadata[CUSTOMER_KEY] : null;
}

export type NamedBy = "us" | "another" | "nobody";

/**
 * Whom our own keys in an object's metadata name. Another tenant's are never followed, whoever signed the event; one of
 * them alone, which somebody has left over at Stripe, names nobody.
 */
export function namesUs(
  scope: Scope,
  { tenantId, environmentId }: { tenantId: string | null; environmentId: string | null },
): NamedBy {
  const isOther = (tenantId ?? scope.tenantId) !== scope.tenantId;
  if (isOther || (environmentId ?? scope.environmentId) !== scope.environmentId) return "another";
  return tenantId === null || environmentId === null ? "nobody" : "us";
}
