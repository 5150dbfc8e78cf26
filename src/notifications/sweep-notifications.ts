// Puts into the queue what the database says is due: notifications to fan out and deliveries to try. Each is
// claimed by one statement, so that two sweeps at once do not enqueue it twice; lost messages come again.

import { sql } from "drizzle-orm";
import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
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
export async function hastenNotifications(deps: Deps): Promise<void> {
  try {
    await enqueueNotifications(deps, HASTENED_MS, 1);
  } catch (error) {
    deps.log.warn("notifications left to the sweep", { error: errorText(error) });
  }
}

/** Enqueues everything that is due and returns how many; called by cron. */
export async function sweepNotifications(deps: Deps): Promise<number> {
  return (await enqueueNotifications(deps, SWEPT_MS, ROUNDS)) + (await enqueueDueDeliveries(deps));
}

async function enqueueNotifications(deps: Deps, claimMs: number, rounds: number): Promise<number> {
  return inRounds(deps, rounds, notifications, claimMs, ({ id, ...scope }) => ({
    kind: "fan_out",
    ...scope,
    notificationId: id,
  }));
}

async function enqueueDueDeliveries(deps: Deps): Promise<number> {
  return inRounds(deps, ROUNDS, deliveries, SWEPT_MS, ({ id, ...scope }) => ({
    kind: "deliver",
    ...scope,
    deliveryId: id,
  }));
}

type Swept = typeof notifications | typeof deliveries;
type Claimed = { environmentId: string; tenantId: string; id: string };

async function inRounds(
  deps: Deps,
  rounds: number,
  table: Swept,
  claimMs: number,
  messageOf: (claimed: Claimed) => NotificationMessage,
): Promise<number> {
  let enqueued = 0;
  for (let round = 0; round < rounds; round++) {
    const claimed = await claimDue(deps, table, claimMs);
    if (claimed.length > 0) {
      try {
        await deps.queues.enqueueNotifications(claimed.map(messageOf));
      } catch (error) {
        await giveBack(deps, table, claimed);
        throw error;
      }
    }
    enqueued += claimed.length;
    if (claimed.length < BATCH) break;
  }
  return enqueued;
}

/** Takes what is due, oldest first; nobody else takes it for `claimMs`. */
async function claimDue(deps: Deps, table: Swept, claimMs: number): Promise<Claimed[]> {
  const now = deps.now();
  const query = deps.directory
    .update(table)
    .set({ sweepAtMs: now + claimMs })
    .where(sql`(environment_id, id) IN (
      SELECT environment_id, id FROM ${table} WHERE sweep_at_ms <= ${now} ORDER BY sweep_at_ms LIMIT ${BATCH})`)
    .returning({ environmentId: table.environmentId, tenantId: table.tenantId, id: table.id });
  return onDatabase(() => query);
}

/** The queue refused: the next sweep takes them again. */
async function giveBack(deps: Deps, table: Swept, claimed: readonly Claimed[]): Promise<void> {
  const keys = JSON.stringify(claimed.map((row) => [row.environmentId, row.id]));
  const update = deps.directory
    .update(table)
    .set({ sweepAtMs: deps.now() })
    .where(sql`sweep_at_ms IS NOT NULL AND (environment_id, id) IN (
      SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(${keys}))`);
  await commit(deps.directory, [update]);
}
