// Forgets what was sent to event destinations and what they answered, once it is old. That a message was
// announced, delivered and when stays: a cause is never announced twice.

import { sql } from "drizzle-orm";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import { forgetInRounds, retainedSinceMs } from "../platform/retention.ts";
import { deliveryAttempts, notifications } from "../platform/tables/notifications.ts";

// The schedule of tries takes more than a day, and a retry by hand begins it anew.
const BODY_NEEDED_DAYS = 3;

/** Returns how many went. Called by cron. @throws AppError `database_unavailable` */
export function forgetOldBodies(deps: Deps): Promise<number> {
  return eachEnvironment(
    deps,
    async (scope) => (await forgetBodies(deps, scope)) + (await forgetResponses(deps, scope)),
  );
}

function forgetBodies(deps: Deps, scope: Scope): Promise<number> {
  // What is not fanned out yet (`sweep_at_ms`) is still needed.
  return forgetInRounds((limit) =>
    count(
      deps,
      scope,
      sql`UPDATE ${notifications} SET body = NULL WHERE (environment_id, id) IN (
        SELECT environment_id, id FROM ${notifications}
        WHERE body IS NOT NULL AND created_at_ms < ${retainedSinceMs(deps, BODY_NEEDED_DAYS)}
          AND sweep_at_ms IS NULL
        ORDER BY created_at_ms LIMIT ${limit}) RETURNING 1`,
    ),
  );
}

function forgetResponses(deps: Deps, scope: Scope): Promise<number> {
  return forgetInRounds((limit) =>
    count(
      deps,
      scope,
      sql`UPDATE ${deliveryAttempts} SET response = NULL WHERE (environment_id, delivery_id, attempt) IN (
        SELECT environment_id, delivery_id, attempt FROM ${deliveryAttempts}
        WHERE response IS NOT NULL AND attempted_at_ms < ${retainedSinceMs(deps)}
        ORDER BY attempted_at_ms LIMIT ${limit}) RETURNING 1`,
    ),
  );
}

async function count(deps: Deps, scope: Scope, statement: ReturnType<typeof sql>): Promise<number> {
  return (await onDatabase(() => deps.database(scope).all(statement))).length;
}
