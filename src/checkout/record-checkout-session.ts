// The statements that record what was seen of a checkout session and tell the platform, once, that it is
// complete. Recording twice changes nothing, in whatever order it is seen.

import type { CheckoutSessionSeen } from "../ledger/checkout/checkout-session.ts";
import { announce } from "../notifications/announce.ts";
import type { Database, Statement } from "../platform/commit.ts";
import type { Scope } from "../platform/deps.ts";
import { customerOf, withoutOurKeys } from "../platform/our-metadata.ts";
import { type CheckoutSessionRow, isNotYetComplete, mergeCheckoutSession } from "./store.ts";

/** @param metadata the caller's own; as Stripe has it where left out */
export function recordCheckoutSession(
  database: Database,
  scope: Scope,
  seen: CheckoutSessionSeen,
  nowMs: number,
  metadata?: Record<string, string>,
): Statement[] {
  const row = rowFor(scope, seen, nowMs, metadata);
  const completed = {
    type: "checkout_session.completed" as const,
    key: seen.sessionId,
    object: { kind: "checkout_session" as const, id: seen.sessionId },
    // A destination that came after the completion does not hear of it by a later event.
    when: isNotYetComplete(scope, seen.sessionId),
  };
  return [
    ...(seen.status === "complete" ? [announce(database, scope, completed, nowMs)] : []),
    mergeCheckoutSession(database, row),
  ];
}

/** The row of a session of which nothing else is known. */
export function rowFor(
  scope: Scope,
  seen: CheckoutSessionSeen,
  nowMs: number,
  metadata = withoutOurKeys(seen.metadata),
): CheckoutSessionRow {
  return {
    environmentId: scope.environmentId,
    id: seen.sessionId,
    mode: seen.mode,
    status: seen.status,
    paymentStatus: seen.paymentStatus,
    customerId: customerOf(seen.metadata),
    stripeCustomerId: seen.stripeCustomerId,
    url: seen.status === "open" ? seen.url : null,
    amountTotalMinor: seen.amountTotalMinor,
    currency: seen.currency,
    clientReferenceId: seen.clientReferenceId,
    metadata,
    successUrl: seen.successUrl,
    cancelUrl: seen.cancelUrl,
    subscriptionId: seen.subscriptionId,
    stripePaymentIntentId: seen.stripePaymentIntentId,
    expiresAtMs: seen.expiresAtMs,
    completedAtMs: seen.status === "complete" ? seen.occurredAtMs : null,
    createdAtMs: seen.createdAtMs ?? seen.occurredAtMs,
    updatedAtMs: nowMs,
  };
}
