// Sends again, after an outage at the platform's end, what a destination did not take.

import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/** How many deliveries one call sends again. */
export const RECOVERY_LIMIT = 50_000;

export type Recovery = {
  /** How many are sent again. */
  recovered: number;
  /** There are more than one call takes: call again. */
  hasMore: boolean;
};

/**
 * Retries every failed delivery since `sinceMs` whose message is still kept, up to 50,000 a call: oldest first, ten
 * a second.
 * @param input.sinceMs ms; by when the delivery was made
 * @throws AppError `not_found`; `conflict` when the destination is switched off; `database_unavailable`
 */
export async function recoverDeliveries(
  deps: Deps,
  scope: Scope,
  destinationId: string,
  { sinceMs }: { sinceMs: number },
): Promise<Recovery> {
  // In parts, so that the ledger has time for others in between.
  for (let recovered = 0; ; ) {
    const part = await ledger(deps, scope).restartFailed({ destinationId, sinceMs, before: recovered });
    recovered += part.restarted;
    if (!part.hasMore || recovered >= RECOVERY_LIMIT) return { recovered, hasMore: part.hasMore };
  }
}
