// All SQL on notifications, but for announcing.

import { and, eq, sql } from "drizzle-orm";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { notifications } from "../platform/tables/notifications.ts";

export type NotificationRow = typeof notifications.$inferSelect;

export async function findNotification(
  deps: Deps,
  scope: Scope,
  id: string,
): Promise<NotificationRow | undefined> {
  const query = deps.database(scope).select().from(notifications).where(notificationIn(scope, id));
  return onDatabase(() => query.get());
}

/** The statement that ends the fanning out. A body that is there stays: each receiver gets the same bytes. */
export function markFannedOut(
  database: Database,
  row: NotificationRow,
  body: string | null,
  nowMs: number,
): Statement {
  return database
    .update(notifications)
    .set({ body: sql`COALESCE(body, ${body})`, sweepAtMs: null, error: null, updatedAtMs: nowMs })
    .where(notificationIn(row, row.id));
}

/** The statement that notes why fanning out failed; `sweepAtMs` null: for good. */
export function noteFanOutFailure(
  database: Database,
  scope: Scope,
  id: string,
  error: string,
  sweepAtMs: number | null,
): Statement {
  return database
    .update(notifications)
    .set({ error, sweepAtMs })
    .where(and(notificationIn(scope, id), sql`sweep_at_ms IS NOT NULL`));
}

function notificationIn(scope: Scope, id: string) {
  return and(
    eq(notifications.environmentId, scope.environmentId),
    eq(notifications.tenantId, scope.tenantId),
    eq(notifications.id, id),
  );
}
