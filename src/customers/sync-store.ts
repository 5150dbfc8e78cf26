// SQL on what a customer is at Stripe: linked, unlinked, pushed, seen. None of it touches what the platform said.

import { and, eq, isNull, ne, or, sql } from "drizzle-orm";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { customers, type StripeCreation, type StripeCustomerState } from "../platform/tables/customers.ts";
import { type SyncJob, syncJobsOf } from "./outbound.ts";
import { type CustomerRow, customerIn } from "./store.ts";

/** The statement that keeps a creation in place of another one, if that is still there. */
export function replaceCreation(
  database: Database,
  scope: Scope,
  id: string,
  known: StripeCreation | null,
  next: StripeCreation | null,
): Statement {
  const isStill = sql`stripe_creation IS ${known === null ? null : JSON.stringify(known)}`;
  return database
    .update(customers)
    .set({ stripeCreation: next })
    .where(and(customerIn(scope, id), isNull(customers.deletedAtMs), isStill));
}

export type StripeLink = {
  stripeCustomerId: string;
  stripeAccountId: string;
  stripeState: StripeCustomerState;
  stripeSeenAtMs: number;
};

/** The statement that stores a Stripe customer which was just made, if there is none yet in its account. */
export function linkMadeCustomer(
  database: Database,
  scope: Scope,
  id: string,
  link: StripeLink,
  nowMs: number,
): Statement {
  const hasNone = or(isNull(customers.stripeCustomerId), ne(customers.stripeAccountId, link.stripeAccountId));
  return database
    .update(customers)
    .set({ ...link, stripeCreation: null, updatedAtMs: nowMs })
    .where(and(customerIn(scope, id), isNull(customers.deletedAtMs), hasNone));
}

/** The statement that keeps what Stripe was seen to have. */
export function noteStripeState(
  database: Database,
  scope: Scope,
  id: string,
  seen: Partial<Omit<CustomerRow, "environmentId" | "id">>,
): Statement {
  return database.update(customers).set(seen).where(customerIn(scope, id));
}

/** The statement that forgets a Stripe customer that is no more. */
export function forgetStripeCustomer(
  database: Database,
  scope: Scope,
  id: string,
  stripeCustomerId: string,
): Statement {
  return database
    .update(customers)
    .set({ stripeCustomerId: null, stripeAccountId: null, stripeState: null, stripeSeenAtMs: null })
    .where(and(customerIn(scope, id), eq(customers.stripeCustomerId, stripeCustomerId)));
}

/** Whether work is still to be done: another try may have done it. */
export async function isToBeDone(deps: Deps, scope: Scope, { id }: SyncJob): Promise<boolean> {
  const query = sql`SELECT EXISTS (SELECT 1 FROM outbox WHERE id = ${id}) AS there`;
  return (await onDatabase(() => deps.database(scope).get<{ there: number }>(query))).there === 1;
}

/**
 * The statements that note a push and end its job, both only if what was pushed is still what there is to push.
 * @param seenAtMs when Stripe answered; null: it did not say
 */
export function notePush(
  database: Database,
  scope: Scope,
  job: SyncJob,
  pushed: { revision: number; state: StripeCustomerState; seenAtMs: number | null },
  nowMs: number,
): Statement[] {
  const { revision, state, seenAtMs } = pushed;
  // A range on the key: `0` follows `/`.
  const begin = syncJobsOf(job.customerId);
  return [
    database
      .update(customers)
      .set({
        syncStatus: "synced",
        syncError: null,
        stripeState: state,
        stripeSeenAtMs: sql`MAX(COALESCE(stripe_seen_at_ms, 0), ${seenAtMs ?? 0})`,
        updatedAtMs: nowMs,
      })
      .where(
        and(
          customerIn(scope, job.customerId),
          eq(customers.revision, revision),
          isNull(customers.deletedAtMs),
        ),
      ),
    // Those that gave up before are made good by it.
    database.run(sql`DELETE FROM outbox
      WHERE id >= ${`${begin}/`} AND id < ${`${begin}0`} AND (id = ${job.id} OR status = 'dead')
      AND EXISTS (SELECT 1 FROM customers AS customer WHERE customer.environment_id = ${scope.environmentId}
        AND customer.id = ${job.customerId} AND customer.revision = ${revision})`),
  ];
}

/** The statement that says that it is not kept in step any more. */
export function noteSyncIsOff(database: Database, scope: Scope, id: string): Statement {
  return database
    .update(customers)
    .set({ syncStatus: "off", syncError: null })
    .where(and(customerIn(scope, id), eq(customers.syncStatus, "pending")));
}

/** A statement that drops the customer's jobs, with what Stripe said to them: nothing is pushed any more. */
export function dropSyncJobs(database: Database, customerId: string): Statement {
  const begin = syncJobsOf(customerId);
  return database.run(sql`DELETE FROM outbox WHERE id >= ${`${begin}/`} AND id < ${`${begin}0`}`);
}

/**
 * A statement that fails its whole commit, with a NOT NULL violation, unless the customer is as it was read: of
 * two events of one second the slower decides again.
 */
export function assertAsRead(database: Database, row: CustomerRow): Statement {
  const asRead = sql`EXISTS (SELECT 1 FROM customers AS customer
    WHERE customer.environment_id = ${row.environmentId} AND customer.id = ${row.id}
      AND customer.revision = ${row.revision} AND customer.sync_status = ${row.syncStatus}
      AND customer.stripe_customer_id IS ${row.stripeCustomerId}
      AND customer.stripe_seen_at_ms IS ${row.stripeSeenAtMs} AND customer.deleted_at_ms IS NULL)`;
  return database.run(sql`INSERT INTO customers (environment_id, id)
    SELECT ${row.environmentId}, NULL WHERE NOT ${asRead}`);
}
