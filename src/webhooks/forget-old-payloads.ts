// Forgets the payloads of old events; their rows and outcomes stay. What may still be decided keeps its payload
// however old it is: what failed or is dead, and what was set aside while the connection was off.

import { type SQL, sql } from "drizzle-orm";
import { commit, commitAndRead } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import { forgetInRounds, retainedSinceMs } from "../platform/retention.ts";
import { webhookEvents, webhookPayloads } from "../platform/tables/webhook-events.ts";

// A payload may be kept before its event has a row, while the message is in the queue: at most 14 days
// (https://developers.cloudflare.com/queues/platform/limits/).
const WITHOUT_ROW_DAYS = 15;
const KEPT_A_RUN = 1_000;

/**
 * Returns how many went. Called by cron. What may not go yet is marked, so that a run costs what it forgets and
 * not what is kept. @throws AppError `database_unavailable`
 */
export function forgetOldPayloads(deps: Deps): Promise<number> {
  return eachEnvironment(deps, (scope) => forgetOfOne(deps, scope));
}

async function forgetOfOne(deps: Deps, scope: Scope): Promise<number> {
  const database = deps.database(scope);
  const gone = await forgetInRounds(async (limit) => {
    const old = oldPayloads(deps, MAY_GO, limit);
    // What waited for a payment could not be read any more when that comes.
    const unwaiting = database.run(sql`UPDATE ${webhookEvents} SET waits_for = NULL
      WHERE waits_for IS NOT NULL AND (environment_id, stripe_event_id) IN (${old})`);
    const forgetting = database.run(sql`DELETE FROM ${webhookPayloads}
      WHERE (environment_id, stripe_event_id) IN (${old}) RETURNING 1`);
    return (await commitAndRead(database, [unwaiting], forgetting)).length;
  });
  const kept = oldPayloads(deps, sql`NOT (${MAY_GO})`, KEPT_A_RUN);
  const keeping = database.run(sql`UPDATE ${webhookPayloads} SET is_kept = 1
    WHERE (environment_id, stripe_event_id) IN (${kept})`);
  await commit(database, [keeping]);
  return gone;
}

const MAY_GO = sql`CASE
  WHEN e.status IS NULL THEN TRUE
  WHEN e.status = 'ignored' THEN e.reason IS NOT 'connection_disabled'
  ELSE e.status = 'processed' END`;

/** Past their age and not looked at before, the oldest first. */
function oldPayloads(deps: Deps, which: SQL, limit: number): SQL {
  const withoutRowSinceMs = retainedSinceMs(deps, WITHOUT_ROW_DAYS);
  return sql`SELECT p.environment_id, p.stripe_event_id FROM ${webhookPayloads} AS p
    LEFT JOIN ${webhookEvents} AS e
      ON e.environment_id = p.environment_id AND e.stripe_event_id = p.stripe_event_id
    WHERE p.is_kept = 0 AND p.received_at_ms < ${retainedSinceMs(deps)} AND ${which}
      AND (e.status IS NOT NULL OR p.received_at_ms < ${withoutRowSinceMs})
    ORDER BY p.received_at_ms LIMIT ${limit}`;
}
