// Wants work done outside: a row of the outbox, written with its cause. After the transaction its message goes to
// the queue; what did not get there is enqueued later.

import type { Book } from "../book.ts";
import type { Work } from "./work.ts";

/** @param options.again also where it is there already and has given up or waits: it is done once more */
export function want(book: Book, work: Work, options: { again?: boolean } = {}): void {
  const { tenantId, environmentId } = book.scope;
  const { kind, id, ...subject } = work;
  const message = JSON.stringify({ ...subject, ...book.scope, kind, jobId: id });
  const written = book.sql.run(
    `INSERT INTO jobs (environment_id, id, tenant_id, kind, message, status, created_at_ms, updated_at_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ?6, ?6)
     ON CONFLICT DO UPDATE SET status = 'pending', enqueued_at_ms = NULL, updated_at_ms = excluded.updated_at_ms
     WHERE ?7 AND jobs.status IN ('dead', 'waiting')`,
    environmentId,
    id,
    tenantId,
    kind,
    message,
    book.nowMs,
    options.again ? 1 : 0,
  );
  if (written > 0) book.wanted.push(work);
}
