// Runs round each test file in workerd. Files share a worker, which takes two seconds of CPU to start, and nothing
// in it: each has its own D1 with the shipped migrations, its own ledgers and queues, its own instances of all modules,
// and finds bindings and globals as they were. Rate limits are off; a test of one puts its own in their place.

import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { RATE_LIMIT_BINDINGS } from "../src/platform/rate-limits.ts";
import { watchBindings } from "./harness/worker-bindings.ts";
import { endLogs, keepBackLogs } from "./harness/worker-logs.ts";

for (const name of Object.values(RATE_LIMIT_BINDINGS)) Reflect.deleteProperty(env, name);

const { fetch } = globalThis;
const endBindings = watchBindings();
keepBackLogs();

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});

afterEach(({ task }) => endLogs({ areShown: task.result?.state === "fail" }));

afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await endBindings();
  globalThis.fetch = fetch;
  vi.resetModules();
});
