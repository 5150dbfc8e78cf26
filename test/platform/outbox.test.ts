import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import type { Scope } from "../../src/platform/deps.ts";
import type { JobMessage } from "../../src/platform/jobs.ts";
import { enqueueWritten, sweepOutbox, wantJobs } from "../../src/platform/outbox.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";

const MINUTE = 60_000;

/** The environments of a test: the sweep goes through all, and those of other tests are gone. */
let scopes: Scope[];
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM environments").run();
  scopes = [];
  for (let index = 0; index < 3; index++) scopes.push((await createTenantWorld()).scope);
});

const scopeOf = (index: number): Scope => scopes[index] as Scope;

function sendingDeps(parts: { now?: () => number; refuse?: boolean } = {}) {
  const sent: string[] = [];
  const usual = testDeps(parts.now ? { now: parts.now } : {});
  const enqueueJobs = async (messages: readonly JobMessage[]) => {
    if (parts.refuse && messages.length > 0) throw new Error("queue down");
    sent.push(...messages.map(sentAs));
  };
  return { sent, deps: { ...usual, queues: { ...usual.queues, enqueueJobs } } };
}

const sentAs = ({ environmentId, jobId }: JobMessage) => `${environmentId} ${jobId}`;
const later = () => Date.now() + MINUTE;

function job(index: number, scope = scopeOf(0)): JobMessage {
  const connectionId = `conn_${index}`;
  return { kind: "reconcile", ...scope, jobId: `reconcile/${connectionId}`, connectionId };
}

async function insert(messages: readonly unknown[], status = "pending", scope = scopeOf(0)): Promise<void> {
  const now = Date.now();
  const sql = ledgerSql(scope);
  const statement = sql.prepare(
    `INSERT INTO jobs (environment_id, id, tenant_id, kind, message, status, created_at_ms, updated_at_ms)
     VALUES (?, ?, ?, 'reconcile', ?, ?, ?, ?)`,
  );
  await sql.batch(
    messages.map((message, index) => {
      const id = (message as Partial<JobMessage>).jobId ?? `unknown/${index}`;
      const text = typeof message === "string" ? message : JSON.stringify(message);
      return statement.bind(scope.environmentId, id, scope.tenantId, text, status, now, now);
    }),
  );
}

async function statuses(scope = scopeOf(0)): Promise<Record<string, number>> {
  const { results } = await ledgerSql(scope)
    .prepare("SELECT status, COUNT(*) AS count FROM jobs GROUP BY status")
    .all<{ status: string; count: number }>();
  return Object.fromEntries(results.map(({ status, count }) => [status, count]));
}

test("sweeps at once enqueue each job once, whichever environments they are of", async () => {
  const all: JobMessage[] = [];
  for (const scope of scopes) {
    const own = Array.from({ length: 100 }, (_, index) => job(index, scope));
    await insert(own, "pending", scope);
    all.push(...own);
  }
  const { deps, sent } = sendingDeps({ now: later });
  await Promise.all([sweepOutbox(deps), sweepOutbox(deps), sweepOutbox(deps)]);
  expect(sent.sort()).toEqual(all.map(sentAs).sort());
  for (const scope of scopes) expect(await statuses(scope)).toEqual({ enqueued: 100 });
  expect(await sweepOutbox(deps)).toBe(0);
});

test("what a process left behind, dead between commit and queue, goes with cron's next run: within a minute", async () => {
  await insert([job(1)]);
  const young = sendingDeps({ now: () => Date.now() + 500 });
  await sweepOutbox(young.deps);
  expect(young.sent).toEqual([]);
  const next = sendingDeps({ now: () => Date.now() + 1_100 });
  expect(await sweepOutbox(next.deps)).toBe(1);
  expect(next.sent).toEqual([sentAs(job(1))]);
});

test("a job of another version's shape is left dead and seen, and holds no other up", async () => {
  await insert(["{ no JSON", { kind: "of_tomorrow", jobId: "of_tomorrow/1", ...scopeOf(0) }, job(1)]);
  const { deps, sent } = sendingDeps({ now: later });
  expect(await sweepOutbox(deps)).toBe(1);
  expect(sent).toEqual([sentAs(job(1))]);
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
  await Promise.all([1, 2, 3, 4].map(() => enqueueWritten(deps, deps.database(scopeOf(0)), both)));
  expect(sent.sort()).toEqual(both.map(sentAs));
});

test("work that is wanted again is done again where it gave up or waits, and left alone where it goes on", async () => {
  await insert([job(1)], "dead");
  await insert([job(2)], "waiting");
  await insert([job(3)], "enqueued");
  const { deps, sent } = sendingDeps();
  const all = [job(1), job(2), job(3), job(4)];
  const database = deps.database(scopeOf(0));
  const want = async (stalledSinceMs: number) => {
    const statement = wantJobs(database, all, deps.now(), stalledSinceMs) as {
      getQuery: () => { sql: string; params: unknown[] };
    };
    const { sql, params } = statement.getQuery();
    await database.$client
      .prepare(sql)
      .bind(...params)
      .run();
    await enqueueWritten(deps, database, all);
  };
  await want(Date.now() - MINUTE);
  expect(sent.sort()).toEqual([1, 2, 4].map((index) => sentAs(job(index))));
  sent.length = 0;
  await want(Date.now() + MINUTE);
  expect(sent).toHaveLength(4);
});
