// Once a day for each connection, a few each minute: the account is asked for again, and what is news in it is
// told. One connection's failure is kept on that connection alone.

import type { Deps } from "../platform/deps.ts";
import { keepRefresh } from "./keep-refresh.ts";
import { refreshAccount } from "./refresh-account.ts";
import { findDueForRefresh, type StoredConnection } from "./store.ts";

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
  if (!refresh.ok) {
    const fields = { tenant: row.tenantId, environment: row.environmentId, code: refresh.error.code };
    deps.log.warn("account not refreshed", fields);
  }
  await keepRefresh(deps, row, row, refresh);
}
