// All SQL on the states of Stripe Connect. A state is known by its SHA-256 alone, and is used in one statement, so that
// of two callbacks with it one goes on.

import { and, eq, gt, isNull, lte } from "drizzle-orm";
import { connectStates } from "../directory/connection-tables.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";

export type ConnectState = typeof connectStates.$inferSelect;

const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;

export async function insertState(deps: Deps, state: ConnectState): Promise<void> {
  await onDatabase(() => deps.directory.insert(connectStates).values(state).onConflictDoNothing().run());
}

export async function findState(deps: Deps, stateHash: string): Promise<ConnectState | undefined> {
  const query = deps.directory.select().from(connectStates).where(eq(connectStates.stateHash, stateHash));
  return onDatabase(() => query.get());
}

/** Whether it is this call that used the state: it was neither used nor expired. */
export async function takeState(deps: Deps, stateHash: string): Promise<boolean> {
  const now = deps.now();
  const isOpen = and(isNull(connectStates.usedAtMs), gt(connectStates.expiresAtMs, now));
  const use = deps.directory
    .update(connectStates)
    .set({ usedAtMs: now })
    .where(and(eq(connectStates.stateHash, stateHash), isOpen))
    .returning({ stateHash: connectStates.stateHash });
  return (await onDatabase(() => use.all())).length > 0;
}

/** What was used or has expired is known for a day longer, so that it can be said; then it goes. Called by cron. */
export async function forgetConnectStates(deps: Deps): Promise<void> {
  const isOld = lte(connectStates.expiresAtMs, deps.now() - FORGOTTEN_AFTER_MS);
  await onDatabase(() => deps.directory.delete(connectStates).where(isOld).run());
}
