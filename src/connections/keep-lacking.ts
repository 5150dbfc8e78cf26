// Keeps what a restricted key was found to lack, so that the connection says which features work.

import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announceUpdated } from "./announce-connection.ts";
import { isPresentKey } from "./mark-connection-refused.ts";
import type { StoredConnection } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";
import { updateConnectionRow } from "./write-connection.ts";

/**
 * What is as it was is not written again; of a key that was replaced meanwhile it says nothing.
 * @param scope as the caller has it, by which the ledger is found: the row's is a copy
 * @param asked the connection with the key that was tried
 */
export async function keepLacking(
  deps: Deps,
  scope: Scope,
  asked: StoredConnection,
  lacking: readonly string[],
): Promise<void> {
  const { row } = asked;
  const known = row.missingPermissions;
  if (known !== null && JSON.stringify(known) === JSON.stringify(lacking)) return;
  const isSameKey = isPresentKey(deps, row, asked);
  await commit(deps.directory, [
    announceUpdated(deps, row, row.id, isSameKey),
    updateConnectionRow(deps, row, row.id, { missingPermissions: [...lacking] }, isSameKey),
  ]);
  await tellLedger(deps, scope);
}
