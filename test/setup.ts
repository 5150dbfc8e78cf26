// Runs before each test file in workerd: the shipped migrations on the file's own D1. Rate limits are off;
// a test that proves one puts its own limiter in their place.

import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";
import { RATE_LIMIT_BINDINGS } from "../src/platform/rate-limits.ts";

for (const name of Object.values(RATE_LIMIT_BINDINGS)) Reflect.deleteProperty(env, name);

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});
