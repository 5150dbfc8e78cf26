// Stripe refused the connection's key in the middle of work: the connection says so from now on. Work that
// needs it waits; a new key heals it. What became of a key that was replaced meanwhile says nothing of the new one.

import { type SQL, sql } from "drizzle-orm";
import { validSecrets } from "../directory/secret-store.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announceUpdated, isStill } from "./announce-connection.ts";
import { type ConnectionRow, findConnection, type StoredConnection } from "./store.ts";
import { tellLedger } from "./tell-ledger.ts";
import { updateConnectionRow } from "./write-connection.ts";

const AGAIN_MS = 15 * 60 * 1000;

/**
 * @param used the connection as it was opened for the call: with the key that Stripe refused
 * @param reason Stripe's words, without secrets
 * @returns whether that key is the present one
 */
export async function markConnectionRefused(
  deps: Deps,
  scope: Scope,
  used: StoredConnection,
  reason: string,
): Promise<boolean> {
  const { id } = used.row;
  const version = keyVersion(deps, used);
  const isPresent = isPresentKey(deps, scope, used);
  const wasTaken = isStill(scope, id, sql`error_detail IS NULL`);
  await commit(deps.directory, [
    announceUpdated(deps, scope, id, sql`${wasTaken} AND ${isPresent}`),
    updateConnectionRow(deps, scope, id, { errorDetail: reason, ...soonAgain(deps, used) }, isPresent),
  ]);
  await tellLedger(deps, scope);
  const now = await findConnection(deps, scope, id);
  return now !== undefined && keyVersion(deps, now) === version;
}

/** The platform's key is put right by its operator, whom nobody tells of this connection: Stripe is asked soon. */
function soonAgain(deps: Deps, { row }: StoredConnection): Partial<ConnectionRow> {
  return row.authType === "oauth" ? { accountRefreshDueAtMs: deps.now() + AGAIN_MS } : {};
}

/**
 * A condition for a commit: the key with which the connection was opened is still its key. A connection by Stripe
 * Connect has none that could be replaced.
 */
export function isPresentKey(deps: Deps, scope: Scope, used: StoredConnection): SQL {
  if (used.row.authType === "oauth") return isStill(scope, used.row.id, sql`disconnected_at_ms IS NULL`);
  return sql`(SELECT MAX(version) FROM secrets WHERE environment_id = ${scope.environmentId}
    AND owner_id = ${used.row.id} AND field = 'secret_key') = ${keyVersion(deps, used)}`;
}

/** Each new key has a greater one. */
function keyVersion(deps: Deps, { secrets }: StoredConnection): number | null {
  return validSecrets(secrets, "secret_key", deps.now())[0]?.version ?? null;
}
