// API keys: in clear once, a hash at rest, refused from the next request on.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { authenticateApiKey } from "../../src/directory/authenticate.ts";
import { call, root } from "../harness/api.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";

const KEYS = "/api/v1/api_keys";
type World = Awaited<ReturnType<typeof createTenantWorld>>;

async function makeKey(world: World, fields: object = {}) {
  const made = await world.api("POST", KEYS, { name: "ci", role: "read", ...fields });
  expect(made.status).toBe(201);
  return made.body;
}

async function rowOf(id: string) {
  return env.DB.prepare("SELECT * FROM api_keys WHERE id = ?").bind(id).first<Record<string, unknown>>();
}

test("a key has 256 random bits and is shown once: never in a list, never at rest", async () => {
  const world = await createTenantWorld();
  const made = await makeKey(world);
  expect(made.key).toMatch(/^qt_[A-Za-z0-9_-]{43}$/);
  expect(made.hint).toBe(`qt_…${made.key.slice(-4)}`);
  const listed = await world.api("GET", KEYS);
  const known = listed.body.data.find(({ id }: { id: string }) => id === made.id);
  expect(known).toMatchObject({ hint: made.hint, role: "read" });
  expect(JSON.stringify(listed.body)).not.toContain(made.key);
  const row = await rowOf(made.id);
  expect(JSON.stringify(row)).not.toContain(made.key.slice(3, -4));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made.key));
  expect(row?.key_hash).toBe(
    Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join(""),
  );
});

test("two keys have nothing in common", async () => {
  const world = await createTenantWorld();
  const [one, two] = [await makeKey(world), await makeKey(world)];
  expect(one.key.slice(3, 20)).not.toBe(two.key.slice(3, 20));
  expect(one.id).not.toBe(two.id);
});

test("a revoked key is refused by the very next request; revoking twice keeps the first time", async () => {
  const world = await createTenantWorld();
  const made = await makeKey(world);
  expect((await call("GET", "/customers", { key: made.key })).status).toBe(200);
  const revoked = await world.api("DELETE", `${KEYS}/${made.id}`);
  expect([revoked.status, revoked.body.id]).toEqual([200, made.id]);
  expect(revoked.body.revoked_at).not.toBeNull();
  expect((await call("GET", "/customers", { key: made.key })).status).toBe(401);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const again = await world.api("DELETE", `${KEYS}/${made.id}`);
  expect(again.body.revoked_at).toBe(revoked.body.revoked_at);
});

test("root makes, lists and revokes the keys of any environment", async () => {
  const world = await createTenantWorld();
  const path = `/tenants/${world.scope.tenantId}/environments/${world.scope.environmentId}/api_keys`;
  const made = (await root("POST", path, { name: "by root", role: "write" })).body;
  expect((await call("POST", "/customers", { key: made.key, body: { name: "Ada" } })).status).toBe(201);
  expect((await root("GET", path)).body.data[0]).toMatchObject({ id: made.id, name: "by root" });
  expect((await root("DELETE", `${path}/${made.id}`)).status).toBe(200);
  expect((await call("GET", "/customers", { key: made.key })).status).toBe(401);
});

test("a key expires at its time, to the millisecond; a time that has passed is refused", async () => {
  const world = await createTenantWorld();
  const expiresAtMs = Date.now() + 60_000;
  const made = await makeKey(world, { expires_at: new Date(expiresAtMs).toISOString() });
  const at = (nowMs: number) => authenticateApiKey(testDeps({ now: () => nowMs }), made.key);
  expect(await at(expiresAtMs - 1)).toMatchObject({ kind: "api_key", keyId: made.id });
  await expect(at(expiresAtMs)).rejects.toMatchObject({ code: "unauthorized" });

  const past = await world.api("POST", KEYS, { name: "x", role: "read", expires_at: "2020-01-01T00:00:00Z" });
  expect([past.status, past.body.errors[0].path]).toEqual([422, "expires_at"]);
});

test("last_used_at is kept to the minute, so that a busy key does not write on each call", async () => {
  const world = await createTenantWorld();
  const made = await makeKey(world);
  expect((await rowOf(made.id))?.last_used_at_ms).toBeNull();
  const useAt = async (nowMs: number) => {
    await authenticateApiKey(testDeps({ now: () => nowMs }), made.key);
    return (await rowOf(made.id))?.last_used_at_ms;
  };
  const start = Date.now();
  expect(await useAt(start)).toBe(start);
  expect(await useAt(start + 59_999)).toBe(start);
  expect(await useAt(start + 60_000)).toBe(start + 60_000);
});

test("a role that does not exist, and one given by nobody, make no key", async () => {
  const world = await createTenantWorld();
  for (const role of ["owner", "Admin", undefined]) {
    const { status, body } = await world.api("POST", KEYS, { name: "x", role });
    expect([status, body.errors[0].path]).toEqual([422, "role"]);
  }
});

test("ids that the platform gives are kept, taken ones are refused by name, strange ones too", async () => {
  const id = `acme-${crypto.randomUUID()}`;
  expect((await root("POST", "/tenants", { id, name: "Acme" })).body.id).toBe(id);
  const taken = await root("POST", "/tenants", { id, name: "Acme again" });
  expect([taken.status, taken.body.code, taken.body.errors[0].path]).toEqual([409, "already_exists", "id"]);
  for (const strange of ["", "../x", "a b", "-a", "a".repeat(129)]) {
    const { status, body } = await root("POST", "/tenants", { id: strange, name: "x" });
    expect([status, body.errors[0].path]).toEqual([422, "id"]);
  }
  const environment = await root("POST", `/tenants/${id}/environments`, {
    id: `${id}-e`,
    name: "e",
    livemode: true,
  });
  expect(environment.body).toMatchObject({ id: `${id}-e`, tenant_id: id, livemode: true });
  // Environment ids are unique over all tenants: they open every data table's key.
  const elsewhere = (await root("POST", "/tenants", { name: "Other" })).body.id;
  const second = await root("POST", `/tenants/${elsewhere}/environments`, {
    id: `${id}-e`,
    name: "e",
    livemode: true,
  });
  expect([second.status, second.body.code]).toEqual([409, "already_exists"]);
});
