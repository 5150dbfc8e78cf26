// Counts events by hour, and those that have not ended well. An event is received once, however often it is
// delivered, and it is counted as processed, ignored, failed or dead when it becomes so, not when it stays so.

import { type SQL, sql } from "drizzle-orm";
import { type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import { webhookEvents } from "../platform/tables/webhook-events.ts";
import { countUp } from "../stats/count-up.ts";
import type { Outcome } from "./store.ts";
import type { SignedEvent } from "./verify-signature.ts";

/** The statement for an event's commit; it comes before the one that writes the event's row. */
export function countEvent(
  database: Database,
  message: StripeEventMessage,
  event: SignedEvent,
  status: Outcome["status"],
  nowMs: number,
): Statement {
  const known = (more: SQL) => sql`EXISTS (SELECT 1 FROM ${webhookEvents}
    WHERE environment_id = ${message.environmentId} AND stripe_event_id = ${event.id} ${more})`;
  // Two clocks: an event is not processed before it is made.
  const lagMs = status === "processed" ? Math.max(nowMs - event.created * 1000, 0) : 0;
  return countUp(
    database,
    message,
    sql`SELECT ${message.receivedAtMs} AS at_ms, 'events_received' AS metric, '' AS currency,
        1 AS count, 0 AS sum, 0 AS max
      WHERE NOT ${known(sql``)}
      UNION ALL
      SELECT ${nowMs}, ${`events_${status}`}, '', 1, ${lagMs}, ${lagMs}
      WHERE NOT ${known(sql`AND status IN ('processed', ${status})`)}`,
  );
}

/** How many of a scope's events have failed and are tried again, and how many gave up. */
export async function countUnfinishedEvents(
  deps: Deps,
  scope: Scope,
): Promise<{ failed: number; dead: number }> {
  // Literals, not parameters: only so does SQLite see that the partial index serves.
  const rows = await onDatabase(() =>
    deps.database(scope).all<{ status: string; count: number }>(sql`
      SELECT status, COUNT(*) AS count FROM ${webhookEvents}
      WHERE environment_id = ${scope.environmentId} AND status IN ('failed', 'dead') GROUP BY status`),
  );
  const of = (status: string) => rows.find((row) => row.status === status)?.count ?? 0;
  return { failed: of("failed"), dead: of("dead") };
}
