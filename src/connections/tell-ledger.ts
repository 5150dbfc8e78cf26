// Tells the environment's ledger of its connection after a change in the directory: what it is now, and what the
// platform is to hear of. A notice is written in the commit of the change and goes once the ledger has it; should
// the call die in between, the next change or cron tells it.

import { and, eq, inArray } from "drizzle-orm";
import { connectionNotices } from "../directory/connection-tables.ts";
import { environments } from "../directory/tables.ts";
import { ledger } from "../ledger/client.ts";
import type { ConnectionNotice } from "../ledger/connection/keep-connection.ts";
import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { noteLedgerBehind } from "./announce-connection.ts";
import { viewOf } from "./render-connection.ts";
import { findConnection, findNewestConnection } from "./store.ts";

type NoticeRow = typeof connectionNotices.$inferSelect;

// More than one change makes; what is left goes with the next round.
const AT_ONCE = 50;

/**
 * @param options.heals the key or the switch was changed, or Stripe takes the key again: what waited goes on
 * @throws AppError `database_unavailable` (retryable): the change is made, and the ledger not told yet
 */
export async function tellLedger(
  deps: Deps,
  scope: Scope,
  options: { heals: boolean } = { heals: false },
): Promise<void> {
  const mine = eq(connectionNotices.environmentId, scope.environmentId);
  const pending = deps.directory.select().from(connectionNotices).where(mine).limit(AT_ONCE);
  const rows = await onDatabase(() => pending.all());
  const newest = await findNewestConnection(deps, scope);
  await ledger(deps, scope).changeConnection({
    connection: newest
      ? {
          id: newest.id,
          accountId: newest.accountId,
          livemode: newest.livemode,
          isActive: newest.isActive,
          isConnected: newest.disconnectedAtMs === null,
          isRefused: newest.errorDetail !== null,
          createdAtMs: newest.createdAtMs,
          syncConfig: newest.syncConfig,
          revision: newest.revision,
        }
      : null,
    // What was not told at once may have been that it healed.
    heals: options.heals || rows.some(({ type }) => type === "ledger.behind"),
    notices: (await Promise.all(rows.map((row) => noticeOf(deps, scope, row)))).flat(),
  });
  if (rows.length === 0) return;
  const told = rows.map(({ id }) => id);
  const forget = deps.directory
    .delete(connectionNotices)
    .where(and(mine, inArray(connectionNotices.id, told)));
  await onDatabase(() => forget.run());
}

/**
 * Switches the ledger's copy off ahead of the directory, so that it takes no payment once the change has returned,
 * nor while it runs. Should the change not come to be, cron gives the ledger the directory's state again.
 * @throws AppError `database_unavailable` (retryable)
 */
export async function narrowLedger(deps: Deps, scope: Scope, connectionId: string): Promise<void> {
  await commit(deps.directory, [noteLedgerBehind(deps, scope, connectionId)]);
  await ledger(deps, scope).narrowConnection({ id: connectionId });
}

/** None where only the ledger is to be told. */
async function noticeOf(deps: Deps, scope: Scope, row: NoticeRow): Promise<ConnectionNotice[]> {
  const { id, type, objectId, createdAtMs } = row;
  if (type === "ledger.behind") return [];
  const stored = await findConnection(deps, scope, objectId);
  // Nothing can be told of it, now or later; and what else there is to tell must not wait for it.
  if (!stored) {
    deps.log.warn("notice of a connection that is not there", { notice: id });
    return [];
  }
  const key = id.slice(`${type}/`.length);
  return [{ type, key, connectionId: objectId, createdAtMs, rows: viewOf(stored, deps) }];
}

/** Tells every ledger that was not told; called by cron. Returns how many. */
export async function tellLedgers(deps: Deps): Promise<number> {
  const { environmentId, tenantId } = connectionNotices;
  const query = deps.directory
    .selectDistinct({ environmentId, tenantId, jurisdiction: environments.jurisdiction })
    .from(connectionNotices)
    .innerJoin(environments, eq(environments.id, environmentId))
    .limit(AT_ONCE);
  const scopes = await onDatabase(() => query.all());
  for (const scope of scopes) {
    try {
      await tellLedger(deps, scope);
    } catch (error) {
      deps.log.warn("ledger not told of its connection", {
        tenant: scope.tenantId,
        environment: scope.environmentId,
        error: errorText(error),
      });
    }
  }
  return scopes.length;
}
