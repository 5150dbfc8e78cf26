// Erases an environment for good: its keys are revoked, its connection is disconnected, what is lost is counted and
// noted, and then its ledger is deleted whole. A call that dies on the way is made again and goes on where it was.

import { disconnect } from "./connect/disconnect.ts";
import { forgetCached } from "./connections/open-connection.ts";
import { findLiveConnection } from "./connections/store.ts";
import { markErased, revokeAllKeys } from "./directory/erase.ts";
import { type EnvironmentRow, findEnvironment } from "./directory/store.ts";
import { eraseLedger, ledger } from "./ledger/client.ts";
import { AppError, invalid, notFound } from "./platform/app-error.ts";
import type { Deps, Scope } from "./platform/deps.ts";
import { toScope } from "./platform/scope.ts";

/**
 * Erased once, it answers the same again.
 * @param confirm the environment's name, so that nobody erases another one by a slip of an id
 * @throws AppError `not_found`; `validation_failed` for a wrong name; `conflict` when the connection is changed at
 * the same moment; `disconnect_unfinished` and `database_unavailable` (retryable)
 */
export async function eraseEnvironment(
  deps: Deps,
  { tenantId, environmentId }: Scope,
  confirm: string,
): Promise<EnvironmentRow> {
  const row = await findEnvironment(deps, { tenantId, environmentId });
  if (!row) throw notFound("environment", environmentId);
  if (confirm !== row.name) {
    const detail = `Give the environment's name, '${row.name}', to erase it with all that it has. It cannot be undone.`;
    throw invalid("confirm", detail);
  }
  const scope = toScope({ tenantId, environmentId, jurisdiction: row.jurisdiction });
  if (row.erasedAtMs === null) {
    // First of all, so that no call makes anything behind what is undone.
    await revokeAllKeys(deps, scope);
    const live = await findLiveConnection(deps, scope);
    const notUndone = live ? (await disconnect(deps, scope, live.row.id)).notUndone : [];
    const lost = await ledger(deps, scope).countLost({});
    await markErased(deps, scope, { ...lost, notUndone });
    forgetCached(scope);
  }
  await eraseLedger(deps, scope);
  const erased = await findEnvironment(deps, scope);
  if (!erased) throw new AppError("internal_error", { detail: "The environment cannot be read any more." });
  return erased;
}
