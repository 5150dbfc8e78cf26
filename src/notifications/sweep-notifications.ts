// Puts into the queue what the database says is due: notifications to fan out and deliveries to try. Each is
// claimed by one statement, so that two sweeps at once do not enqueue it twice; lost messages come again.

import { sql } from "drizzle-orm";
import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import type { NotificationMessage } from "../platform/jobs.ts";
import { errorText } from "../platform/logger.ts";
import { deliveries, notifications } from "../platform/tables/notifications.ts";

const BATCH = 100;
// A minute's worth at most: 5,000 of each, more than 80 a second.
const ROUNDS = 50;
// Between the claim and the queue the process may die; after this it is claimed anew.
const HASTENED_MS = 60_000;
// Longer than a busy queue keeps a message waiting; a second message for the same is harmless.
const SWEPT_MS = 10 * 60_000;

/** Enqueues what a commit has just announced, so that it need not wait for the sweep, which is the guarantee. */
export async function hastenNotifications(deps: Deps, scope: Scope): Promise<void> {
  try {
    await enqueueNotifications(deps, scope, HASTENED_MS, 1);
  } catch (error) {
    deps.log.warn("notifications left to the sweep", { error: errorText(error) });
  }
}

/** Enqueues everything that is due and returns how many; called by cron. */
export function sweepNotifications(deps: Deps): Promise<number> {
  return eachEnvironment(
    deps,
    async (scope) =>
      (await enqueueNotifications(deps, scope, SWEPT_MS, ROUNDS)) + (await enqueueDueDeliveries(deps, scope)),
  );
}

async function enqueueNotifications(
  deps: Deps,
  scope: Scope,
  claimMs: number,
  rounds: number,
): Promise<number> {
  return inRounds(deps, scope, rounds, notifications, claimMs, ({ id, ...scope }) => ({
    kind: "fan_out",
    ...scope,
    notificationId: id,
  }));
}

async function enqueueDueDeliveries(deps: Deps, scope: Scope): Promise<number> {
  return inRounds(deps, scope, ROUNDS, deliveries, SWEPT_MS, ({ id, ...scope }) => ({
    kind: "deliver",
    ...scope,
    deliveryId: id,
  }));
}

type Swept = typeof notifications | typeof deliveries;
type Claimed = { environmentId: string; tenantId: string; id: string };

async function inRounds(
  deps: Deps,
  scope: Scope,
  rounds: number,
  table: Swept,
  claimMs: number,
  messageOf: (claimed: Claimed) => NotificationMessage,
): Promise<number> {
  let enqueued = 0;
  for (let round = 0; round < rounds; round++) {
    const claimed = await claimDue(deps, scope, table, claimMs);
    if (claimed.length > 0) {
      try {
        await deps.queues.enqueueNotifications(claimed.map(messageOf));
      } catch (error) {
        await giveBack(deps, scope, table, claimed);
        throw error;
      }
    }
    enqueued += claimed.length;
    if (claimed.length < BATCH) break;
  }
  return enqueued;
}

/** Takes what is due, oldest first; nobody else takes it for `claimMs`. */
async function claimDue(deps: Deps, scope: Scope, table: Swept, claimMs: number): Promise<Claimed[]> {
  const now = deps.now();
  const query = deps
    .database(scope)
    .update(table)
    .set({ sweepAtMs: now + claimMs })
    .where(sql`(environment_id, id) IN (
      SELECT environment_id, id FROM ${table} WHERE sweep_at_ms <= ${now} ORDER BY sweep_at_ms LIMIT ${BATCH})`)
    .returning({ environmentId: table.environmentId, tenantId: table.tenantId, id: table.id });
  return onDatabase(() => query);
}

/** The queue refused: the next sweep takes them again. */
async function giveBack(deps: Deps, scope: Scope, table: Swept, claimed: readonly Claimed[]): Promise<void> {
  const keys = JSON.stringify(claimed.map((row) => [row.environmentId, row.id]));
  const database = deps.database(scope);
  const update = database
    .update(table)
    .set({ sweepAtMs: deps.now() })
    .where(sql`sweep_at_ms IS NOT NULL AND (environment_id, id) IN (
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(${keys}))`);
  await commit(database, [update]);
}
