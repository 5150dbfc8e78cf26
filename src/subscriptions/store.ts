// All SQL on subscriptions.

import { and, desc, eq, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { subscriptions } from "../platform/tables/subscriptions.ts";

export type SubscriptionRow = typeof subscriptions.$inferSelect;
export type SubscriptionFilter = {
  /** Ours, not Stripe's. */
  customerId?: string | undefined;
  /** Stripe's word. */
  status?: string | undefined;
};

export async function findSubscription(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<SubscriptionRow | undefined> {
  const mine = and(eq(subscriptions.environmentId, scope.environmentId), eq(subscriptions.id, id));
  return onDatabase(() => deps.database(scope).select().from(subscriptions).where(mine).get());
}

export async function listSubscriptions(
  deps: Deps,
  scope: Scope,
  filter: SubscriptionFilter,
  page: PageRequest,
): Promise<SubscriptionRow[]> {
  const query = deps
    .database(scope)
    .select()
    .from(subscriptions)
    .where(
      and(
        eq(subscriptions.environmentId, scope.environmentId),
        filter.customerId === undefined ? undefined : eq(subscriptions.customerId, filter.customerId),
        filter.status === undefined ? undefined : eq(subscriptions.status, filter.status),
        afterPosition(page.after, subscriptions.createdAtMs, subscriptions.id),
      ),
    )
    .orderBy(desc(subscriptions.createdAtMs), desc(subscriptions.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/**
 * The statements that write a row in the place of the one that was read. If that one was written since, they
 * fail their whole commit with a NOT NULL violation.
 * @param row its `revision` is one more than that of the row that was read; 1 where there was none
 */
export function replaceSubscription(database: Database, row: SubscriptionRow): Statement[] {
  const { environmentId, id, ...set } = row;
  const present = sql`COALESCE((SELECT revision FROM subscriptions
    WHERE environment_id = ${environmentId} AND id = ${id}), 0)`;
  return [
    database.run(sql`INSERT INTO subscriptions (environment_id, id)
      SELECT ${environmentId}, NULL WHERE ${present} <> ${row.revision - 1}`),
    database
      .insert(subscriptions)
      .values(row)
      .onConflictDoUpdate({ target: [subscriptions.environmentId, subscriptions.id], set }),
  ];
}
