// Connections as the API answers them: with when an event last arrived, which the ledger knows.

import type * as z from "zod";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { Changed } from "./commit-connection.ts";
import { type changedConnectionSchema, type connectionSchema, toConnection } from "./schema.ts";
import type { StoredConnection } from "./store.ts";

type Connection = z.infer<typeof connectionSchema>;

export async function showConnection(
  deps: Deps,
  scope: Scope,
  stored: StoredConnection,
): Promise<Connection> {
  return toConnection(stored, deps, await ledger(deps, scope).findLastEventAtMs({}));
}

/** A page of them. */
export async function showConnections(
  deps: Deps,
  scope: Scope,
  stored: readonly StoredConnection[],
): Promise<Connection[]> {
  const lastEventAtMs = await ledger(deps, scope).findLastEventAtMs({});
  return stored.map((one) => toConnection(one, deps, lastEventAtMs));
}

/** What was made or changed, with what there is to say of it. */
export async function showChanged(
  deps: Deps,
  scope: Scope,
  { connection, notices }: Changed,
): Promise<z.infer<typeof changedConnectionSchema>> {
  return { ...(await showConnection(deps, scope, connection)), notices };
}
