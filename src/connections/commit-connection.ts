// Commits a change of a connection and drops what this isolate has cached of it. Nothing is written to a
// connection that was disconnected meanwhile, and of two changes at once one is refused whole.

import { AppError } from "../platform/app-error.ts";
import { commit, isUniqueViolation, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announceUpdated } from "./announce-connection.ts";
import { forgetCached } from "./open-connection.ts";
import { getLiveConnection, mustBeLive, type StoredConnection } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";

/** A connection as it was changed, and what there is to say of it. */
export type Changed = { connection: StoredConnection; notices: string[] };

/** @throws AppError `conflict` when it was changed or disconnected at the same moment */
export async function commitConnection(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  statements: readonly Statement[],
): Promise<StoredConnection> {
  try {
    await commit(deps.directory, [
      mustBeLive(deps, scope, connectionId),
      ...statements,
      announceUpdated(deps, scope, connectionId),
    ]);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const detail = "The connection was changed or disconnected at the same moment. Look at it and try again.";
    throw new AppError("conflict", { detail, cause: error });
  } finally {
    // Also after a failure: an answer that was lost may have committed.
    forgetCached(scope);
  }
  await tellLedger(deps, scope);
  return getLiveConnection(deps, scope, connectionId);
}
