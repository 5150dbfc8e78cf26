// The outbox and the alarm that stands behind it: nothing that is wanted is lost, done twice at once, or left lying.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { readWorkMessages } from "../../src/platform/jobs.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, ringAlarm } from "../harness/outbox.ts";
import { createOpenInvoice, createTenantWorld, createWorld, testDeps } from "../harness/world.ts";

const MINUTE = 60_000;

/** What goes to the queue of jobs, which takes it and hands it to nobody. */
let sent: string[];
let isDown = false;
beforeEach(() => {
  sent = [];
  vi.spyOn(env.JOBS, "sendBatch").mockImplementation(async (messages) => {
    if (isDown) throw new Error("queue down");
    for (const { body } of messages) sent.push(...(readWorkMessages(body) ?? []).map(({ id }) => id));
    return {} as never;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const idOf = (index: number) => `reconcile/conn_${String(index).padStart(4, "0")}`;

type Put = { kind?: string; subject?: string; status?: string; dueAtMs?: number | null };

/** Rows as they lie in the outbox, due long ago where nothing else is said. */
async function put(scope: Scope, ids: readonly string[], row: Put = {}): Promise<void> {
  const sql = ledgerSql(scope);
  const insert = sql.prepare(
    `INSERT INTO outbox (id, kind, subject, status, due_at_ms, created_at_ms, updated_at_ms)
     VALUES (?, ?, ?, ?, ?, 1, 1)`,
  );
  await sql.batch(
    ids.map((id) =>
      insert.bind(
        id,
        row.kind ?? "reconcile",
        row.subject ?? '{"connectionId":"conn_1"}',
        row.status ?? "wanted",
        row.dueAtMs === undefined ? 1 : row.dueAtMs,
      ),
    ),
  );
}

async function whileDown<T>(ask: () => Promise<T>): Promise<T> {
  isDown = true;
  try {
    return await ask();
  } finally {
    isDown = false;
  }
}

const alarmOf = (scope: Scope): Promise<number | null> =>
  runInDurableObject(env.LEDGER.getByName(ledgerName(scope)), (_, { storage }) => storage.getAlarm());

/** Has each that was sent claimed, as the queue's consumer does: there is nothing to do for any of them. */
async function claimAll(scope: Scope, nowMs: number): Promise<void> {
  const deps = testDeps({ now: () => nowMs });
  for (let done = 0; done < sent.length; done++)
    await ledger(deps, scope).claimWork({ id: sent[done] ?? "" });
}

test("each that is due is enqueued once, however many there are: ten at a time, and the next ones as those are done", async () => {
  const { scope } = await createTenantWorld();
  const ids = Array.from({ length: 1_200 }, (_, index) => idOf(index));
  await put(scope, ids);
  const start = Date.now() + MINUTE;
  // What is left of those that are due is looked at at once again, after the calls that came meanwhile.
  for (let rings = 0; rings < 3; rings++) await ringAlarm(scope, start);
  expect(sent).toHaveLength(10);
  await claimAll(scope, start);
  expect([...sent].sort()).toEqual(ids);
});

test("what is in the queue and could be lost is enqueued again ten minutes later", async () => {
  const { scope } = await createTenantWorld();
  await put(scope, [idOf(1), idOf(2)]);
  const start = Date.now() + MINUTE;
  await ringAlarm(scope, start);
  expect([...sent].sort()).toEqual([idOf(1), idOf(2)]);
  expect(await alarmOf(scope)).toBe(start + 10 * MINUTE);
  await ringAlarm(scope, start + 9 * MINUTE);
  expect(sent).toHaveLength(2);
  await ringAlarm(scope, start + 10 * MINUTE);
  expect(sent.slice(2).sort()).toEqual([idOf(1), idOf(2)]);
});

test("where those that are in the queue are not done within a minute, the next ones are enqueued all the same", async () => {
  const { scope } = await createTenantWorld();
  await put(
    scope,
    Array.from({ length: 25 }, (_, index) => idOf(index)),
  );
  const start = Date.now() + MINUTE;
  await ringAlarm(scope, start);
  expect(sent).toHaveLength(10);
  expect(await alarmOf(scope)).toBe(start + MINUTE);
  await ringAlarm(scope, start + MINUTE);
  await ringAlarm(scope, start + 2 * MINUTE);
  expect(new Set(sent).size).toBe(25);
});

test("what was wanted by a call that died before it reached the queue is enqueued within a minute", async () => {
  const world = await createWorld();
  const before = Date.now();
  const { id } = await whileDown(() => createOpenInvoice(world));
  const alarm = await alarmOf(world.scope);
  expect(alarm).toBeGreaterThanOrEqual(before + MINUTE);
  expect(alarm).toBeLessThan(Date.now() + MINUTE + 1);
  expect(sent).toEqual([]);
  await ringAlarm(world.scope, Date.now() + MINUTE);
  expect(sent).toEqual([`create_payment_link/${id}/1`]);
});

test("the alarm is written only to make it ring sooner, and once nothing is outstanding only for the next reconciliation", async () => {
  const world = await createWorld();
  await createOpenInvoice(world);
  const alarm = await alarmOf(world.scope);
  await createOpenInvoice(world);
  expect(await alarmOf(world.scope)).toBe(alarm);
  await ledgerSql(world.scope).prepare("DELETE FROM outbox").run();
  await ringAlarm(world.scope, Number(alarm));
  const next = await ledgerSql(world.scope)
    .prepare("SELECT next_run_at_ms AS at FROM reconciliations")
    .first<{ at: number }>();
  expect(await alarmOf(world.scope)).toBe(next?.at);
});

test("what another version wrote is left dead and seen, and holds no other up", async () => {
  const { scope } = await createTenantWorld();
  await put(scope, ["of_tomorrow/1"], { kind: "of_tomorrow" });
  await put(scope, [idOf(1)]);
  await ringAlarm(scope);
  expect(sent).toEqual([idOf(1)]);
  expect(await outboxOf(scope)).toMatchObject([
    { id: "of_tomorrow/1", status: "dead", error: expect.stringContaining("another version"), dueAtMs: null },
    { id: idOf(1), status: "wanted" },
  ]);
});

test("what the queue refuses is offered again a minute later, and is in the ledger all the while", async () => {
  const { scope } = await createTenantWorld();
  await put(scope, [idOf(1), idOf(2)]);
  const start = Date.now() + MINUTE;
  await whileDown(() => ringAlarm(scope, start));
  expect(await outboxOf(scope)).toMatchObject([{ status: "wanted" }, { status: "wanted" }]);
  expect(await alarmOf(scope)).toBe(start + MINUTE);
  await ringAlarm(scope, start + MINUTE);
  expect([...sent].sort()).toEqual([idOf(1), idOf(2)]);
});

test("what waits for the connection or is dead is enqueued by no alarm", async () => {
  const { scope } = await createTenantWorld();
  await put(scope, [idOf(1)], { status: "waiting", dueAtMs: null });
  await put(scope, [idOf(2)], { status: "dead", dueAtMs: null });
  await ringAlarm(scope, Date.now() + 24 * 60 * MINUTE);
  expect(sent).toEqual([]);
});
