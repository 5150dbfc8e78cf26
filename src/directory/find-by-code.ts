// Whose payment URL it is: an environment by the code in its tokens, with what its tenant is called.

import { and, eq, isNull, or } from "drizzle-orm";
import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { paymentCode } from "../platform/payment-url.ts";
import { toScope } from "../platform/scope.ts";
import { connections } from "./connection-tables.ts";
import { environments, tenants } from "./tables.ts";

export type NamedScope = {
  scope: Scope;
  tenantName: string;
  /** What its customers know the connected account by. */
  accountName: string | null;
};

const CODED_AT_ONCE = 50;

/**
 * One look-up by index, also for a code that is unknown, once every environment has its own.
 * @returns null for one that is unknown or was erased
 */
export async function findByCode(deps: Deps, code: string): Promise<NamedScope | null> {
  const rows = await select(deps, code);
  const found = rows.find((row) => row.paymentCode === code);
  if (found) {
    if (found.erasedAtMs !== null) return null;
    const { tenantName, account } = found;
    return { scope: toScope(found), tenantName, accountName: account?.displayName ?? null };
  }
  const uncoded = rows.filter((row) => row.paymentCode === null);
  if (uncoded.length === 0) return null;
  await giveCodes(deps, uncoded);
  return findByCode(deps, code);
}

function select(deps: Deps, code: string) {
  const live = and(eq(connections.environmentId, environments.id), isNull(connections.disconnectedAtMs));
  const query = deps.directory
    .select({
      environmentId: environments.id,
      tenantId: environments.tenantId,
      jurisdiction: environments.jurisdiction,
      erasedAtMs: environments.erasedAtMs,
      paymentCode: environments.paymentCode,
      tenantName: tenants.name,
      account: connections.account,
    })
    .from(environments)
    .innerJoin(tenants, eq(tenants.id, environments.tenantId))
    .leftJoin(connections, live)
    // Those that were made before there were codes have none yet.
    .where(or(eq(environments.paymentCode, code), isNull(environments.paymentCode)))
    .limit(CODED_AT_ONCE);
  return onDatabase(() => query.all());
}

function giveCodes(deps: Deps, uncoded: readonly { environmentId: string }[]): Promise<void> {
  const updates = uncoded.map(({ environmentId: id }) =>
    deps.directory
      .update(environments)
      .set({ paymentCode: paymentCode(id) })
      .where(eq(environments.id, id)),
  );
  return commit(deps.directory, updates);
}
