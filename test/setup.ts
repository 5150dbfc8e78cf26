// Runs round each test file in workerd: the shipped migrations on the file's own D1, and no end before the
// queues are quiet. Rate limits are off; a test that proves one puts its own limiter in their place.

import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll } from "vitest";
import { RATE_LIMIT_BINDINGS } from "../src/platform/rate-limits.ts";

for (const name of Object.values(RATE_LIMIT_BINDINGS)) Reflect.deleteProperty(env, name);

// A reconciliation rests 250 ms between two calls to Stripe: shorter than this is not the end of it.
const QUIET_MS = 350;
const PATIENCE_MS = 15_000;
let lastQueryMs = 0;
let enqueued = false;

const prepare = env.DB.prepare.bind(env.DB);
env.DB.prepare = (query) => {
  lastQueryMs = Date.now();
  return prepare(query);
};
const getByName = env.LEDGER.getByName.bind(env.LEDGER);
env.LEDGER.getByName = (...given) => {
  lastQueryMs = Date.now();
  return getByName(...given);
};
for (const queue of [env.STRIPE_EVENTS, env.JOBS, env.NOTIFICATIONS]) {
  const [send, sendBatch] = [queue.send.bind(queue), queue.sendBatch.bind(queue)];
  queue.send = (...given) => {
    enqueued = true;
    return send(...given);
  };
  queue.sendBatch = (...given) => {
    enqueued = true;
    return sendBatch(...given);
  };
}

// The Worker's log lines are kept back and shown where a test fails. Sent to the runner from a queue's
// consumer, one may never be answered, and the file never ends (cloudflare/workers-sdk issue 15719).
const lines: string[] = [];
const print = console.log.bind(console);
for (const level of ["log", "warn", "error"] as const) {
  const real = console[level].bind(console);
  console[level] = (...parts: unknown[]) => {
    const [line] = parts;
    if (typeof line === "string" && line.startsWith('{"level":')) lines.push(line);
    else real(...parts);
  };
}

afterEach(({ task }) => {
  if (task.result?.state === "fail" && lines.length > 0) print(lines.join("\n"));
  lines.length = 0;
});

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});

// A file that ends while a queue's consumer is at work leaves the runner waiting for it for ever.
afterAll(async () => {
  const until = Date.now() + PATIENCE_MS;
  while (enqueued && Date.now() - lastQueryMs < QUIET_MS && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
