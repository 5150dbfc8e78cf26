// What the Connect door refused or passed over, by the hour of the last day. It is of no environment.

import { gt, lte, max, sql, sum } from "drizzle-orm";
import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { connectCounts } from "./operator-tables.ts";

const HOUR_MS = 60 * 60_000;
const KEPT_HOURS = 24;

/** Adds what an isolate has counted. @param more.lastAtMs ms @throws AppError `database_unavailable` */
export async function addConnectCount(
  deps: Deps,
  more: { reason: string; count: number; lastAtMs: number },
): Promise<void> {
  const hour = hourOf(more.lastAtMs);
  const { count, lastAtMs } = connectCounts;
  const insert = deps.directory.insert(connectCounts).values({ ...more, hour });
  const added = insert.onConflictDoUpdate({
    target: [connectCounts.reason, connectCounts.hour],
    set: {
      count: sql`${count} + excluded.count`,
      lastAtMs: sql`MAX(${lastAtMs}, excluded.last_at_ms)`,
    },
  });
  const old = deps.directory.delete(connectCounts).where(lte(connectCounts.hour, hour - KEPT_HOURS));
  await commit(deps.directory, [added, old]);
}

export type ConnectCount = { reason: string; count24h: number; lastAtMs: number };

/** Of the last 24 hours, by reason. @throws AppError `database_unavailable` */
export async function readConnectCounts(deps: Deps): Promise<ConnectCount[]> {
  const { reason, count, hour, lastAtMs } = connectCounts;
  const query = deps.directory
    .select({ reason, count24h: sum(count).mapWith(Number), lastAtMs: max(lastAtMs).mapWith(Number) })
    .from(connectCounts)
    .where(gt(hour, hourOf(deps.now()) - KEPT_HOURS))
    .groupBy(reason)
    .orderBy(reason);
  const rows = await onDatabase(() => query.all());
  return rows.map((row) => ({ ...row, count24h: row.count24h ?? 0, lastAtMs: row.lastAtMs ?? 0 }));
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}
