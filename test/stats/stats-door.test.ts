import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { announce } from "../../src/ledger/notifications/announce.ts";
import { insertEvent, insertStuckJob } from "../dashboard/rows.ts";
import { call, type Json } from "../harness/api.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { nextPulse } from "../harness/pulse.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createDestination, createReceiver, invoicePaid } from "../notifications/receiver.ts";
import { HOUR, statsOf } from "./stats-fixture.ts";

test("without a range it is the last 24 hours, the present one included, each hour there although nothing was", async () => {
  const world = await createTenantWorld();
  const stats = await statsOf(world);
  const present = Math.floor(Date.now() / HOUR) * HOUR;
  expect(stats.hours).toHaveLength(24);
  const starts = stats.hours.map(({ hour }: Json) => Date.parse(hour));
  expect(starts).toEqual(Array.from({ length: 24 }, (_, index) => present - (23 - index) * HOUR));
  expect(Date.parse(stats.to)).toBe(present + HOUR);
  expect(stats.hours.every(({ events, money }: Json) => events.received === 0 && money.length === 0)).toBe(
    true,
  );
});

test.each([
  ["it ends before it begins", "?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "from"],
  ["it is empty", "?from=2026-11-01T00:00:00Z&to=2026-11-01T00:00:00Z", "from"],
  ["it is longer than 31 days", "?from=2026-11-01T00:00:00Z&to=2026-12-02T00:00:01Z", "from"],
  ["it is no time", "?from=yesterday", "from"],
  ["there is more than a range", "?hours=3", "hours"],
])("a range is refused where %s", async (_, query, path) => {
  const world = await createTenantWorld();
  const answer = await world.api("GET", `/stats${query}`);
  expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([
    422,
    "validation_failed",
    path,
  ]);
});

test.each([
  ["within hours", "from=2026-11-01T10:30:00Z&to=2026-11-01T12:30:00Z", [10, 11, 12]],
  ["on the hour", "from=2026-11-01T10:00:00Z&to=2026-11-01T12:00:00Z", [10, 11]],
  ["a millisecond after it", "from=2026-11-01T10:59:59.999Z&to=2026-11-01T12:00:00.001Z", [10, 11, 12]],
  ["in another zone", "from=2026-11-01T12:00:00%2B02:00&to=2026-11-01T14:00:00%2B02:00", [10, 11]],
  ["of one millisecond", "from=2026-11-01T11:00:00.000Z&to=2026-11-01T11:00:00.001Z", [11]],
])("a range %s has whole hours", async (_, query, wanted) => {
  const world = await createTenantWorld();
  const at = (hour: number) => Date.parse("2026-11-01T00:00:00Z") + hour * HOUR;
  const sql = ledgerSql(world.scope);
  const insert = sql.prepare(
    `INSERT INTO hourly_events (hour_ms, received, processed, ignored, failed, dead, lag_sum_ms, lag_max_ms)
     VALUES (?, ?, 0, 0, 0, 0, 0, 0)`,
  );
  const hours = [9, 10, 11, 12, 13];
  await sql.batch(hours.map((hour) => insert.bind(at(hour), hour)));
  const stats = await statsOf(world, `?${query}`);
  expect(stats.hours.map(({ hour, events }: Json) => [Date.parse(hour), events.received])).toEqual(
    wanted.map((hour) => [at(hour), hour]),
  );
  expect(stats.totals.events.received).toBe(wanted.reduce((sum, hour) => sum + hour, 0));
});

test("31 days can be asked for at once", async () => {
  const world = await createTenantWorld();
  const { hours } = await statsOf(world, "?from=2026-11-01T00:00:00Z&to=2026-12-02T00:00:00Z");
  expect(hours).toHaveLength(31 * 24);
});

test("what is dead, waiting or undelivered now is counted, of this environment alone", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  const scope = world.scope;
  await insertEvent(scope, { id: "evt_d", status: "dead", invoiceId: "inv_1" });
  await insertEvent(scope, { id: "evt_f", status: "failed", invoiceId: "inv_1" });
  await insertEvent(scope, { id: "evt_p", status: "processed", invoiceId: "inv_1" });
  await insertStuckJob(scope, { invoiceId: "inv_1" });
  await insertStuckJob(scope, { invoiceId: "inv_2" });
  await ledgerSql(scope).prepare("UPDATE outbox SET status = 'waiting' WHERE id LIKE '%inv_2%'").run();
  await createDestination(world, createReceiver());
  await inLedger(scope, (book) => announce(book, invoicePaid("inv_1")));
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO deliveries (destination_id, seq, type, message_key, message_id, status, attempts, step, created_at_ms, updated_at_ms, log)
     VALUES ('dest_1', 1, 'invoice.paid', 'inv_0', 'msg_1', 'failed', 9, 9, 1, 1, '[]')`,
    )
    .run();
  expect((await statsOf(world)).present).toEqual({
    failed_events: 1,
    dead_events: 1,
    waiting_jobs: 1,
    dead_jobs: 1,
    undelivered_notifications: 1,
    failed_deliveries: 1,
    failing_destinations: 0,
    bytes: expect.any(Number),
    bytes_limit: 10_000_000_000,
  });
  const nothing = {
    failed_events: 0,
    dead_events: 0,
    waiting_jobs: 0,
    dead_jobs: 0,
    undelivered_notifications: 0,
    failed_deliveries: 0,
    failing_destinations: 0,
    bytes: expect.any(Number),
    bytes_limit: 10_000_000_000,
  };
  expect((await statsOf(other)).present).toEqual(nothing);

  await nextPulse(scope);
  const ready = await call("GET", "https://quittance.test/readyz", { key: env.ROOT_TOKEN });
  const check = ready.body.checks.find(({ name }: Json) => name === "dead_letters");
  expect([ready.status, ready.body.ready, check.ok]).toEqual([200, true, false]);
  expect(check.detail).toMatch(/[1-9]\d* webhook events?, [1-9]\d* jobs?\./);
});
