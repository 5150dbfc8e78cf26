// Messages of a queue that cannot be read. They name no environment whose dashboard would show them, so they are
// kept here for an operator: none is ever dropped.

import { desc, eq, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { notFound } from "../platform/app-error.ts";
import { commit, commitAndRead, onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { UNREADABLE } from "../platform/jobs.ts";
import { afterPosition } from "../platform/paging.ts";
import { auditEntry, ROOT_ENVIRONMENT } from "./audit.ts";
import { unreadableMessages } from "./operator-tables.ts";

export type UnreadableMessage = typeof unreadableMessages.$inferSelect;
/** Without its text, which may be large. */
export type UnreadableSummary = Omit<UnreadableMessage, "text"> & { sizeBytes: number };

/** Keeps one; the same id twice is one. @throws AppError `database_unavailable` */
export async function keepUnreadable(
  deps: Deps,
  { error = UNREADABLE, ...message }: { id: string; queue: string; text: string; error?: string },
): Promise<void> {
  const row = { ...message, error, createdAtMs: deps.now() };
  await commit(deps.directory, [deps.directory.insert(unreadableMessages).values(row).onConflictDoNothing()]);
}

/** Newest first; one more than the limit, when there are more. */
export async function listUnreadable(deps: Deps, page: PageRequest): Promise<UnreadableSummary[]> {
  const { id, queue, text, error, createdAtMs } = unreadableMessages;
  const sizeBytes = sql<number>`length(CAST(${text} AS BLOB))`;
  const query = deps.directory
    .select({ id, queue, error, createdAtMs, sizeBytes })
    .from(unreadableMessages)
    .where(afterPosition(page.after, createdAtMs, id))
    .orderBy(desc(createdAtMs), desc(id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

export async function findUnreadable(deps: Deps, id: string): Promise<UnreadableMessage | undefined> {
  const query = deps.directory.select().from(unreadableMessages).where(eq(unreadableMessages.id, id));
  return onDatabase(() => query.get());
}

/** How many there are, counted up to so many. */
export async function countUnreadable(deps: Pick<Deps, "directory">, most: number): Promise<number> {
  const query = sql`SELECT COUNT(*) AS count FROM (SELECT 1 FROM ${unreadableMessages} LIMIT ${most})`;
  return (await onDatabase(() => deps.directory.get<{ count: number }>(query))).count;
}

/** Takes one away for good, by root; the audit log keeps why it was there. @throws AppError `not_found` */
export async function dismissUnreadable(deps: Deps, id: string): Promise<void> {
  const row = await findUnreadable(deps, id);
  if (!row) throw notFound("dead message", id);
  const root = { tenantId: ROOT_ENVIRONMENT, environmentId: ROOT_ENVIRONMENT };
  const entry = auditEntry(deps, root, {
    action: "dead_message.dismissed",
    object: "dead_message",
    objectId: id,
    detail: { queue: row.queue, error: row.error },
    when: sql`EXISTS (SELECT 1 FROM ${unreadableMessages} WHERE id = ${id})`,
  });
  const gone = deps.directory
    .delete(unreadableMessages)
    .where(eq(unreadableMessages.id, id))
    .returning({ id: unreadableMessages.id });
  // Of two calls at once, one did it.
  if ((await commitAndRead(deps.directory, [entry], gone)).length === 0) throw notFound("dead message", id);
}
