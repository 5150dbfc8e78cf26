// Once a day for each connection, a few each minute: the account is asked for again. One connection's
// failure is kept on that connection alone.

import { commit } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { refreshAccount } from "./refresh-account.ts";
import { findDueForRefresh, type StoredConnection, updateConnectionRow } from "./store.ts";
import { wakeWaitingWork } from "./wake-waiting-work.ts";

// Each is a call to Stripe and some queries; the free plan has 50 of either for one run. 10 a minute are
// 14,400 connections a day.
const LIMIT = 10;

/** Called by cron each minute; returns how many were asked for. */
export async function refreshDueAccounts(deps: Deps): Promise<number> {
  const due = await findDueForRefresh(deps, LIMIT);
  for (const stored of due) await refreshOne(deps, stored);
  return due.length;
}

async function refreshOne(deps: Deps, stored: StoredConnection): Promise<void> {
  const { row } = stored;
  const refresh = await refreshAccount(deps, stored);
  await commit(deps.directory, [updateConnectionRow(deps, row, row.id, refresh.set)]);
  if (!refresh.ok) {
    const fields = { tenant: row.tenantId, environment: row.environmentId, code: refresh.error.code };
    deps.log.warn("account not refreshed", fields);
  } else if (row.isActive && refresh.healed) {
    await wakeWaitingWork(deps, row);
  }
}
