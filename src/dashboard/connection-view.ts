// Connections as pages show them: by the API's schema, so that no secret can reach a page either.

import type { DescribedConnection } from "../connections/describe-connections.ts";
import { toConnection } from "../connections/render-connection.ts";
import { getLiveConnection, listConnections, type StoredConnection } from "../connections/store.ts";
import { validSecrets } from "../directory/secret-store.ts";
import { type DashboardContext, pathId } from "./dashboard-env.ts";

const LISTED = { limit: 50, after: null };
const NOTHING_ARRIVED = { eventAtMs: null, webhookAtMs: null };

export type ConnectionsView = {
  /** The environment's one live connection, as it is stored. */
  live: StoredConnection | null;
  former: DescribedConnection[];
};

/** All of the environment's connections, newest first; there are few. */
export async function readConnections(c: DashboardContext): Promise<ConnectionsView> {
  const deps = c.get("deps");
  const stored = await listConnections(deps, c.get("session").principal.scope, LISTED);
  return {
    live: stored.find(({ row }) => row.disconnectedAtMs === null) ?? null,
    former: stored
      .filter(({ row }) => row.disconnectedAtMs !== null)
      .map((one) => toConnection(one, deps, NOTHING_ARRIVED)),
  };
}

/** The live connection that the path names. @throws AppError `not_found`; `conflict` for one that is disconnected */
export function liveConnectionOf(c: DashboardContext): Promise<StoredConnection> {
  return getLiveConnection(c.get("deps"), c.get("session").principal.scope, pathId(c));
}

/** When the present secrets were set, and until when replaced ones are taken as well; ms. Pure. */
export function secretTimes({ secrets }: StoredConnection, nowMs: number) {
  const keys = validSecrets(secrets, "secret_key", nowMs);
  const [present, ...replaced] = validSecrets(secrets, "webhook_secret", nowMs);
  const ends = replaced.flatMap(({ expiresAtMs }) => (expiresAtMs === null ? [] : [expiresAtMs]));
  return {
    keySetAtMs: keys[0]?.createdAtMs ?? null,
    secretSetAtMs: present?.createdAtMs ?? null,
    overlapUntilMs: ends.length === 0 ? null : Math.max(...ends),
  };
}
