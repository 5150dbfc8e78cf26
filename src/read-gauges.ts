// What is the matter in one environment at this moment, from the features that know: for statistics.

import { ledger } from "./ledger/client.ts";
import type { Deps, Scope } from "./platform/deps.ts";
import type { Gauges } from "./stats/schema.ts";

export async function readGauges(deps: Deps, scope: Scope): Promise<Gauges> {
  const [events, jobs, undeliveredNotifications] = await Promise.all([
    ledger(deps, scope).countUnfinishedEvents({}),
    ledger(deps, scope).countStuckWork({}),
    ledger(deps, scope).countUndelivered({}),
  ]);
  return {
    failedEvents: events.failed,
    deadEvents: events.dead,
    waitingJobs: jobs.waiting,
    deadJobs: jobs.dead,
    undeliveredNotifications,
  };
}
