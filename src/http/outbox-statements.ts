// Work wanted in SQL, by rooms that have not moved into the ledger yet. It goes with the last of them.

import { type SQL, sql } from "drizzle-orm";
import { ledger } from "../ledger/client.ts";
import type { Work } from "../ledger/outbox/work.ts";
import type { Database, Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";

/** The statement that wants work done, beside its cause. Then call {@link enqueueInserted}. */
export function insertWork(database: Database, { kind, id, ...subject }: Work, nowMs: number): Statement {
  return database.run(sql`
    INSERT INTO outbox (id, kind, subject, status, due_at_ms, created_at_ms, updated_at_ms)
    VALUES (${id}, ${kind}, ${JSON.stringify(subject)}, 'wanted', ${nowMs}, ${nowMs}, ${nowMs})
    ON CONFLICT DO NOTHING`);
}

/** The statement that ends work. @param when a condition in SQL, asked when the commit comes to it */
export function deleteWork(database: Database, id: string, when: SQL): Statement {
  return database.run(sql`DELETE FROM outbox WHERE id = ${id} AND ${when}`);
}

/** Enqueues what a commit has just inserted; where that fails, the alarm does it: no error. */
export async function enqueueInserted(deps: Deps, scope: Scope): Promise<void> {
  try {
    await ledger(deps, scope).enqueueDue({});
  } catch (error) {
    const fields = { tenant: scope.tenantId, environment: scope.environmentId, error: errorText(error) };
    deps.log.warn("work left to the alarm", fields);
  }
}
