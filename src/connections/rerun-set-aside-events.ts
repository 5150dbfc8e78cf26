// Decides again the events that came while the connection was off, or between it and a former one to the same account,
// oldest first: they go on the queue like any other, and what was processed before stays as it is.

import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { toScope } from "../platform/scope.ts";
import { findIdsOfSameAccount } from "./store.ts";

// Stripe tries for three days; what is older was for reconciliation long before.
const SET_ASIDE_LIMIT = 1_000;

/**
 * Called when the connection is switched on, and by each reconciliation for what is left.
 * @throws AppError retryable when the database or the queue does not answer
 */
export async function rerunSetAsideEvents(deps: Deps, scope: Scope, connectionId: string): Promise<void> {
  const connectionIds = await findIdsOfSameAccount(deps, scope, connectionId);
  const found = await ledger(deps, scope).listSetAsideEvents({ connectionIds, limit: SET_ASIDE_LIMIT });
  await deps.queues.enqueueStripeEvents(
    found.map(({ id: eventId, ...receipt }) => ({
      ...toScope(scope),
      ...receipt,
      connectionId,
      eventId,
      body: null,
    })),
  );
}
