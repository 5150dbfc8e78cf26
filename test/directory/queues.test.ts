// Queues are known by what their names end in, and one that nobody serves is told of before anything waits in it.

import { createMessageBatch, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { QUEUE_QUESTION } from "../../src/platform/jobs.ts";
import { consume } from "../../src/queue.ts";
import { root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";

const MINUTE_MS = 60_000;
afterEach(() => {
  vi.useRealTimers();
});

let clockMs = Date.now();
/** Each test begins where the last one ended, and lets time pass. */
function pass(ms: number) {
  clockMs += ms;
  vi.useFakeTimers({ toFake: ["Date"], now: clockMs });
}

type Handled = { acked: boolean; delays: number[] };

/** Hands messages to the consumer of a queue and tells what it did with each. */
async function bring(queue: string, bodies: string[], attempts = 1, bindings: Partial<Env> = {}) {
  const messages = bodies.map((body) => ({ id: crypto.randomUUID(), timestamp: new Date(), attempts, body }));
  const batch = createMessageBatch(queue, messages);
  const handled = batch.messages.map((message): Handled => {
    const told: Handled = { acked: false, delays: [] };
    message.ack = () => {
      told.acked = true;
    };
    message.retry = (options) => void told.delays.push(options?.delaySeconds ?? 0);
    return told;
  });
  await consume(batch, { ...env, ...bindings } as Env);
  return handled;
}

/** Queues that take everything and bring nothing, and what they were sent. */
function silentQueues() {
  const sent: string[] = [];
  const queue = (name: string) => ({
    send: async (body: string) => void (body === QUEUE_QUESTION && sent.push(name)),
    sendBatch: async () => {},
  });
  const [STRIPE_EVENTS, JOBS, NOTIFICATIONS] = ["stripe-events", "jobs", "notifications"].map(queue);
  return { sent, bindings: { STRIPE_EVENTS, JOBS, NOTIFICATIONS } as unknown as Partial<Env> };
}

const runCron = (bindings: Partial<Env>) =>
  worker.scheduled(createScheduledController(), { ...env, ...bindings });

async function queues() {
  const { status, body } = await callWith({}, "GET", "/readyz", { key: env.ROOT_TOKEN });
  const { ok, detail } = body.checks.find(({ name }: { name: string }) => name === "queues");
  return { status, ok, detail };
}

test("before anything was brought or asked, it says that it does not know", async () => {
  pass(0);
  expect(await queues()).toMatchObject({
    status: 200,
    ok: true,
    detail: expect.stringMatching(/Not known yet of stripe-events, jobs, notifications/),
  });
});

test("a queue that was asked and brings nothing makes /readyz red with the reason, until it brings something", async () => {
  const { sent, bindings } = silentQueues();
  pass(MINUTE_MS);
  await runCron(bindings);
  expect(sent).toEqual(["stripe-events", "jobs", "notifications"]);
  await bring("acme-jobs", [QUEUE_QUESTION]);
  await bring("acme-notifications", [QUEUE_QUESTION]);
  pass(9 * MINUTE_MS);
  expect(await queues()).toMatchObject({ status: 200, ok: true });
  pass(2 * MINUTE_MS);
  const red = await queues();
  expect(red).toMatchObject({ status: 503, ok: false });
  expect(red.detail).toMatch(
    /queue that STRIPE_EVENTS sends to since 20.*consumer in wrangler\.toml.*ends in -stripe-events/,
  );
  expect(red.detail).not.toMatch(/JOBS|NOTIFICATIONS/);

  // Asked again and again it would fill up.
  for (let hour = 0; hour < 5; hour++) {
    pass(60 * MINUTE_MS);
    await runCron(bindings);
  }
  expect(sent.filter((name) => name === "stripe-events")).toHaveLength(1);
  expect((await queues()).detail).toContain(red.detail.slice(0, 80));
  expect(await bring("acme-stripe-events", [QUEUE_QUESTION])).toEqual([{ acked: true, delays: [] }]);
  expect((await queues()).detail).not.toContain("STRIPE_EVENTS");
});

test("what is busy is not asked, what is quiet is asked every quarter of an hour", async () => {
  const { sent, bindings } = silentQueues();
  pass(60 * MINUTE_MS);
  await runCron(bindings);
  for (const kind of ["stripe-events", "jobs", "notifications"])
    await bring(`acme-${kind}`, [QUEUE_QUESTION]);
  sent.length = 0;
  for (let minute = 1; minute <= 30; minute++) {
    pass(MINUTE_MS);
    await bring("acme-jobs", ["{"]);
    await runCron(bindings);
    for (const kind of sent.splice(0)) {
      expect(kind).not.toBe("jobs");
      expect(minute % 15).toBe(0);
      await bring(`acme-${kind}`, [QUEUE_QUESTION]);
    }
  }
  expect(await queues()).toMatchObject({ status: 200, ok: true, detail: expect.stringContaining("Served.") });
});

test("each consumer is found by the ending, in whatever deployment; a dead-letter queue is never taken for its queue", async () => {
  pass(60 * MINUTE_MS);
  const endings = ["stripe-events", "jobs", "notifications"].flatMap((kind) => [kind, `${kind}-dead`]);
  for (const ending of endings)
    for (const name of [ending, `quittance-${ending}`, `acme-staging-${ending}`])
      expect(await bring(name, ["{"])).toEqual([{ acked: true, delays: [] }]);
  const { results } = await env.DB.prepare("SELECT queue, kind FROM queue_runs").all<{
    queue: string;
    kind: string;
  }>();
  const kinds = new Map(results.map(({ queue, kind }) => [queue, kind]));
  for (const ending of endings)
    expect([kinds.get(ending), kinds.get(`acme-staging-${ending}`)]).toEqual([ending, ending]);
});

test("a queue of another name makes /readyz red by its name, and its messages wait, then are kept for a person", async () => {
  pass(60 * MINUTE_MS);
  const body = '{"kind":"reconcile"}';
  expect(await bring("acme-work", [body], 1)).toEqual([{ acked: false, delays: [600] }]);
  const red = await queues();
  expect(red).toMatchObject({ status: 503, ok: false });
  expect(red.detail).toMatch(
    /'acme-work' brings messages.*must end in -stripe-events, -jobs, -notifications/,
  );
  expect(await bring("acme-work", [body], 3)).toEqual([{ acked: true, delays: [] }]);
  const kept = (await root("GET", "/dead_messages")).body.data.filter(
    ({ queue }: { queue: string }) => queue === "acme-work",
  );
  expect(kept).toMatchObject([{ error: "No consumer is for a queue of this name." }]);
  // Once it is named rightly, or gone, it is past within a day.
  pass(25 * 60 * MINUTE_MS);
  expect((await queues()).detail).not.toContain("acme-work");
});

test("while D1 is down cron's question is asked once more, and no message of a queue suffers", async () => {
  pass(60 * MINUTE_MS);
  const down = {
    prepare: (query: string) => env.DB.prepare(query),
    batch: () => Promise.reject(new Error("D1_ERROR: Network connection lost.")),
  } as unknown as D1Database;
  expect(await bring("acme-jobs", [QUEUE_QUESTION], 1, { DB: down })).toEqual([
    { acked: false, delays: [60] },
  ]);
  expect(await bring("acme-jobs", [QUEUE_QUESTION])).toEqual([{ acked: true, delays: [] }]);
});
