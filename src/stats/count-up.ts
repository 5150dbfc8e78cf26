// Adds to the counts of an hour, in the commit of what is counted. What must be counted once is selected
// only while it is not there yet, so that this statement comes before the one that writes it.

import { type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import { hourlyStats } from "../platform/tables/stats.ts";

export const HOUR_MS = 60 * 60 * 1000;

/**
 * The statement that adds rows to an environment's counts; one that selects nothing writes nothing.
 * @param rows a SELECT of `at_ms` (any moment of the hour), `metric`, `currency`, `count`, `sum` and `max`
 */
export function countUp(database: Database, scope: { environmentId: string }, rows: SQL): Statement {
  return database.run(sql`
    INSERT INTO ${hourlyStats} (environment_id, hour_ms, metric, currency, count, sum, max)
    SELECT ${scope.environmentId}, at_ms - at_ms % ${HOUR_MS}, metric, currency, count, sum, max
    FROM (${rows}) WHERE TRUE
    ON CONFLICT (hour_ms, metric, currency) DO UPDATE SET
      count = hourly_stats.count + excluded.count,
      sum = hourly_stats.sum + excluded.sum,
      max = MAX(hourly_stats.max, excluded.max)`);
}
