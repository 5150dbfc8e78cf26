import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import type { JobMessage } from "../../src/platform/jobs.ts";
import { enqueueWritten, sweepOutbox, wantJobs } from "../../src/platform/outbox.ts";
import { testDeps } from "../harness/world.ts";

const MINUTE = 60_000;

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM jobs").run();
});

function sendingDeps(parts: { now?: () => number; refuse?: boolean } = {}) {
  const sent: string[] = [];
  const usual = testDeps(parts.now ? { now: parts.now } : {});
  const enqueueJobs = async (messages: readonly JobMessage[]) => {
    if (parts.refuse) throw new Error("queue down");
    sent.push(...messages.map(({ environmentId, jobId }) => `${environmentId} ${jobId}`));
  };
  return { sent, deps: { ...usual, queues: { ...usual.queues, enqueueJobs } } };
}

const later = () => Date.now() + MINUTE;

function job(index: number, environment = "env_1"): JobMessage {
  const connectionId = `conn_${index}`;
  return {
    kind: "reconcile",
    tenantId: "tenant_1",
    environmentId: environment,
    jobId: `reconcile/${connectionId}`,
    connectionId,
  };
}

async function insert(messages: readonly unknown[], status = "pending"): Promise<void> {
  const now = Date.now();
  await env.DB.batch(
    messages.map((message, index) => {
      const known = message as Partial<JobMessage>;
      return env.DB.prepare(
        `INSERT INTO jobs (environment_id, id, tenant_id, kind, message, status, created_at_ms, updated_at_ms)
         VALUES (?, ?, 'tenant_1', 'reconcile', ?, ?, ?, ?)`,
      ).bind(
        known.environmentId ?? "env_1",
        known.jobId ?? `unknown/${index}`,
        typeof message === "string" ? message : JSON.stringify(message),
        status,
        now,
        now,
      );
    }),
  );
}

async function statuses(): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare("SELECT status, COUNT(*) AS count FROM jobs GROUP BY status").all<{
    status: string;
    count: number;
  }>();
  return Object.fromEntries(results.map(({ status, count }) => [status, count]));
}

test("sweeps at once enqueue each job once, whichever environments they are of", async () => {
  const all = Array.from({ length: 300 }, (_, index) => job(index, `env_${index % 7}`));
  await insert(all);
  const { deps, sent } = sendingDeps({ now: later });
  await Promise.all([sweepOutbox(deps), sweepOutbox(deps), sweepOutbox(deps)]);
  expect(sent.sort()).toEqual(all.map(({ environmentId, jobId }) => `${environmentId} ${jobId}`).sort());
  expect(await statuses()).toEqual({ enqueued: 300 });
  expect(await sweepOutbox(deps)).toBe(0);
});

test("what a process left behind, dead between commit and queue, goes with cron's next run: within a minute", async () => {
  await insert([job(1)]);
  const young = sendingDeps({ now: () => Date.now() + 500 });
  await sweepOutbox(young.deps);
  expect(young.sent).toEqual([]);
  const next = sendingDeps({ now: () => Date.now() + 1_100 });
  expect(await sweepOutbox(next.deps)).toBe(1);
  expect(next.sent).toEqual(["env_1 reconcile/conn_1"]);
});

test("a job of another version's shape is left dead and seen, and holds no other up", async () => {
  await insert([
    "{ no JSON",
    { kind: "of_tomorrow", jobId: "of_tomorrow/1", environmentId: "env_1" },
    job(1),
  ]);
  const { deps, sent } = sendingDeps({ now: later });
  expect(await sweepOutbox(deps)).toBe(1);
  expect(sent).toEqual(["env_1 reconcile/conn_1"]);
  expect(await statuses()).toEqual({ dead: 2, enqueued: 1 });
});

test("what the queue refused, and what was claimed by a process that died, goes with a later sweep", async () => {
  await insert([job(1), job(2)]);
  const refused = sendingDeps({ now: later, refuse: true });
  await expect(sweepOutbox(refused.deps)).rejects.toThrow("queue down");
  expect(await statuses()).toEqual({ pending: 2 });
  const { deps, sent } = sendingDeps({ now: () => Date.now() + 2 * MINUTE });
  expect(await sweepOutbox(deps)).toBe(2);
  expect(sent).toHaveLength(2);
});

test("what a commit wrote is enqueued by one of those who look for it at once", async () => {
  await insert([job(1), job(2)]);
  const { deps, sent } = sendingDeps();
  const both = [job(1), job(2)];
  await Promise.all([1, 2, 3, 4].map(() => enqueueWritten(deps, deps.directory, both)));
  expect(sent.sort()).toEqual(["env_1 reconcile/conn_1", "env_1 reconcile/conn_2"]);
});

test("work that is wanted again is done again where it gave up or waits, and left alone where it goes on", async () => {
  await insert([job(1)], "dead");
  await insert([job(2)], "waiting");
  await insert([job(3)], "enqueued");
  const { deps, sent } = sendingDeps();
  const all = [job(1), job(2), job(3), job(4)];
  const client = deps.directory.$client;
  const want = async (stalledSinceMs: number) => {
    const statement = wantJobs(deps.directory, all, deps.now(), stalledSinceMs) as {
      getQuery: () => { sql: string; params: unknown[] };
    };
    const { sql, params } = statement.getQuery();
    await client
      .prepare(sql)
      .bind(...params)
      .run();
    await enqueueWritten(deps, deps.directory, all);
  };
  await want(Date.now() - MINUTE);
  expect(sent.sort()).toEqual([1, 2, 4].map((index) => `env_1 reconcile/conn_${index}`));
  sent.length = 0;
  await want(Date.now() + MINUTE);
  expect(sent).toHaveLength(4);
});
