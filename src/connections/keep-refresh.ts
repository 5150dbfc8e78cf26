// Keeps what Stripe said when it was asked for a connection's account, and tells the platform where that is news.

import { type SQL, sql } from "drizzle-orm";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { accountIsNews, announceUpdated, isStill } from "./announce-connection.ts";
import type { AccountRefresh } from "./refresh-account.ts";
import type { ConnectionRow } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";
import { wakeWaitingWork } from "./wake-waiting-work.ts";
import { updateConnectionRow } from "./write-connection.ts";

/**
 * A key or an account that changed while Stripe answered is the newer one: then nothing is kept.
 * @param scope as the caller has it, by which the ledger is found: the row's is a copy
 * @param row the connection as it was when Stripe was asked
 */
export async function keepRefresh(
  deps: Deps,
  scope: Scope,
  row: ConnectionRow,
  refresh: AccountRefresh,
): Promise<void> {
  // Before the row says that it has healed: were this to fail, the next one to ask would still know.
  if (row.isActive && refresh.healed) await wakeWaitingWork(deps, scope);
  const unchanged = sql`revision = ${row.revision}`;
  await commit(deps.directory, [
    announceUpdated(deps, row, row.id, isNews(row, refresh, unchanged)),
    updateConnectionRow(deps, row, row.id, refresh.set, unchanged),
  ]);
  await tellLedger(deps, scope);
}

/** A condition for before the change: the account, or whether Stripe takes the key, is not as it was. */
function isNews(row: ConnectionRow, refresh: AccountRefresh, unchanged: SQL): SQL {
  const { errorDetail } = refresh.set;
  const refusalIsNews = errorDetail !== undefined && (errorDetail === null) !== (row.errorDetail === null);
  const accountNews = refresh.ok ? accountIsNews(row, row.id, refresh.account, refresh.asOfMs) : sql`FALSE`;
  return sql`${isStill(row, row.id, unchanged)} AND (${refusalIsNews ? sql`TRUE` : sql`FALSE`} OR ${accountNews})`;
}
