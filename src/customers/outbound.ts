// Whether customers go to Stripe (`sync_config.customer.outbound`), and the job that takes one there.

import { findLiveConnection } from "../connections/store.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { JobMessage } from "../platform/jobs.ts";

export type SyncJob = Extract<JobMessage, { kind: "sync_customer" }>;

/** Also while the connection is switched off or its key is refused: the job then waits for it. */
export async function isOutbound(deps: Deps, scope: Scope): Promise<boolean> {
  const connection = await findLiveConnection(deps, scope);
  return connection?.row.syncConfig.customer.outbound ?? false;
}

/** One job each revision: what runs for an older one never counts for a newer. */
export function syncJob(scope: Scope, customerId: string, revision: number): SyncJob {
  return {
    kind: "sync_customer",
    tenantId: scope.tenantId,
    environmentId: scope.environmentId,
    jobId: `${syncJobsOf(customerId)}/${revision}`,
    customerId,
  };
}

/** What the ids of a customer's jobs begin with; a slash follows, which no customer's id has in it. */
export function syncJobsOf(customerId: string): string {
  return `sync_customer/${customerId}`;
}
