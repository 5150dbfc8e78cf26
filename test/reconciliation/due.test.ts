// The ledger's alarm looks after each active connection every quarter of an hour, however many ledgers there are.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { markConnectionRefused } from "../../src/connections/mark-connection-refused.ts";
import { getLiveConnection } from "../../src/connections/store.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxRow, ringAlarm, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { jobOf, payUnheard, reader, rowOf } from "./reconcile-fixture.ts";

const MINUTE = 60_000;

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

/** Nothing is under way, and the next run is due then. */
async function setDue(world: TestWorld, dueAtMs: number): Promise<void> {
  const sql = ledgerSql(world.scope);
  await sql.batch([
    sql.prepare("DELETE FROM outbox"),
    sql.prepare("UPDATE reconciliations SET next_run_at_ms = ?").bind(dueAtMs),
  ]);
}

const nextRunOf = async (world: TestWorld): Promise<number> => Number((await rowOf(world))?.next_run_at_ms);

test("a run is started when it is due, and not before; the alarm is set for the next one", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const dueAtMs = Date.now() + 15 * MINUTE;
  await setDue(world, dueAtMs);
  await ringAlarm(world.scope, dueAtMs - 1);
  expect(await nextRunOf(world)).toBe(dueAtMs);
  expect((await reader(world, id)()).status).toBe("open");
  const alarm = await runInDurableObject(env.LEDGER.getByName(ledgerName(world.scope)), (_, { storage }) =>
    storage.getAlarm(),
  );
  expect(alarm).toBeLessThanOrEqual(dueAtMs);
  await ringAlarm(world.scope, dueAtMs);
  expect(await nextRunOf(world)).toBe(dueAtMs + 15 * MINUTE);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("a connection that is made is looked at within a quarter of an hour", async () => {
  const world = await createWorld();
  const alarm = await runInDurableObject(env.LEDGER.getByName(ledgerName(world.scope)), (_, { storage }) =>
    storage.getAlarm(),
  );
  expect(alarm).toBeLessThanOrEqual(Date.now() + 15 * MINUTE);
  expect(await nextRunOf(world)).toBeLessThanOrEqual(Date.now() + 15 * MINUTE);
});

test("a run that gave up or waits is started again when it is due; one that is being tried is left to that", async () => {
  const world = await createWorld();
  const id = jobOf(world);
  let now = Date.now();
  for (const [status, attempts] of [
    ["dead", 0],
    ["waiting", 0],
    ["wanted", 7],
  ] as const) {
    now += 16 * MINUTE;
    await setDue(world, now);
    await ledgerSql(world.scope)
      .prepare(
        `INSERT INTO outbox (id, kind, subject, status, attempts, not_before_ms, due_at_ms, created_at_ms, updated_at_ms)
         VALUES (?, 'reconcile', ?, ?, 7, ?, ?, 1, 1)`,
      )
      .bind(id, JSON.stringify({ connectionId: world.connectionId }), status, now + MINUTE, now + MINUTE)
      .run();
    await whileQueueIsDown(() => ringAlarm(world.scope, now));
    expect([status, await outboxRow(world.scope, id)]).toMatchObject([
      status,
      { status: "wanted", attempts },
    ]);
    expect(await nextRunOf(world)).toBe(now + 15 * MINUTE);
  }
});

test.each(["switched off", "refused by Stripe", "disconnected"])(
  "a connection that is %s is left alone",
  async (how) => {
    const world = await createWorld();
    const path = `/connections/${world.connectionId}`;
    if (how === "switched off") await world.api("PATCH", path, { is_active: false });
    else if (how === "disconnected") await world.api("DELETE", path);
    else {
      const connection = await getLiveConnection(testDeps(), world.scope, world.connectionId);
      await markConnectionRefused(testDeps(), world.scope, connection, "Invalid API Key.");
    }
    const dueAtMs = Date.now() + 1;
    await setDue(world, dueAtMs);
    await ringAlarm(world.scope, dueAtMs + MINUTE);
    expect(await nextRunOf(world)).toBe(dueAtMs);
    expect(await outboxRow(world.scope, jobOf(world))).toBeUndefined();
  },
);

test("a run that the queue did not take is enqueued later", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const now = Date.now();
  await setDue(world, now);
  await whileQueueIsDown(() => ringAlarm(world.scope, now));
  expect(await outboxRow(world.scope, jobOf(world))).toMatchObject({ status: "wanted" });
  await ringAlarm(world.scope, now + 2 * MINUTE);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});
