// Whether customers go to Stripe (`sync_config.customer.outbound`), and the job that takes one there.

import { findLiveConnection } from "../connections/store.ts";
import type { WorkOf } from "../ledger/outbox/work.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/** Also while the connection is switched off or its key is refused: the job then waits for it. */
export async function isOutbound(deps: Deps, scope: Scope): Promise<boolean> {
  const connection = await findLiveConnection(deps, scope);
  return connection?.row.syncConfig.customer.outbound ?? false;
}

/** One for each revision: what runs for an older one never counts for a newer. */
export function syncWork(customerId: string, revision: number): WorkOf<"sync_customer"> {
  return { kind: "sync_customer", id: `${syncJobsOf(customerId)}/${revision}`, customerId };
}

/** What the ids of a customer's jobs begin with; a slash follows, which no customer's id has in it. */
export function syncJobsOf(customerId: string): string {
  return `sync_customer/${customerId}`;
}
