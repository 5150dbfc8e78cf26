// The security log: what befell credentials, apart from the log of requests. Each entry is a line of the channel
// `security`, and a row that an admin key can read. What anybody can cause at will has one row an hour at most; an act
// never fails because it could not be noted.

import { and, desc, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../http/list.ts";
import { cleanDetail } from "../platform/audit-detail.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { RECORDS_KEPT_DAYS } from "../platform/kept-times.ts";
import { errorText } from "../platform/logger.ts";
import { afterPosition } from "../platform/paging.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { forgetInRounds } from "../platform/retention.ts";
import type { AuditDetail } from "../platform/tables/calls.ts";
import { securityLog } from "./session-tables.ts";

/** Under which scope it stands that belongs to no environment: the console and ROOT_TOKEN. */
export const ROOT_SCOPE: Scope = { tenantId: "root", environmentId: "root" };

export const SECURITY_EVENTS = [
  "api_key.used",
  "api_key.refused",
  "connection_secret.used",
  "session.link_made",
  "session.opened",
  "session.refused",
  "session.confirmed",
  "session.ended",
  "export.made",
  "settings.changed",
] as const;

export type SecurityEvent = {
  event: (typeof SECURITY_EVENTS)[number];
  outcome: "ok" | "refused";
  /** Whose it is; null: nobody's that is known, and then it is a line alone. */
  scope: Scope | null;
  keyId?: string | null;
  detail?: AuditDetail;
  /** Where it can be caused at will: of all with the same words one row an hour is kept. */
  oncePerHour?: string;
};

export type SecurityLogRow = typeof securityLog.$inferSelect;

const HOUR_MS = 60 * 60 * 1000;
const KEPT_MS = RECORDS_KEPT_DAYS * 24 * HOUR_MS;

// Rows of this hour that are there already: an isolate asks the directory once for each.
const noted = new RecentMap<string, number>(1_000);

/** Notes what happened. Never throws. */
export async function noteSecurity(deps: Deps, entry: SecurityEvent): Promise<void> {
  const { scope, event, outcome, keyId = null, oncePerHour } = entry;
  const now = deps.now();
  const hour = Math.floor(now / HOUR_MS);
  const mark = oncePerHour === undefined ? null : `${scope?.environmentId ?? ""}/${event}/${oncePerHour}`;
  if (mark !== null && noted.get(mark) === hour) return;
  if (mark !== null) noted.set(mark, hour);
  const detail = cleanDetail(entry.detail ?? {});
  const { kind, id, name = null, ip } = deps.actor;
  deps.log.with({ channel: "security" }).info(event, {
    outcome,
    tenant: scope?.tenantId,
    environment: scope?.environmentId,
    actor_kind: kind,
    actor_id: id,
    key_id: keyId,
    ip,
    detail: JSON.stringify(detail),
  });
  if (scope === null) return;
  const row: SecurityLogRow = {
    environmentId: scope.environmentId,
    id: mark === null ? newId("sec") : `sec_${hour}_${event}_${oncePerHour}`,
    tenantId: scope.tenantId,
    event,
    outcome,
    actorKind: kind,
    actorId: id,
    actorName: name,
    keyId,
    ip,
    traceId: deps.traceId,
    detail,
    createdAtMs: now,
  };
  try {
    await onDatabase(() => deps.directory.insert(securityLog).values(row).onConflictDoNothing().run());
  } catch (error) {
    deps.log.error("not noted in the security log", { event, error: errorText(error) });
  }
}

export type SecurityLogFilter = {
  event?: string | undefined;
  keyId?: string | undefined;
  /** ms */
  createdAfterMs?: number | undefined;
  createdBeforeMs?: number | undefined;
};

/** An environment's, newest first; one more than the limit, when there are more. */
export function readSecurityLog(
  deps: Deps,
  { environmentId }: Scope,
  { filter, page }: { filter: SecurityLogFilter; page: PageRequest },
): Promise<SecurityLogRow[]> {
  const query = deps.directory
    .select()
    .from(securityLog)
    .where(and(eq(securityLog.environmentId, environmentId), meets(filter), after(page)))
    .orderBy(desc(securityLog.createdAtMs), desc(securityLog.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

/** One of an environment's by its id. */
export async function findSecurityEntry(
  deps: Deps,
  { environmentId }: Scope,
  id: string,
): Promise<SecurityLogRow | undefined> {
  const isIt = and(eq(securityLog.environmentId, environmentId), eq(securityLog.id, id));
  return onDatabase(() => deps.directory.select().from(securityLog).where(isIt).get());
}

/** Forgets what is older than 400 days, in rounds; called by cron. @returns how many went */
export function forgetSecurityLog(deps: Deps): Promise<number> {
  return forgetInRounds(async (limit) => {
    const old = sql`DELETE FROM ${securityLog} WHERE (environment_id, id) IN (
      SELECT environment_id, id FROM ${securityLog} WHERE created_at_ms < ${deps.now() - KEPT_MS}
      ORDER BY created_at_ms LIMIT ${limit}) RETURNING 1`;
    return (await onDatabase(() => deps.directory.all(old))).length;
  });
}

function meets({ event, keyId, createdAfterMs, createdBeforeMs }: SecurityLogFilter): SQL | undefined {
  return and(
    event === undefined ? undefined : eq(securityLog.event, event),
    keyId === undefined ? undefined : eq(securityLog.keyId, keyId),
    createdAfterMs === undefined ? undefined : gte(securityLog.createdAtMs, createdAfterMs),
    createdBeforeMs === undefined ? undefined : lt(securityLog.createdAtMs, createdBeforeMs),
  );
}

function after(page: PageRequest): SQL | undefined {
  return afterPosition(page.after, securityLog.createdAtMs, securityLog.id);
}
