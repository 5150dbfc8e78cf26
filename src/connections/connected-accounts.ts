// Whose an account is that is connected by Stripe Connect: the environment that its events go to. What this isolate
// has read serves for seconds, and for ten minutes where the directory cannot be read; that nobody has the account is
// never taken from memory, since it may have been connected a moment ago.

import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { type Jurisdiction, toScope } from "../platform/scope.ts";

export type ConnectedAccount = { scope: Scope; connectionId: string };

const CACHE_TTL_MS = 5_000;
// The ledger decides again.
const LAST_RESORT_MS = 10 * 60_000;
const CACHE_ENTRIES = 10_000;
const known = new RecentMap<string, { readAtMs: number; found: ConnectedAccount }>(CACHE_ENTRIES);

/**
 * The environment that is connected to the account in this mode by Stripe Connect; null where none is.
 * @throws AppError `database_unavailable` (retryable)
 */
export async function findConnectedAccount(
  deps: Deps,
  accountId: string,
  livemode: boolean,
): Promise<ConnectedAccount | null> {
  const key = `${accountId}/${livemode}`;
  const now = deps.now();
  const cached = known.get(key);
  const ageMs = cached ? Math.abs(now - cached.readAtMs) : Number.POSITIVE_INFINITY;
  if (cached && ageMs < CACHE_TTL_MS) return cached.found;
  try {
    const found = await read(deps, accountId, livemode);
    if (found) known.set(key, { readAtMs: now, found });
    else known.delete(key);
    return found;
  } catch (error) {
    if (cached && ageMs < LAST_RESORT_MS) return cached.found;
    throw error;
  }
}

// One statement and no query builder, as at the other door; along `connections_one_grant`, in its own words.
const CONNECTED = `SELECT tenant_id, environment_id, id, jurisdiction FROM connections
  WHERE account_id = ? AND livemode = ? AND auth_type = 'oauth' AND disconnected_at_ms IS NULL`;

type Row = { tenant_id: string; environment_id: string; id: string; jurisdiction: Jurisdiction | null };

async function read(deps: Deps, accountId: string, livemode: boolean): Promise<ConnectedAccount | null> {
  const query = deps.directory.$client.prepare(CONNECTED).bind(accountId, livemode ? 1 : 0);
  const row = await onDatabase(() => query.first<Row>());
  if (!row) return null;
  const { tenant_id: tenantId, environment_id: environmentId, jurisdiction } = row;
  return { scope: toScope({ tenantId, environmentId, jurisdiction }), connectionId: row.id };
}
