// Hands to the queues what a ledger wants done: ids only, each to the queue of its kind.

import type { NotificationMessage, Queues, WorkKind, WorkMessage } from "./jobs.ts";
import { type Scope, toScope } from "./scope.ts";

/** What a transaction of a ledger wants done outside, and by what it was caused: see `Deps.trace`. */
export type Wanted = { kind: WorkKind | "deliver"; id: string; trace?: string };

/** @throws AppError `queue_unavailable` (retryable) when a queue did not take all of it */
export async function enqueueWanted(
  queues: Pick<Queues, "enqueueJobs" | "enqueueNotifications">,
  scope: Scope,
  wanted: readonly Wanted[],
): Promise<void> {
  const ours = toScope(scope);
  const work: WorkMessage[] = [];
  const deliveries: NotificationMessage[] = [];
  for (const { kind, id, trace } of wanted) {
    const cause = trace === undefined ? {} : { trace };
    if (kind === "deliver") deliveries.push({ ...ours, kind, deliveryId: id, ...cause });
    else work.push({ ...ours, kind, id, ...cause });
  }
  if (work.length > 0) await queues.enqueueJobs(work);
  if (deliveries.length > 0) await queues.enqueueNotifications(deliveries);
}
