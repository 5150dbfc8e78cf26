// All SQL on the payloads of webhook events, but for forgetting them (forget-old-payloads.ts).

import { and, eq, sql } from "drizzle-orm";
import { commit, type Database, onDatabase, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { webhookPayloads } from "../platform/tables/webhook-events.ts";

export async function findPayload(deps: Deps, scope: Scope, stripeEventId: string): Promise<string | null> {
  const mine = and(
    eq(webhookPayloads.environmentId, scope.environmentId),
    eq(webhookPayloads.stripeEventId, stripeEventId),
  );
  const query = deps
    .database(scope)
    .select({ payload: webhookPayloads.payload })
    .from(webhookPayloads)
    .where(mine);
  return (await onDatabase(() => query.get()))?.payload ?? null;
}

/** Keeps a payload that is too large for a queue message, before the message goes out. */
export async function keepPayload(
  deps: Deps,
  scope: Scope,
  stripeEventId: string,
  payload: string,
  nowMs: number,
): Promise<void> {
  const database = deps.database(scope);
  await commit(database, [insertPayload(database, scope, stripeEventId, payload, nowMs)]);
}

/** The statement that keeps a payload; one that is there stays. */
export function insertPayload(
  database: Database,
  scope: Scope,
  stripeEventId: string,
  payload: string,
  nowMs: number,
): Statement {
  return database
    .insert(webhookPayloads)
    .values({ environmentId: scope.environmentId, stripeEventId, payload, receivedAtMs: nowMs })
    .onConflictDoUpdate({
      target: [webhookPayloads.environmentId, webhookPayloads.stripeEventId],
      // Its event was worked on again: the payload may go by age once more (forget-old-payloads.ts).
      set: { isKept: false },
      setWhere: sql`webhook_payloads.is_kept = 1`,
    });
}
