// Rate limits: what comes too often is told when to come again, and nobody is refused for another's calls.

import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { newApiKey } from "../../src/directory/api-key.ts";
import { RATE_LIMIT_BINDINGS, RATE_LIMITS, type RateLimitName } from "../../src/platform/rate-limits.ts";
import wrangler from "../../wrangler.toml?raw";
import { callWith, fakeLimiter } from "../harness/call-with.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { createTenantWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof createTenantWorld>>;
beforeAll(async () => {
  world = await createTenantWorld();
});

test("an API key that calls too often gets 429 with Retry-After; the environment's other keys do not", async () => {
  const bindings = { API_LIMIT: fakeLimiter(2) };
  const list = (key: string) => callWith(bindings, "GET", "/api/v1/customers", { key });
  expect((await list(world.keys.read)).status).toBe(200);
  expect((await list(world.keys.read)).status).toBe(200);
  const refused = await list(world.keys.read);
  expect([refused.status, refused.body.code]).toEqual([429, "rate_limited"]);
  expect(refused.headers.get("retry-after")).toBe("10");
  expect(refused.headers.get("content-type")).toBe("application/problem+json");
  expect((await list(world.keys.write)).status).toBe(200);
  // The limiter is not ours: it is told a hash.
  expect(bindings.API_LIMIT.keys.join()).not.toContain("qt_");
});

test("a key over its limit costs no look-up", async () => {
  const asked = new Set<string>();
  const noted = (what: string) => {
    return async <T>(run: () => Promise<T>) => {
      asked.add(what);
      return run();
    };
  };
  const bindings = { DB: guardedDatabase(noted("directory")), LEDGER: guardedLedgers(noted("ledger")) };
  const list = (most: number) =>
    callWith({ ...bindings, API_LIMIT: fakeLimiter(most) }, "GET", "/api/v1/customers", {
      key: world.keys.read,
    });
  expect((await list(0)).status).toBe(429);
  expect([...asked]).toEqual([]);
  expect((await list(1)).status).toBe(200);
  expect([...asked]).toEqual(["directory", "ledger"]);
});

test("an address that tries unknown keys is soon refused without a look-up, and no good key with it", async () => {
  const reads: string[] = [];
  const DB = guardedDatabase(async (run) => {
    reads.push("directory");
    return run();
  });
  const bindings = { DB, REFUSED_LIMIT: fakeLimiter(20) };
  const list = (key: string, ip: string) => callWith(bindings, "GET", "/api/v1/customers", { key, ip });
  const ip = "192.0.2.50";
  expect((await list(world.keys.read, ip)).status).toBe(200);
  reads.length = 0;
  const statuses: number[] = [];
  for (let tried = 0; tried < 300; tried++) statuses.push((await list(newApiKey(), ip)).status);
  expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
  expect(statuses.slice(20).every((status) => status === 429)).toBe(true);
  expect(reads.length).toBeLessThan(150);
  // A key that was seen here goes on, from that address too; one that was not is heard from any other.
  expect((await list(world.keys.read, ip)).status).toBe(200);
  expect((await list(world.keys.write, "192.0.2.51")).status).toBe(200);
});

test("what cannot be a key costs no look-up", async () => {
  const reads: string[] = [];
  const DB = guardedDatabase(async (run) => {
    reads.push("directory");
    return run();
  });
  for (const key of ["qt_", "qt_short", `qt_${"x".repeat(44)}`, `qt_${"-".repeat(43)}`, "sk_test_1"])
    expect((await callWith({ DB }, "GET", "/api/v1/customers", { key })).status).toBe(401);
  expect(reads).toEqual([]);
});

test("tries to sign in are counted by address", async () => {
  const bindings = { SIGN_IN_LIMIT: fakeLimiter(1) };
  const signIn = (ip: string) => callWith(bindings, "POST", "/dashboard/sign-in", { ip });
  await signIn("192.0.2.1");
  expect((await signIn("192.0.2.1")).status).toBe(429);
  expect((await signIn("192.0.2.2")).status).not.toBe(429);
});

test("a limiter that fails, or is not there, lets calls through", async () => {
  const failing = { limit: () => Promise.reject(new Error("the limiter is down")) };
  for (const API_LIMIT of [failing, undefined]) {
    const { status } = await callWith({ API_LIMIT }, "GET", "/api/v1/customers", { key: world.keys.read });
    expect(status).toBe(200);
  }
});

test("the binding as Cloudflare simulates it locally counts and refuses", async () => {
  const list = () =>
    callWith({ API_LIMIT: env.SMALL_LIMIT }, "GET", "/api/v1/customers", { key: world.keys.admin });
  // Its periods begin with the wall clock's minutes: six calls are more than two periods let through.
  const statuses: number[] = [];
  for (let calls = 0; calls < 6; calls++) statuses.push((await list()).status);
  expect(statuses.slice(0, 2)).toEqual([200, 200]);
  expect(statuses).toContain(429);
});

test("/readyz says which limits are off, and is ready all the same", async () => {
  const detailWith = async (bindings: object) => {
    const { status, body } = await callWith(bindings, "GET", "/readyz", { key: env.ROOT_TOKEN });
    expect(status).toBe(200);
    return body.checks.find(({ name }: { name: string }) => name === "rate_limits").detail;
  };
  const limiter = fakeLimiter(1);
  expect(await detailWith({})).toContain("WEBHOOK_LIMIT, REFUSED_LIMIT, API_LIMIT, SIGN_IN_LIMIT, PAY_LIMIT");
  const all = {
    ...{ WEBHOOK_LIMIT: limiter, REFUSED_LIMIT: limiter, API_LIMIT: limiter },
    ...{ SIGN_IN_LIMIT: limiter, PAY_LIMIT: limiter },
  };
  expect(await detailWith(all)).toBe("On.");
  const one = await detailWith({ ...all, REFUSED_LIMIT: undefined });
  expect(one).toContain("REFUSED_LIMIT");
  expect(one).not.toContain("API_LIMIT");
});

test("the limits that answers and guides tell of are those of wrangler.toml, of production and staging", () => {
  const set = [
    ...wrangler.matchAll(/^name = "(\w+_LIMIT)".*\n.*\nsimple = \{ limit = (\d+), period = (\d+) \}$/gm),
  ];
  const told = (Object.keys(RATE_LIMITS) as RateLimitName[]).map((name) => {
    const { limit, period } = RATE_LIMITS[name];
    return [RATE_LIMIT_BINDINGS[name], limit, period];
  });
  expect(set.map(([, name, limit, period]) => [name, Number(limit), Number(period)])).toEqual([
    ...told,
    ...told,
  ]);
});
