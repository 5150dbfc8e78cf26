// All SQL on checkout sessions. A row only moves on: complete is never open again, paid never unpaid, and
// what is known once stays known, whatever comes late.

import { and, eq, type SQL, sql } from "drizzle-orm";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { checkoutSessions } from "../platform/tables/checkout-sessions.ts";

export type CheckoutSessionRow = typeof checkoutSessions.$inferSelect;

export async function findCheckoutSession(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<CheckoutSessionRow | undefined> {
  return onDatabase(() => deps.database(scope).select().from(checkoutSessions).where(rowOf(scope, id)).get());
}

/** Whether a payment of Stripe's is a checkout session's, and so no invoice's. */
export async function isOfCheckoutSession(
  deps: Deps,
  scope: Scope,
  paymentIntentId: string | null,
): Promise<boolean> {
  if (paymentIntentId === null) return false;
  const mine = and(
    eq(checkoutSessions.environmentId, scope.environmentId),
    eq(checkoutSessions.stripePaymentIntentId, paymentIntentId),
  );
  const query = deps.database(scope).select({ id: checkoutSessions.id }).from(checkoutSessions).where(mine);
  return (await onDatabase(() => query.get())) !== undefined;
}

/** The statement that puts what was seen into the session's row, or makes the row. */
export function mergeCheckoutSession(database: Database, row: CheckoutSessionRow): Statement {
  const known = (column: string) => sql`COALESCE(${mine(column)}, ${theirs(column)})`;
  const ofState = (column: string) =>
    sql`CASE WHEN ${rank(theirs)} >= ${rank(mine)} THEN COALESCE(${theirs(column)}, ${mine(column)})
      ELSE ${known(column)} END`;
  return database
    .insert(checkoutSessions)
    .values(row)
    .onConflictDoUpdate({
      target: [checkoutSessions.environmentId, checkoutSessions.id],
      set: {
        status: sql`CASE WHEN ${rank(theirs)} > ${rank(mine)} THEN ${theirs("status")} ELSE ${mine("status")} END`,
        // What is open may still change either way: a promotion code can make it free, and be taken off.
        paymentStatus: sql`CASE
          WHEN ${rank(theirs)} > ${rank(mine)} THEN ${theirs("payment_status")}
          WHEN ${rank(theirs)} = ${rank(mine)}
            AND (${mine("status")} = 'open' OR ${paymentRank(theirs)} > ${paymentRank(mine)})
            THEN ${theirs("payment_status")}
          ELSE ${mine("payment_status")} END`,
        url: sql`CASE WHEN ${mine("status")} = 'open' AND ${theirs("status")} = 'open'
          THEN ${theirs("url")} END`,
        amountTotalMinor: ofState("amount_total_minor"),
        currency: ofState("currency"),
        customerId: known("customer_id"),
        stripeCustomerId: known("stripe_customer_id"),
        clientReferenceId: known("client_reference_id"),
        successUrl: known("success_url"),
        cancelUrl: known("cancel_url"),
        subscriptionId: known("subscription_id"),
        stripePaymentIntentId: known("stripe_payment_intent_id"),
        expiresAtMs: known("expires_at_ms"),
        // Of several events that tell of a completed session, the earliest is its completion.
        completedAtMs: sql`COALESCE(MIN(${mine("completed_at_ms")}, ${theirs("completed_at_ms")}), ${known("completed_at_ms")})`,
        updatedAtMs: theirs("updated_at_ms"),
      },
    });
}

/** SQL that holds until the session's row says that it is complete. */
export function isNotYetComplete(scope: Scope, id: string): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM checkout_sessions
    WHERE environment_id = ${scope.environmentId} AND id = ${id} AND status = 'complete')`;
}

const theirs = (column: string): SQL => sql.raw(`excluded.${column}`);
const mine = (column: string): SQL => sql.raw(`checkout_sessions.${column}`);

function rank(of: (column: string) => SQL): SQL {
  return sql`(CASE ${of("status")} WHEN 'open' THEN 0 WHEN 'expired' THEN 1 ELSE 2 END)`;
}

function paymentRank(of: (column: string) => SQL): SQL {
  return sql`(CASE ${of("payment_status")} WHEN 'unpaid' THEN 0 WHEN 'no_payment_required' THEN 1 ELSE 2 END)`;
}

function rowOf(scope: Scope, id: string) {
  return and(eq(checkoutSessions.environmentId, scope.environmentId), eq(checkoutSessions.id, id));
}
