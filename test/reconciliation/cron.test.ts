import { beforeEach, expect, test } from "vitest";
import { ledgerDatabase } from "../../src/ledger/database.ts";
import type { Scope } from "../../src/platform/deps.ts";
import type { WorkMessage } from "../../src/platform/jobs.ts";
import { startDueReconciliations } from "../../src/webhooks/request-reconciliation.ts";
import { countAsked } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

const FIFTEEN_MINUTES = 15 * 60_000;

function notingDeps(now: () => number = () => Date.now()) {
  const sent: string[] = [];
  const usual = testDeps({ now });
  const enqueueJobs = async (messages: readonly WorkMessage[]) =>
    void sent.push(...messages.map(({ id }) => id));
  return { sent, deps: { ...usual, queues: { ...usual.queues, enqueueJobs } } };
}

async function empty({ scope }: TestWorld, tables: readonly string[]): Promise<void> {
  const sql = ledgerSql(scope);
  await sql.batch(tables.map((table) => sql.prepare(`DELETE FROM ${table}`)));
}

test("two crons at once start each run once, and one that has nothing to start asks the directory once, however many connections there are", async () => {
  const worlds: TestWorld[] = [];
  for (let index = 0; index < 12; index++) worlds.push(await createWorld());
  for (const world of worlds) await empty(world, ["outbox", "reconciliations"]);
  const { deps, sent } = notingDeps();
  await startDueReconciliations(deps);
  expect(new Set(sent).size).toBe(sent.length);
  for (const { connectionId } of worlds) expect(sent).toContain(`reconcile/${connectionId}`);
  const asked = await countAsked(() => startDueReconciliations(deps));
  expect(asked).toEqual({ directory: 1, ledgers: worlds.length });

  const later = notingDeps(() => Date.now() + FIFTEEN_MINUTES + 60_000);
  for (const world of worlds) await empty(world, ["outbox"]);
  await Promise.all([startDueReconciliations(later.deps), startDueReconciliations(later.deps)]);
  expect(new Set(later.sent).size).toBe(later.sent.length);
  for (const { connectionId } of worlds) expect(later.sent).toContain(`reconcile/${connectionId}`);
});

test("a reconciliation that gave up or waits is started again when it is due; one that is being tried is left to that", async () => {
  const world = await createWorld();
  const jobId = `reconcile/${world.connectionId}`;
  const setJob = async (status: string, stirredMs: number) => {
    await empty(world, ["outbox"]);
    await ledgerSql(world.scope)
      .prepare(
        `INSERT INTO outbox (id, kind, subject, status, created_at_ms, updated_at_ms)
         VALUES (?, 'reconcile', ?, ?, 1, ?)`,
      )
      .bind(jobId, JSON.stringify({ connectionId: world.connectionId }), status, stirredMs)
      .run();
  };
  let now = Date.now();
  const { deps, sent } = notingDeps(() => now);
  for (const [status, agoMs, isSent] of [
    ["dead", 1_000, true],
    ["waiting", 1_000, true],
    ["wanted", 1_000, false],
    ["wanted", 20 * 60_000, true],
  ] as const) {
    now += 16 * 60_000;
    sent.length = 0;
    await setJob(status, now - agoMs);
    await startDueReconciliations(deps);
    expect([status, agoMs, sent.includes(jobId)]).toEqual([status, agoMs, isSent]);
  }
});

test("a ledger that does not answer does not keep the others from their turn", async () => {
  const worlds = [await createWorld(), await createWorld(), await createWorld()];
  for (const world of worlds) await empty(world, ["outbox", "reconciliations"]);
  const { deps, sent } = notingDeps();
  const [, broken] = worlds;
  const refuse = async () => Promise.reject(new Error("Network connection lost."));
  const database = (scope: Scope) =>
    scope.environmentId === broken?.scope.environmentId
      ? ledgerDatabase({ runStatements: refuse })
      : deps.database(scope);
  await expect(startDueReconciliations({ ...deps, database })).rejects.toThrow();
  expect(worlds.map(({ connectionId }) => sent.includes(`reconcile/${connectionId}`))).toEqual([
    true,
    false,
    true,
  ]);
});
