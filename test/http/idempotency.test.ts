// Idempotency-Key on POST: the same call once, whatever the network does.

import { expect, test } from "vitest";
import { call } from "../harness/api.ts";
import { forgetAll } from "../harness/forget.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";

const HOUR_MS = 60 * 60 * 1000;
const withKey = (key: string) => ({ "idempotency-key": key });
type World = Awaited<ReturnType<typeof createTenantWorld>>;

async function countCustomers(world: World): Promise<number> {
  return (await world.api("GET", "/customers")).body.data.length;
}

async function rowOf(world: World, key: string) {
  return ledgerSql(world.scope)
    .prepare("SELECT * FROM idempotency_keys WHERE key = ?")
    .bind(key)
    .first<Record<string, string | number | null>>();
}

/** Makes a key older, and what was made under it. */
async function age(world: World, key: string, ms: number): Promise<void> {
  const sql = ledgerSql(world.scope);
  await sql.batch([
    sql.prepare("UPDATE idempotency_keys SET created_at_ms = created_at_ms - ? WHERE key = ?").bind(ms, key),
    sql.prepare("UPDATE customers SET created_at_ms = created_at_ms - ?").bind(ms),
  ]);
}

test("the same key and body replay the first answer and do nothing again", async () => {
  const world = await createTenantWorld();
  const first = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  const again = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(first.headers.get("idempotent-replayed")).toBeNull();
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(await countCustomers(world)).toBe(1);
});

test("the same key with another body or for another call is 422, and does nothing", async () => {
  const world = await createTenantWorld();
  await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  const otherBody = await world.api("POST", "/customers", { name: "Bob" }, withKey("k"));
  const otherPath = await world.api("POST", "/api/v1/api_keys", { name: "Ada", role: "read" }, withKey("k"));
  for (const { status, body } of [otherBody, otherPath])
    expect([status, body.code, body.errors[0].path]).toEqual([
      422,
      "idempotency_key_reused",
      "Idempotency-Key",
    ]);
  expect(await countCustomers(world)).toBe(1);
});

test("of calls at the same time one runs; the others are told that it does, or get its answer", async () => {
  const world = await createTenantWorld();
  const calls = Array.from({ length: 8 }, () =>
    world.api("POST", "/customers", { name: "Ada" }, withKey("k")),
  );
  const answers = await Promise.all(calls);
  const made = answers.filter(({ status }) => status === 201);
  expect(made.filter(({ headers }) => headers.get("idempotent-replayed") === null)).toHaveLength(1);
  for (const { status, body } of answers.filter((answer) => !made.includes(answer)))
    expect([status, body.code]).toEqual([409, "idempotency_key_in_use"]);
  expect(await countCustomers(world)).toBe(1);
});

test("a call that is still running answers 409; one that died with its isolate frees its key after a minute, and finds what it had made", async () => {
  const world = await createTenantWorld();
  const first = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  await ledgerSql(world.scope)
    .prepare("UPDATE idempotency_keys SET response_status = NULL, sealed_body = NULL")
    .run();
  const running = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  expect([running.status, running.body.code]).toEqual([409, "idempotency_key_in_use"]);
  await age(world, "k", 61_000);
  const again = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  expect(await countCustomers(world)).toBe(1);
});

test("an answer is replayed for 24 hours; after that the key is as good as new, and it is forgotten", async () => {
  const world = await createTenantWorld();
  const first = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  await age(world, "k", 24 * HOUR_MS - 60_000);
  const replayed = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  expect(replayed.body.id).toBe(first.body.id);
  await age(world, "k", 2 * 60_000);
  const anew = await world.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  expect([anew.status, anew.headers.get("idempotent-replayed")]).toEqual([201, null]);
  expect(anew.body.id).not.toBe(first.body.id);

  await forgetAll(world.scope, 0);
  expect(await rowOf(world, "k")).not.toBeNull();
  await age(world, "k", 25 * HOUR_MS);
  await forgetAll(world.scope, 0);
  expect(await rowOf(world, "k")).toBeNull();
});

test("each environment has its keys to itself", async () => {
  const [one, other] = [await createTenantWorld(), await createTenantWorld()];
  const a = await one.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  const b = await other.api("POST", "/customers", { name: "Ada" }, withKey("k"));
  expect([b.status, b.headers.get("idempotent-replayed")]).toEqual([201, null]);
  expect(b.body.id).not.toBe(a.body.id);
});

test("an answer with a new API key is replayed, and is nowhere in clear at rest", async () => {
  const world = await createTenantWorld();
  const first = await world.api("POST", "/api/v1/api_keys", { name: "ci", role: "read" }, withKey("k"));
  const again = await world.api("POST", "/api/v1/api_keys", { name: "ci", role: "read" }, withKey("k"));
  expect(again.body.key).toBe(first.body.key);
  const row = await rowOf(world, "k");
  expect(row?.sealed_key_id).toBe("t1");
  expect(JSON.stringify(row)).not.toContain(first.body.key);
});

test("a kept answer that was moved to another environment's key does not open", async () => {
  const [one, other] = [await createTenantWorld(), await createTenantWorld()];
  await one.api("POST", "/api/v1/api_keys", { name: "ci", role: "read" }, withKey("k"));
  await other.api("POST", "/api/v1/api_keys", { name: "ci", role: "read" }, withKey("k"));
  const moved = await rowOf(one, "k");
  await ledgerSql(other.scope)
    .prepare("UPDATE idempotency_keys SET sealed_key_id = ?, sealed_iv = ?, sealed_body = ? WHERE key = 'k'")
    .bind(moved?.sealed_key_id ?? null, moved?.sealed_iv ?? null, moved?.sealed_body ?? null)
    .run();
  const stolen = await other.api("POST", "/api/v1/api_keys", { name: "ci", role: "read" }, withKey("k"));
  expect([stolen.status, stolen.body.code]).toEqual([503, "secret_unreadable"]);
});

test("a refused call changed nothing, so it may be tried again with the same key", async () => {
  const world = await createTenantWorld();
  const refused = await world.api("POST", "/customers", { name: "" }, withKey("k"));
  expect(refused.status).toBe(422);
  expect((await world.api("POST", "/customers", { name: "Ada" }, withKey("k"))).status).toBe(201);
});

test("only a POST that is let in uses a key up", async () => {
  const world = await createTenantWorld();
  await call("GET", "/customers", { key: world.keys.admin, headers: withKey("k") });
  await call("POST", "/customers", { key: world.keys.read, body: { name: "Ada" }, headers: withKey("k") });
  expect(await rowOf(world, "k")).toBeNull();
});

test("a key of more than 255 characters is refused by name", async () => {
  const world = await createTenantWorld();
  const { status, body } = await world.api("POST", "/customers", { name: "Ada" }, withKey("k".repeat(256)));
  expect([status, body.errors[0].path]).toEqual([422, "Idempotency-Key"]);
});

test("an answer belongs to the key that asked: another one is refused, and nothing is done again", async () => {
  const world = await createTenantWorld();
  const first = await world.api("POST", "/api/v1/api_keys", { name: "ci", role: "read" }, withKey("k"));
  expect(first.status).toBe(201);
  const other = await world.api("POST", "/api/v1/api_keys", { name: "other", role: "admin" });
  const again = await call("POST", "/api/v1/api_keys", {
    key: other.body.key,
    body: { name: "ci", role: "read" },
    headers: withKey("k"),
  });
  expect([again.status, again.body.code]).toEqual([422, "idempotency_key_reused"]);
  expect(JSON.stringify(again.body)).not.toContain(first.body.key);
});
