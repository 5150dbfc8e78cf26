// How well a destination takes what it is sent: counted over a day and a week, of a bounded number of rows, and said alike
// wherever a destination is answered.

import { expect, test } from "vitest";
import { DELIVERIES_COUNTED } from "../../src/platform/bounds.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "./receiver.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

type Made = { count: number; atMs: number; status: string; attempts?: number; step?: number };

/** So many deliveries, made a millisecond apart from a moment on. */
async function insertDeliveries(
  world: Pick<TestWorld, "scope">,
  destinationId: string,
  { count, atMs, status, attempts = 1, step = 0 }: Made,
): Promise<void> {
  await ledgerSql(world.scope)
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?2 - 1)
       INSERT INTO deliveries (destination_id, seq, type, message_key, message_id, status, attempts, step,
         next_attempt_at_ms, succeeded_at_ms, created_at_ms, updated_at_ms, log)
       SELECT ?1, (?3 + i) * 1000, 'invoice.paid', 'inv_' || (?3 + i), 'msg_' || (?3 + i), ?4, ?5, ?6,
         iif(?4 = 'pending', ?3 + i + 3600000, NULL), iif(?4 = 'succeeded', ?3 + i + 5, NULL), ?3 + i, ?3 + i + 5, '[]'
       FROM n`,
    )
    .bind(destinationId, count, atMs, status, attempts, step)
    .run();
}

async function destinationWorld() {
  const world = await createTenantWorld();
  const { id } = await createDestination(world, createReceiver());
  const read = async () => (await world.api("GET", `/event_destinations/${id}`)).body.deliveries;
  return { ...world, id, read };
}

const NONE = { succeeded: 0, failed: 0, retrying: 0, pending: 0, success_rate: null };

test("a day and a week are counted apart; what waits untried counts for nothing, what is older not at all", async () => {
  const world = await destinationWorld();
  expect(await world.read()).toEqual({
    ...{ last_24_hours: NONE, last_7_days: NONE, counted_since: null, next_try_at: null },
    ...{ last_succeeded_at: null, last_failed_at: null },
  });
  const now = Date.now();
  const [old, days, hours] = [now - 8 * DAY, now - 3 * DAY, now - 2 * HOUR];
  await insertDeliveries(world, world.id, { count: 5, atMs: old, status: "failed" });
  await insertDeliveries(world, world.id, { count: 2, atMs: days, status: "failed" });
  await insertDeliveries(world, world.id, { count: 996, atMs: days + HOUR, status: "succeeded" });
  await insertDeliveries(world, world.id, { count: 1, atMs: hours, status: "pending", attempts: 2, step: 2 });
  await insertDeliveries(world, world.id, { count: 2, atMs: hours + 10, status: "succeeded" });
  await insertDeliveries(world, world.id, { count: 3, atMs: hours + 20, status: "pending", attempts: 0 });
  const iso = (ms: number) => new Date(ms).toISOString();
  const counted = {
    last_24_hours: { succeeded: 2, failed: 0, retrying: 1, pending: 3, success_rate: 66.6 },
    last_7_days: { succeeded: 998, failed: 2, retrying: 1, pending: 3, success_rate: 99.7 },
    counted_since: null,
    next_try_at: iso(hours + HOUR),
    last_succeeded_at: iso(hours + 16),
    last_failed_at: iso(hours + 5),
  };
  expect(await world.read()).toEqual(counted);
  // Wherever the destination is answered.
  const [listed] = (await world.api("GET", "/event_destinations")).body.data;
  expect(listed.deliveries).toEqual(counted);
  const changed = await world.api("PATCH", `/event_destinations/${world.id}`, { description: "Billing" });
  expect(changed.body.deliveries).toEqual(counted);
  const rotated = await world.api("POST", `/event_destinations/${world.id}/rotate_secret`);
  expect(rotated.body.deliveries).toEqual(counted);
});

test("it is never 100 where one was not taken, and never more rows are counted than the newest, from a moment that is said", async () => {
  const world = await destinationWorld();
  const begin = Date.now() - 2 * DAY;
  await insertDeliveries(world, world.id, { count: 300, atMs: begin, status: "failed" });
  const counted = begin + HOUR;
  await insertDeliveries(world, world.id, {
    count: DELIVERIES_COUNTED - 1,
    atMs: counted,
    status: "succeeded",
  });
  await insertDeliveries(world, world.id, { count: 1, atMs: counted + HOUR, status: "failed" });
  let seen: Record<string, unknown> = {};
  const { read } = await ledgerRows(world.scope, async () => {
    seen = await world.read();
  });
  expect(seen).toMatchObject({
    last_24_hours: NONE,
    last_7_days: { succeeded: DELIVERIES_COUNTED - 1, failed: 1, success_rate: 99.9 },
    counted_since: new Date(counted).toISOString(),
  });
  // Each is read, and once more as it is grouped.
  expect(read).toBeLessThan(2 * DELIVERIES_COUNTED + 100);
});
