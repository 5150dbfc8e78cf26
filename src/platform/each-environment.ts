// Does something in every environment, one after the other: for cron's chores of rooms whose data has moved into
// the ledgers and whose work has not yet. One environment's failure does not keep the others from their turn.

import { sql } from "drizzle-orm";
import type { Deps, Scope } from "./deps.ts";

/** Returns the sum of what each did. @throws after the last one, where some failed */
export async function eachEnvironment(deps: Deps, run: (scope: Scope) => Promise<number>): Promise<number> {
  const rows = await deps.directory.all<Scope>(
    sql`SELECT id AS environmentId, tenant_id AS tenantId, jurisdiction FROM environments WHERE erased_at_ms IS NULL`,
  );
  const failures: unknown[] = [];
  let done = 0;
  for (const place of rows) {
    try {
      done += await run(place);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 0) throw new AggregateError(failures, "It failed in some environments.");
  return done;
}
