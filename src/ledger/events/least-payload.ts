// What is kept of an event's text. A Stripe account may be shared: what is about somebody else's objects names people
// who are nothing to this environment, so of that nothing is kept, and of what may yet turn out to be ours only what
// it is read by. Pure.

import { ENVIRONMENT_KEY, namesUs, TENANT_KEY } from "../../platform/our-metadata.ts";
import { parseJson } from "../../platform/parse-json.ts";
import type { Scope } from "../../platform/scope.ts";

/** Ignored, though it is about this environment's own. */
const ABOUT_OURS: ReadonlySet<string> = new Set([
  "connection_disabled",
  "connection_disconnected",
  "change_pending",
  "inbound_off",
  "no_invoice",
  "no_payment",
  "not_readable",
  "object_gone",
  "state_not_told",
  "older_than_known",
  "other_stripe_customer",
  "payment_not_known",
  "unknown_customer",
  "unknown_invoice",
  "unreadable",
]);
/** Surely about somebody else's, or about somebody who is to be forgotten. */
const ABOUT_OTHERS: ReadonlySet<string | null> = new Set([
  "customer_deleted",
  "deleted_at_stripe",
  "foreign_object",
  "mode_mismatch",
  "other_account",
  "other_tenant",
]);

/**
 * @param ending why it was ignored; null: it was not
 * @param ending.waitsFor the payment that may make it ours
 * @returns null: nothing
 */
export function leastPayload(
  scope: Scope,
  text: string,
  ending: { reason: string | null; waitsFor: string | null },
): string | null {
  const { reason, waitsFor } = ending;
  if (isKeptWhole(reason)) return text;
  const event = parseJson(text);
  // It holds ids alone, and by them the object is fetched again.
  if (isRecord(event) && event.object === "v2.core.event") return text;
  if (!isRecord(event)) return ABOUT_OTHERS.has(reason) ? null : text;
  if (ABOUT_OTHERS.has(reason)) return waitsFor === null ? null : JSON.stringify(pruned(event));
  return isOurs(scope, event) ? text : null;
}

/** Whether what is kept of an event that ended so is all that Stripe sent. @param reason see {@link leastPayload} */
export function isKeptWhole(reason: string | null): boolean {
  return reason === null || ABOUT_OURS.has(reason);
}

const OF_EVENT = ["id", "object", "type", "created", "livemode", "api_version", "account", "context"];

/** Ids, amounts, times and Stripe's own words of payments, refunds, disputes and invoices: what those are read by. */
const OF_OBJECT: ReadonlySet<string> = new Set([
  ...["id", "object", "type", "created", "status", "data", "currency", "reason", "failure_reason"],
  ...[
    "amount",
    "amount_captured",
    "amount_received",
    "amount_refunded",
    "captured",
    "refunded",
    "net",
    "fee",
  ],
  ...["payment_intent", "latest_charge", "charge", "charges", "refunds", "source", "payment_method_details"],
  ...["cancellation_reason", "last_payment_error", "code", "decline_code", "message"],
  ...["evidence_details", "due_by", "is_charge_refundable", "balance_transactions", "reporting_category"],
  ...["invoice", "customer", "subscription", "parent", "subscription_details", "payment", "payments"],
  ...["amount_due", "amount_paid", "amount_remaining", "amount_requested", "amount_paid_off_stripe"],
  ...["paid_out_of_band", "billing_reason", "attempt_count", "next_payment_attempt"],
  ...["status_transitions", "paid_at", "metadata"],
]);

function pruned(event: Record<string, unknown>): Record<string, unknown> {
  const head = OF_EVENT.flatMap((name) => (name in event ? [[name, event[name]]] : []));
  const object = isRecord(event.data) ? event.data.object : null;
  return { ...Object.fromEntries(head), data: { object: prunedValue(object) } };
}

function prunedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prunedValue);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([name]) => OF_OBJECT.has(name));
  return Object.fromEntries(
    kept.map(([name, part]) => [name, name === "metadata" ? ownKeys(part) : prunedValue(part)]),
  );
}

/** What others write into metadata may be anything. */
function ownKeys(metadata: unknown): Record<string, unknown> {
  if (!isRecord(metadata)) return {};
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name.startsWith("quittance_")));
}

function isOurs(scope: Scope, event: Record<string, unknown>): boolean {
  const object = isRecord(event.data) ? event.data.object : null;
  const metadata = isRecord(object) && isRecord(object.metadata) ? object.metadata : {};
  const text = (name: string) => (typeof metadata[name] === "string" ? metadata[name] : null);
  return namesUs(scope, { tenantId: text(TENANT_KEY), environmentId: text(ENVIRONMENT_KEY) }) === "us";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
