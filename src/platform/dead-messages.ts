// Messages of a queue that could not be read, and so belong to no environment: for an operator to look at.

import { and, desc, eq } from "drizzle-orm";
import { onDatabase } from "./commit.ts";
import type { Deps } from "./deps.ts";
import { UNREADABLE_ENVIRONMENT } from "./keep-unreadable.ts";
import type { JobRow } from "./outbox.ts";
import { afterPosition } from "./paging.ts";
import { jobs } from "./tables/jobs.ts";

/** Newest first; one more than the limit, when there are more. */
export async function listDeadMessages(
  deps: Deps,
  page: { limit: number; after: { timeMs: number; id: string } | null },
): Promise<JobRow[]> {
  const query = deps.directory
    .select()
    .from(jobs)
    .where(and(areUnreadable, afterPosition(page.after, jobs.createdAtMs, jobs.id)))
    .orderBy(desc(jobs.createdAtMs), desc(jobs.id))
    .limit(page.limit + 1);
  return onDatabase(() => query.all());
}

export async function findDeadMessage(deps: Deps, id: string): Promise<JobRow | undefined> {
  const query = deps.directory
    .select()
    .from(jobs)
    .where(and(areUnreadable, eq(jobs.id, id)));
  return onDatabase(() => query.get());
}

const areUnreadable = eq(jobs.environmentId, UNREADABLE_ENVIRONMENT);
