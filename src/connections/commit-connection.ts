// Commits a change of a connection and drops what this isolate has cached of it. Nothing is written to a
// connection that was disconnected meanwhile, and of two changes at once one is refused whole. What is answered was
// read in the commit: another change may follow at once.

import type { SQL } from "drizzle-orm";
import { AppError } from "../platform/app-error.ts";
import { commitAndReadEach, isUniqueViolation, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announceUpdated } from "./announce-connection.ts";
import { forgetCached } from "./open-connection.ts";
import type { StoredConnection } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";
import { connectionQueries, mustBeLive, toStored } from "./write-connection.ts";

/** A connection as it was changed, and what there is to say of it. */
export type Changed = { connection: StoredConnection; notices: string[] };

type Options = {
  /** Where this holds of the connection's row, it is not what the change was made for: then nothing is changed. */
  unless?: SQL;
  /** What the platform is to hear; that it was updated, unless said otherwise. */
  announcement?: Statement | null;
};

/**
 * @returns the connection as the commit has left it
 * @throws AppError `conflict` (retryable) when it was changed or disconnected at the same moment
 */
export async function commitConnection(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  statements: readonly Statement[],
  { unless, announcement = announceUpdated(deps, scope, connectionId) }: Options = {},
): Promise<StoredConnection> {
  const guarded = [
    mustBeLive(deps, scope, connectionId, unless),
    ...statements,
    ...(announcement === null ? [] : [announcement]),
  ];
  const changed = await commitGuarded(deps, scope, connectionId, guarded);
  await tellLedger(deps, scope);
  return changed;
}

async function commitGuarded(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  statements: readonly Statement[],
): Promise<StoredConnection> {
  try {
    const queries = connectionQueries(deps, scope, connectionId);
    const changed = toStored(await commitAndReadEach(deps.directory, statements, queries));
    if (changed) return changed;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // The ledger may have been narrowed ahead of a change that did not come to be.
    await tellLedger(deps, scope);
    const detail = "The connection was changed or disconnected at the same moment. Look at it and try again.";
    throw new AppError("conflict", { detail, retryable: true, cause: error });
  } finally {
    // Also after a failure: an answer that was lost may have committed.
    forgetCached(scope);
  }
  throw new AppError("internal_error", { detail: "The connection cannot be read any more." });
}

const MOST_ROUNDS = 5;

/**
 * Changes a connection by what it was when the change began: where another change comes in between, the change is
 * made anew for what it is then.
 * @throws AppError what `change` throws; `conflict` where others change it again and again
 */
export async function whileOthersChange<T>(change: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round++) {
    try {
      return await change();
    } catch (error) {
      const isChanged = error instanceof AppError && error.code === "conflict" && error.retryable;
      if (!isChanged || round === MOST_ROUNDS) throw error;
    }
  }
}
