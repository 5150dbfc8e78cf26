// Connections as the API answers them: with when something last arrived, which the ledger knows.

import type * as z from "zod";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { Changed } from "./commit-connection.ts";
import { toConnection } from "./render-connection.ts";
import type { changedConnectionSchema, connectionSchema } from "./schema.ts";
import type { StoredConnection } from "./store.ts";

export type DescribedConnection = z.infer<typeof connectionSchema>;

export async function describeConnection(
  deps: Deps,
  scope: Scope,
  stored: StoredConnection,
): Promise<DescribedConnection> {
  return toConnection(stored, deps, await ledger(deps, scope).findLastArrivals({}));
}

/** A page of them. */
export async function describeConnections(
  deps: Deps,
  scope: Scope,
  stored: readonly StoredConnection[],
): Promise<DescribedConnection[]> {
  const arrivals = await ledger(deps, scope).findLastArrivals({});
  return stored.map((one) => toConnection(one, deps, arrivals));
}

/** What was made or changed, with what there is to say of it. */
export async function describeChanged(
  deps: Deps,
  scope: Scope,
  { connection, notices }: Changed,
): Promise<z.infer<typeof changedConnectionSchema>> {
  return { ...(await describeConnection(deps, scope, connection)), notices };
}
