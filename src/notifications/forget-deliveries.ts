// Deletes what was sent long ago; called by cron until the ledgers' own alarms do it.

import { ledger } from "../ledger/client.ts";
import type { Deps } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import { forgetInRounds, retainedSinceMs } from "../platform/retention.ts";

// The schedule of tries takes more than a day, and a retry by hand begins it anew.
const NEEDED_DAYS = 3;

/** Returns how many went, up to 5,000 of each environment. */
export function forgetDeliveries(deps: Deps): Promise<number> {
  const beforeMs = retainedSinceMs(deps, NEEDED_DAYS);
  return eachEnvironment(deps, (scope) =>
    forgetInRounds((limit) => ledger(deps, scope).forgetOldDeliveries({ beforeMs, limit })),
  );
}
