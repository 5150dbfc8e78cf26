// The connection works again: what waited for it goes on. Safe to call at any time and any number of times.

import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { sweepJobs, wakeJobs } from "../platform/outbox.ts";
import type { ConnectionWork } from "./connection-work.ts";

/** Enqueues the jobs that waited for the connection. When the queue refuses, cron does it: no error. */
export async function wakeWaitingWork(deps: Deps, scope: Scope): Promise<void> {
  const database = deps.database(scope);
  await commit(database, [wakeJobs(database, scope)]);
  try {
    await sweepJobs(deps, scope);
  } catch (error) {
    deps.log.warn("jobs left to the sweep", {
      tenant: scope.tenantId,
      environment: scope.environmentId,
      error: errorText(error),
    });
  }
}

/**
 * The connection was switched on: waiting jobs go on, events that came meanwhile are decided again, and what
 * did not come at all is fetched.
 */
export async function onConnectionEnabled(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  work: Pick<ConnectionWork, "reconcile" | "rerunSetAsideEvents">,
): Promise<void> {
  await wakeWaitingWork(deps, scope);
  await work.rerunSetAsideEvents(deps, scope, connectionId);
  await work.reconcile(deps, scope, connectionId);
}
