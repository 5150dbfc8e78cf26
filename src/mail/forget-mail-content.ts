// The content of old mails goes by age, called by cron: RETENTION_DAYS says how old it may become.

import { ledger } from "../ledger/client.ts";
import type { Deps } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import { forgetInRounds, retainedSinceMs } from "../platform/retention.ts";

/** @returns how many went */
export function forgetOldMailContent(deps: Deps): Promise<number> {
  const beforeMs = retainedSinceMs(deps);
  return eachEnvironment(deps, (scope) =>
    forgetInRounds((limit) => ledger(deps, scope).forgetMailContent({ beforeMs, limit })),
  );
}
