// What cannot be read is kept where an operator sees it: a message of a queue is never dropped.

import { commit } from "./commit.ts";
import type { Deps } from "./deps.ts";
import { jobs } from "./tables/jobs.ts";

/** What cannot be read names no environment; it is kept under this one. */
export const UNREADABLE_ENVIRONMENT = "unreadable";

/** Why it cannot be done. */
export const UNREADABLE = "The message does not fit any known shape.";

/** Keeps a message that cannot be read, as a dead job of no environment: seen by an operator, never lost. */
export async function keepUnreadable(
  deps: Deps,
  messageId: string,
  text: string,
  error: string = UNREADABLE,
): Promise<void> {
  const now = deps.now();
  const row = {
    environmentId: UNREADABLE_ENVIRONMENT,
    id: messageId,
    tenantId: "unreadable",
    kind: "unreadable",
    message: text,
    status: "dead" as const,
    error,
    createdAtMs: now,
    updatedAtMs: now,
  };
  await commit(deps.directory, [deps.directory.insert(jobs).values(row).onConflictDoNothing()]);
}
