// How deliveries change: each by one statement, so that a try and what came of it are never half written.

import { and, eq, type SQL, sql } from "drizzle-orm";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { deliveries, deliveryAttempts } from "../platform/tables/notifications.ts";
import { LEASE_MS } from "./delivery-state.ts";
import type { Sent } from "./send-message.ts";

export type DeliveryRow = typeof deliveries.$inferSelect;

// A queue may hand a message over a moment before its delay is over.
const EARLY_MS = 1_000;

export function insertDelivery(database: Database, row: DeliveryRow): Statement {
  return database.insert(deliveries).values(row).onConflictDoNothing();
}

/**
 * Takes a delivery for one try: of any number of messages for it at once, one gets it. A try that dies
 * gives it back when its lease is over.
 */
export async function claimDelivery(deps: Deps, scope: Scope, id: string): Promise<DeliveryRow | undefined> {
  const now = deps.now();
  const query = deps
    .database(scope)
    .update(deliveries)
    .set({
      attempts: sql`${deliveries.attempts} + 1`,
      nextAttemptAtMs: now + LEASE_MS,
      sweepAtMs: now + LEASE_MS,
      updatedAtMs: now,
    })
    .where(
      and(
        deliveryIn(scope, id),
        eq(deliveries.status, "pending"),
        sql`${deliveries.nextAttemptAtMs} <= ${now + EARLY_MS}`,
      ),
    )
    .returning();
  const [claimed] = await onDatabase(() => query);
  return claimed;
}

/** The statement that gives a claimed delivery back, as if it had not been tried. */
export function releaseDelivery(database: Database, claimed: DeliveryRow, atMs: number): Statement {
  return database
    .update(deliveries)
    .set({ attempts: claimed.attempts - 1, nextAttemptAtMs: atMs, sweepAtMs: atMs })
    .where(ofTry(claimed));
}

/** The statement that ends a delivery well. A success stands, whatever another try of it says. */
export function succeedDelivery(
  database: Database,
  claimed: DeliveryRow,
  sent: Sent,
  nowMs: number,
): Statement {
  return database
    .update(deliveries)
    .set({
      ...lastTry(sent, null),
      status: "succeeded",
      nextAttemptAtMs: null,
      sweepAtMs: null,
      succeededAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    .where(deliveryIn(claimed, claimed.id));
}

/** The statement that leaves a delivery for its next try. */
export function postponeDelivery(
  database: Database,
  claimed: DeliveryRow,
  sent: Sent,
  error: string,
  next: { atMs: number; sweepAtMs: number },
  nowMs: number,
): Statement {
  return database
    .update(deliveries)
    .set({
      ...lastTry(sent, error),
      step: claimed.step + 1,
      nextAttemptAtMs: next.atMs,
      sweepAtMs: next.sweepAtMs,
      updatedAtMs: nowMs,
    })
    .where(ofTry(claimed));
}

/** The statement that gives a delivery up; it can be retried by hand. */
export function failDelivery(
  database: Database,
  claimed: DeliveryRow,
  sent: Sent | null,
  error: string,
  nowMs: number,
): Statement {
  return database
    .update(deliveries)
    .set({
      ...(sent ? lastTry(sent, error) : { error }),
      status: "failed",
      nextAttemptAtMs: null,
      sweepAtMs: null,
      updatedAtMs: nowMs,
    })
    .where(ofTry(claimed));
}

/**
 * The statement that gives up all that is still to be sent to a destination.
 * @param when only if this holds
 */
export function failPending(
  database: Database,
  scope: Scope,
  destinationId: string,
  error: string,
  nowMs: number,
  when?: SQL,
): Statement {
  return database
    .update(deliveries)
    .set({ status: "failed", error, nextAttemptAtMs: null, sweepAtMs: null, updatedAtMs: nowMs })
    .where(
      and(
        eq(deliveries.environmentId, scope.environmentId),
        // By name: without statistics SQLite reads through all of the environment's deliveries instead.
        sql`${deliveries.id} IN (SELECT id FROM deliveries INDEXED BY deliveries_by_destination
          WHERE environment_id = ${scope.environmentId} AND destination_id = ${destinationId})`,
        eq(deliveries.status, "pending"),
        when,
      ),
    );
}

/**
 * The statement that begins a delivery's schedule anew, from now; it returns a row where it did.
 * @param when only if this holds
 */
export function restartDelivery(
  database: Database,
  scope: Scope,
  id: string,
  nowMs: number,
  when: SQL,
): Statement {
  return database
    .update(deliveries)
    .set({
      status: "pending",
      step: 0,
      nextAttemptAtMs: nowMs,
      sweepAtMs: nowMs,
      succeededAtMs: null,
      updatedAtMs: nowMs,
    })
    .where(and(deliveryIn(scope, id), when))
    .returning({ id: deliveries.id });
}

export function insertAttempt(
  database: Database,
  claimed: DeliveryRow,
  sent: Sent,
  error: string | null,
  nowMs: number,
): Statement {
  return database
    .insert(deliveryAttempts)
    .values({
      environmentId: claimed.environmentId,
      deliveryId: claimed.id,
      attempt: claimed.attempts,
      responseStatus: sent.status,
      response: sent.response,
      durationMs: sent.durationMs,
      error,
      attemptedAtMs: nowMs,
    })
    .onConflictDoNothing();
}

function lastTry(sent: Sent, error: string | null) {
  return { responseStatus: sent.status, durationMs: sent.durationMs, error };
}

/** Only the try that claimed it may say how it goes on: a later one may be under way already. */
function ofTry(claimed: DeliveryRow) {
  return and(
    deliveryIn(claimed, claimed.id),
    eq(deliveries.status, "pending"),
    eq(deliveries.attempts, claimed.attempts),
  );
}

export function deliveryIn(scope: Scope, id: string) {
  return and(
    eq(deliveries.environmentId, scope.environmentId),
    eq(deliveries.tenantId, scope.tenantId),
    eq(deliveries.id, id),
  );
}
