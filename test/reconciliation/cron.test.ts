import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import type { JobMessage } from "../../src/platform/jobs.ts";
import { startDueReconciliations } from "../../src/webhooks/request-reconciliation.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, testDeps } from "../harness/world.ts";

beforeEach(async () => {
  sandbox.world.deliveryPolicy.withhold = true;
  await env.DB.batch(["jobs", "reconciliations"].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

function notingDeps(now: () => number = () => Date.now()) {
  const sent: string[] = [];
  const usual = testDeps({ now });
  const enqueueJobs = async (messages: readonly JobMessage[]) =>
    void sent.push(...messages.map(({ jobId }) => jobId));
  return { sent, deps: { ...usual, queues: { ...usual.queues, enqueueJobs } } };
}

test("two crons at once start each run once, in as many queries for many connections as for one", async () => {
  const worlds = [];
  for (let index = 0; index < 12; index++) worlds.push(await createWorld());
  await env.DB.prepare("DELETE FROM jobs").run();
  await env.DB.prepare("DELETE FROM reconciliations").run();
  const { deps, sent } = notingDeps();
  const queries = vi.spyOn(env.DB, "prepare");
  await startDueReconciliations(deps);
  const first = queries.mock.calls.length;
  queries.mockRestore();
  expect(first).toBeLessThanOrEqual(6);
  expect(new Set(sent).size).toBe(sent.length);
  for (const { connectionId } of worlds) expect(sent).toContain(`reconcile/${connectionId}`);

  sent.length = 0;
  const later = notingDeps(() => Date.now() + 16 * 60_000);
  await env.DB.prepare("DELETE FROM jobs").run();
  await Promise.all([startDueReconciliations(later.deps), startDueReconciliations(later.deps)]);
  expect(new Set(later.sent).size).toBe(later.sent.length);
  for (const { connectionId } of worlds) expect(later.sent).toContain(`reconcile/${connectionId}`);
});

test("a reconciliation that gave up or waits is started again when it is due; one that is being tried is left to that", async () => {
  const world = await createWorld();
  const jobId = `reconcile/${world.connectionId}`;
  const setJob = async (status: string, stirredMs: number) => {
    await env.DB.prepare("DELETE FROM jobs").run();
    await env.DB.prepare(
      `INSERT INTO jobs (environment_id, id, tenant_id, kind, message, status, created_at_ms, updated_at_ms)
       VALUES (?, ?, ?, 'reconcile', ?, ?, 1, ?)`,
    )
      .bind(
        world.scope.environmentId,
        jobId,
        world.scope.tenantId,
        JSON.stringify({ kind: "reconcile", ...world.scope, jobId, connectionId: world.connectionId }),
        status,
        stirredMs,
      )
      .run();
  };
  let now = Date.now();
  const { deps, sent } = notingDeps(() => now);
  for (const [status, agoMs, isSent] of [
    ["dead", 1_000, true],
    ["waiting", 1_000, true],
    ["enqueued", 1_000, false],
    ["enqueued", 20 * 60_000, true],
  ] as const) {
    now += 16 * 60_000;
    sent.length = 0;
    await setJob(status, now - agoMs);
    await startDueReconciliations(deps);
    expect([status, agoMs, sent.includes(jobId)]).toEqual([status, agoMs, isSent]);
  }
});
