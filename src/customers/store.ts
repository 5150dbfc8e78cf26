// SQL on customers; what has to do with Stripe is in sync-store.ts.

import { and, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { DELETED_NAME } from "../ledger/customers/customer-state.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { customers } from "../platform/tables/customers.ts";

export type CustomerRow = typeof customers.$inferSelect;

/** Undefined for one that was deleted, too. */
export async function findCustomer(deps: Deps, scope: Scope, id: string): Promise<CustomerRow | undefined> {
  const row = await findCustomerEvenDeleted(deps, scope, id);
  return row?.deletedAtMs === null ? row : undefined;
}

/** The row, which outlives its customer. */
export async function findCustomerEvenDeleted(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<CustomerRow | undefined> {
  const query = deps.database(scope).select().from(customers).where(customerIn(scope, id));
  return onDatabase(() => query.get());
}

/** Our customer of a Stripe customer. One that was deleted is found as well: what is Stripe's stays its history. */
export async function findCustomerByStripeId(
  deps: Deps,
  scope: Scope,
  stripeCustomerId: string,
): Promise<CustomerRow | undefined> {
  const mine = and(
    eq(customers.environmentId, scope.environmentId),
    eq(customers.stripeCustomerId, stripeCustomerId),
  );
  return onDatabase(() => deps.database(scope).select().from(customers).where(mine).get());
}

export async function listCustomers(deps: Deps, scope: Scope, page: PageRequest): Promise<CustomerRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(customers)
    .where(
      and(
        eq(customers.environmentId, scope.environmentId),
        isNull(customers.deletedAtMs),
        afterPosition(page.after, customers.createdAtMs, customers.id),
      ),
    )
    .orderBy(desc(customers.createdAtMs), desc(customers.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** The names of these customers by id, for a page of at most 90 (D1's limit is 100 parameters). */
export async function findCustomerNames(
  deps: Deps,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const mine = and(
    eq(customers.environmentId, scope.environmentId),
    inArray(customers.id, [...new Set(ids)]),
  );
  const query = deps
    .database(scope)
    .select({ id: customers.id, name: customers.name })
    .from(customers)
    .where(mine);
  return new Map((await onDatabase(() => query.all())).map((row) => [row.id, row.name]));
}

/** @throws whoever commits it: a unique violation where the id is in use, or was */
export function insertCustomer(database: Database, row: CustomerRow): Statement {
  return database.insert(customers).values(row);
}

/**
 * The statement that changes a customer and raises its revision. Unless the customer is still as it was read,
 * and the condition holds, the whole commit fails with a NOT NULL violation.
 */
export function changeCustomer(
  database: Database,
  known: CustomerRow,
  set: Partial<Omit<CustomerRow, "environmentId" | "id" | "revision">>,
  condition: SQL = sql`TRUE`,
): Statement {
  const isAsRead = sql`revision = ${known.revision} AND deleted_at_ms IS NULL AND ${condition}`;
  return database
    .update(customers)
    .set({
      ...set,
      name: sql`CASE WHEN ${isAsRead} THEN ${set.name ?? known.name} END`,
      revision: known.revision + 1,
    })
    .where(customerIn(known, known.id));
}

/**
 * The statement that erases what is personal and marks the customer as deleted. Unless it is as it was read,
 * and nothing of it is busy, the whole commit fails with a NOT NULL violation.
 */
export function eraseCustomer(
  database: Database,
  known: CustomerRow,
  isBusy: SQL,
  syncStatus: "pending" | "off",
  nowMs: number,
): Statement {
  return changeCustomer(
    database,
    known,
    {
      name: DELETED_NAME,
      email: null,
      phone: null,
      address: null,
      metadata: {},
      syncStatus,
      syncError: null,
      stripeState: null,
      // When it was begun, and where, is still needed to find what it has made.
      stripeCreation: known.stripeCreation && { ...known.stripeCreation, request: null },
      deletedAtMs: nowMs,
      updatedAtMs: nowMs,
    },
    sql`NOT ${isBusy}`,
  );
}

/**
 * A statement that fails its whole commit, as if the database did not answer, when the customer was deleted
 * meanwhile; the next try then says so.
 */
export function assertCustomer(database: Database, scope: Scope, id: string): Statement {
  const isThere = sql`EXISTS (SELECT 1 FROM customers AS customer
    WHERE customer.environment_id = ${scope.environmentId} AND customer.id = ${id}
      AND customer.deleted_at_ms IS NULL)`;
  // SQLite has no statement that raises; an integer overflow does (https://sqlite.org/lang_corefunc.html#abs).
  return database.run(sql`SELECT CASE WHEN ${isThere} THEN 1 ELSE abs(-9223372036854775808) END`);
}

export function customerIn(scope: Pick<Scope, "environmentId">, id: string) {
  return and(eq(customers.environmentId, scope.environmentId), eq(customers.id, id));
}
