// What befalls credentials can be read later, apart from the requests: who, from where, by which key and request.

import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { forgetSecurityLog } from "../../src/directory/security-log.ts";
import { open, send, signIn } from "../dashboard/browse.ts";
import { enterConsole } from "../dashboard/enter-console.ts";
import { call, type Json, root } from "../harness/api.ts";
import { createTenantWorld, createWorld, testDeps } from "../harness/world.ts";

const HOUR_MS = 60 * 60 * 1000;
// Longer than any of these tests takes.
const TURNS_SOON_MS = 10_000;

// What is noted once an hour is noted twice over the turn of one.
beforeEach(async () => {
  const leftMs = HOUR_MS - (Date.now() % HOUR_MS);
  if (leftMs < TURNS_SOON_MS) await new Promise((resolve) => setTimeout(resolve, leftMs));
});

type World = Awaited<ReturnType<typeof createTenantWorld>>;

async function entries(world: World, event: string): Promise<Json[]> {
  const { status, body } = await world.api("GET", `/security_log?event=${event}`);
  expect(status).toBe(200);
  return body.data;
}

test("signing in and out is noted with address, key and request", async () => {
  const world = await createTenantWorld();
  const page = await send("/dashboard/sign-in", { key: world.keys.read });
  const [cookie = ""] = (page.headers.get("set-cookie") ?? "").split(";");
  await send("/dashboard/sign-out", {}, { cookie });
  const [opened] = await entries(world, "session.opened");
  expect(opened).toMatchObject({
    outcome: "ok",
    api_key_id: expect.stringMatching(/^key_/),
    trace_id: page.headers.get("x-request-id"),
    detail: { way: "key" },
  });
  expect(opened.actor.ip).toEqual(expect.any(String));
  expect(await entries(world, "session.ended")).toHaveLength(1);
});

test("a key's use is one entry an hour, however often it is used", async () => {
  const world = await createTenantWorld();
  for (let use = 0; use < 5; use++) await world.api("GET", "/customers");
  await call("GET", "/customers", { key: world.keys.read });
  const used = await entries(world, "api_key.used");
  expect(new Set(used.map(({ api_key_id }) => api_key_id)).size).toBe(used.length);
  expect(used.length).toBeLessThanOrEqual(4);
});

test("what a key that is known was refused is noted once an hour, and a key that does not exist has no row", async () => {
  const world = await createTenantWorld();
  const revoked = (await world.api("POST", "/api/v1/api_keys", { name: "x", role: "read" })).body;
  await world.api("DELETE", `/api/v1/api_keys/${revoked.id}`);
  for (let use = 0; use < 3; use++) {
    await call("GET", "/customers", { key: revoked.key });
    await call("POST", "/customers", { key: world.keys.read, body: { name: "Ada" } });
    await call("GET", "/customers", { key: `qt_${"y".repeat(43)}` });
  }
  const refused = await entries(world, "api_key.refused");
  expect(refused.map(({ detail }) => detail)).toEqual(
    expect.arrayContaining([{ reason: "forbidden", lacks: "write" }]),
  );
  expect(refused.filter(({ detail }) => detail.lacks === "write")).toHaveLength(1);
});

test("changed settings are noted with the value before and after", async () => {
  const world = await createTenantWorld();
  await world.api("PATCH", "/settings", { time_zone: "Europe/Berlin" });
  await world.api("PATCH", "/settings", { time_zone: "Europe/Berlin" });
  const changed = await entries(world, "settings.changed");
  expect(changed.map(({ detail }) => detail)).toEqual([{ time_zone: { from: "UTC", to: "Europe/Berlin" } }]);
});

test("an export is noted with what was asked for, by API and by page", async () => {
  const world = await createTenantWorld();
  await world.api("GET", "/exports/payments.csv?status=succeeded");
  const cookie = await signIn(world.keys.admin);
  await open("/dashboard/exports/invoices.csv", cookie);
  const made = await entries(world, "export.made");
  expect(made.map(({ detail, actor }) => [detail.list, actor.kind])).toEqual([
    ["invoices", "dashboard"],
    ["payments", "api_key"],
  ]);
  expect(made[1]?.detail.query).toBe("?status=succeeded");
});

test("what acts at Stripe with a connection's key is noted once an hour, by whom and for which request, without the key", async () => {
  const world = await createWorld();
  const first = await world.api("POST", `/connections/${world.connectionId}/test`);
  expect(first.status).toBe(200);
  await world.api("POST", `/connections/${world.connectionId}/test`);
  const used = await entries(world, "connection_secret.used");
  expect(used).toHaveLength(1);
  expect(used[0]).toMatchObject({
    outcome: "ok",
    detail: { connection_id: world.connectionId, auth_type: "api_key" },
    trace_id: expect.stringMatching(/^req_/),
  });
  expect(JSON.stringify(used)).not.toMatch(/sk_test|whsec/);
});

test("a page that a session may not open, and a session that has ended, are noted once an hour", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  for (let times = 0; times < 3; times++)
    expect((await open("/dashboard/api-keys/new", cookie)).status).toBe(403);
  const refused = () => entries(world, "session.refused");
  expect((await refused()).map(({ detail, outcome }) => [outcome, detail])).toEqual([
    ["refused", { reason: "forbidden", lacks: "admin" }],
  ]);
  await send("/dashboard/sign-out", {}, { cookie });
  for (let times = 0; times < 3; times++) expect((await open("/dashboard", cookie)).status).toBe(303);
  expect((await refused()).map(({ detail }) => detail.reason).sort()).toEqual(["ended", "forbidden"]);
  // One that nobody has signed is nobody's.
  await open("/dashboard", `${cookie}x`);
  expect(await refused()).toHaveLength(2);

  const console = await enterConsole();
  await send("/console/sign-out", {}, { cookie: console });
  await open("/console", console);
  const log = (await root("GET", "/security_log?event=session.refused")).body.data;
  expect(log.map(({ detail }: Json) => detail.reason)).toEqual(["ended"]);
});

test("entries are kept for 400 days", async () => {
  const world = await createTenantWorld();
  await world.api("GET", "/customers");
  const count = async () => {
    const row = await env.DB.prepare("SELECT COUNT(*) AS n FROM security_log WHERE environment_id = ?")
      .bind(world.scope.environmentId)
      .first<{ n: number }>();
    return row?.n;
  };
  const DAY_MS = 24 * 60 * 60 * 1000;
  const there = await count();
  expect(there).toBeGreaterThan(0);
  await forgetSecurityLog(testDeps({ now: () => Date.now() + 399 * DAY_MS }));
  expect(await count()).toBe(there);
  await forgetSecurityLog(testDeps({ now: () => Date.now() + 401 * DAY_MS }));
  expect(await count()).toBe(0);
});
