// All SQL on sessions. A session is a row: whatever ends it, ends it in every browser at the next request.

import { and, desc, eq, gt, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { commit, commitAndRead, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { afterPosition } from "../platform/paging.ts";
import { forgetInRounds } from "../platform/retention.ts";
import { toRow } from "../platform/table-row.ts";
import { dashboardSessions } from "./session-tables.ts";

export type SessionRow = typeof dashboardSessions.$inferSelect;

/** The columns of one that nobody opened yet, for the ways that have not all of them. */
export const UNOPENED = {
  role: null,
  rights: null,
  actorId: null,
  actorName: null,
  actorEmail: null,
  returnUrl: null,
  linkHash: null,
  openedAtMs: null,
  confirmedAtMs: null,
  lastSeenAtMs: null,
  endedAtMs: null,
  ip: null,
} as const satisfies Partial<SessionRow>;

export async function insertSession(deps: Deps, row: SessionRow, audit: Statement[] = []): Promise<void> {
  await commit(deps.directory, [deps.directory.insert(dashboardSessions).values(row), ...audit]);
}

export async function findSessionRow(
  deps: Deps,
  { environmentId }: Pick<Scope, "environmentId">,
  id: string,
): Promise<SessionRow | undefined> {
  const query = deps.directory
    .select()
    .from(dashboardSessions)
    .where(and(eq(dashboardSessions.environmentId, environmentId), eq(dashboardSessions.id, id)));
  return onDatabase(() => query.get());
}

/** The session of a link, whatever became of it. @param linkHash SHA-256 of the token */
export async function findSessionByLink(deps: Deps, linkHash: string): Promise<SessionRow | undefined> {
  const query = deps.directory
    .select()
    .from(dashboardSessions)
    .where(eq(dashboardSessions.linkHash, linkHash));
  return onDatabase(() => query.get());
}

/** Opens the session of a link that was not used; of several at once one does. Null: used, too old or ended. */
export async function openByLink(deps: Deps, linkHash: string): Promise<SessionRow | null> {
  const now = deps.now();
  const [row] = await commitAndRead(
    deps.directory,
    [],
    deps.directory
      .update(dashboardSessions)
      .set({
        openedAtMs: now,
        confirmedAtMs: now,
        lastSeenAtMs: now,
        expiresAtMs: sql`${now} + lasts_ms`,
        ip: deps.actor.ip,
      })
      .where(
        and(
          eq(dashboardSessions.linkHash, linkHash),
          isNull(dashboardSessions.openedAtMs),
          isNull(dashboardSessions.endedAtMs),
          gt(dashboardSessions.expiresAtMs, now),
        ),
      )
      .returning(),
  );
  return row ? toRow(dashboardSessions, row) : null;
}

/** Sets a moment of a session. */
export async function markSession(
  deps: Deps,
  { environmentId, id }: Pick<SessionRow, "environmentId" | "id">,
  moment: "confirmedAtMs" | "lastSeenAtMs" | "endedAtMs",
): Promise<void> {
  const mine = and(eq(dashboardSessions.environmentId, environmentId), eq(dashboardSessions.id, id));
  const first = moment === "endedAtMs" ? isNull(dashboardSessions.endedAtMs) : undefined;
  const set = deps.directory.update(dashboardSessions).set({ [moment]: deps.now() });
  await commit(deps.directory, [set.where(and(mine, first))]);
}

/** Whose sessions: all of a person, all that were opened with a key itself, or all of the environment. */
export type SessionOwner = { actorId: string } | { keyId: string } | "all";

/** Ends all sessions of somebody, and links that were not used yet. @returns how many */
export async function endSessionsOf(
  deps: Deps,
  { environmentId }: Scope,
  owner: SessionOwner,
  audit: Statement[] = [],
): Promise<number> {
  const ended = await commitAndRead(
    deps.directory,
    audit,
    deps.directory
      .update(dashboardSessions)
      .set({ endedAtMs: deps.now() })
      .where(and(eq(dashboardSessions.environmentId, environmentId), isOpen(deps), isOf(owner)))
      .returning({ id: dashboardSessions.id }),
  );
  return ended.length;
}

/** Those that are open, newest first; one more than the limit, when there are more. */
export function listSessions(
  deps: Deps,
  { environmentId }: Scope,
  page: PageRequest,
  owner: SessionOwner = "all",
): Promise<SessionRow[]> {
  const query = deps.directory
    .select()
    .from(dashboardSessions)
    .where(
      and(
        eq(dashboardSessions.environmentId, environmentId),
        isOpen(deps),
        isNotNull(dashboardSessions.openedAtMs),
        isOf(owner),
        afterPosition(page.after, dashboardSessions.createdAtMs, dashboardSessions.id),
      ),
    )
    .orderBy(desc(dashboardSessions.createdAtMs), desc(dashboardSessions.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** Forgets those that are over, in rounds; called by cron. @returns how many went */
export function forgetSessions(deps: Deps): Promise<number> {
  return forgetInRounds(async (limit) => {
    const over = sql`DELETE FROM ${dashboardSessions} WHERE (environment_id, id) IN (
      SELECT environment_id, id FROM ${dashboardSessions} WHERE expires_at_ms < ${deps.now()}
      ORDER BY expires_at_ms LIMIT ${limit}) RETURNING 1`;
    return (await onDatabase(() => deps.directory.all(over))).length;
  });
}

function isOpen(deps: Deps): SQL | undefined {
  return and(isNull(dashboardSessions.endedAtMs), gt(dashboardSessions.expiresAtMs, deps.now()));
}

function isOf(owner: SessionOwner): SQL | undefined {
  if (owner === "all") return undefined;
  if ("actorId" in owner) return eq(dashboardSessions.actorId, owner.actorId);
  return and(eq(dashboardSessions.keyId, owner.keyId), eq(dashboardSessions.way, "key"));
}
