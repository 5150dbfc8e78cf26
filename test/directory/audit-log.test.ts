// The audit log: who did what, when and from where, in the commit of the act, and never a secret's value.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { auditEntry } from "../../src/directory/audit.ts";
import { commit } from "../../src/platform/commit.ts";
import { call, root } from "../harness/api.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";

const KEYS = "/api/v1/api_keys";
type World = Awaited<ReturnType<typeof createTenantWorld>>;

async function entries(world: World, query = "") {
  return (await world.api("GET", `/audit_log?limit=100${query}`)).body.data;
}

async function keyIdOf(world: World, name: string): Promise<string> {
  const { data } = (await world.api("GET", KEYS)).body;
  return data.find((key: { name: string }) => key.name === name).id;
}

test("making and revoking keys and environments is noted with who, when and from where", async () => {
  const world = await createTenantWorld();
  const from = { "cf-connecting-ip": "192.0.2.7" };
  const made = await world.api("POST", KEYS, { name: "ci", role: "read" }, from);
  await world.api("DELETE", `${KEYS}/${made.body.id}`, undefined, from);

  const [revoked, created, ...setUp] = await entries(world);
  const actor = { kind: "api_key", id: await keyIdOf(world, "admin"), ip: "192.0.2.7" };
  const target = { object: "api_key", id: made.body.id };
  expect(revoked).toMatchObject({ object: "audit_log_entry", action: "api_key.revoked", actor, target });
  expect(created).toMatchObject({
    action: "api_key.created",
    actor,
    target,
    detail: { name: "ci", role: "read", hint: made.body.hint, expires_at: null },
  });
  expect(Date.now() - Date.parse(created.created_at)).toBeLessThan(10_000);
  expect(setUp.map((entry: { action: string }) => entry.action)).toEqual([
    "api_key.created",
    "api_key.created",
    "api_key.created",
    "environment.created",
  ]);
  expect(setUp[0].actor).toEqual({ kind: "root", id: null, name: null, ip: null });
});

test("what belongs to no environment is kept under root", async () => {
  const tenant = (await root("POST", "/tenants", { name: "Acme" })).body;
  const row = await env.DB.prepare("SELECT * FROM audit_log WHERE object_id = ?").bind(tenant.id).first();
  expect(row).toMatchObject({ environment_id: "root", tenant_id: tenant.id, action: "tenant.created" });
});

test("an act that is refused, or that changes nothing, leaves no entry", async () => {
  const world = await createTenantWorld();
  const made = (await world.api("POST", KEYS, { name: "ci", role: "read" })).body;
  await world.api("DELETE", `${KEYS}/${made.id}`);
  const before = (await entries(world)).length;
  await world.api("DELETE", `${KEYS}/${made.id}`);
  await world.api("DELETE", `${KEYS}/key_none`);
  await world.api("POST", KEYS, { name: "", role: "read" });
  await root("POST", `/tenants/${world.scope.tenantId}/environments`, {
    id: world.scope.environmentId,
    name: "again",
    livemode: false,
  });
  expect(await entries(world)).toHaveLength(before);
});

test("an act and its entry are one: when the entry cannot be written the act is not done", async () => {
  const world = await createTenantWorld();
  const count = async () => (await world.api("GET", KEYS)).body.data.length;
  const before = await count();
  await env.DB.prepare(
    "CREATE TRIGGER refuse_audit BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no audit'); END",
  ).run();
  try {
    const { status } = await world.api("POST", KEYS, { name: "unseen", role: "admin" });
    expect(status).toBeGreaterThanOrEqual(500);
  } finally {
    await env.DB.prepare("DROP TRIGGER refuse_audit").run();
  }
  expect(await count()).toBe(before);
});

test("a new key is in the log by its hint alone, and whatever looks like a secret is masked", async () => {
  const world = await createTenantWorld();
  const made = (await world.api("POST", KEYS, { name: "ci", role: "read" })).body;
  const deps = testDeps();
  const careless = {
    action: "connection.updated",
    object: "connection",
    objectId: "conn_1",
    detail: {
      secret_key: "sk_test_51HabcdefGHIJ",
      webhook_secret: { from: "whsec_oldoldold", to: "whsec_newnewnew" },
      is_active: { from: true, to: false },
      note: "x".repeat(1000),
    },
  } as const;
  const entry = auditEntry(deps, world.scope, careless);
  await commit(deps.directory, [entry]);
  // A commit whose answer was lost is repeated: the entry is one all the same.
  await commit(deps.directory, [entry]);

  const seen = await entries(world);
  const text = JSON.stringify(seen);
  expect(text).not.toContain(made.key.slice(3, -4));
  expect(text).not.toMatch(/51Habcdef|oldoldold|newnewnew/);
  const noted = seen.filter((one: { action: string }) => one.action === "connection.updated");
  expect(noted).toHaveLength(1);
  expect(noted[0].detail).toMatchObject({
    secret_key: "sk_test_…",
    webhook_secret: { from: "whsec_…", to: "whsec_…" },
    is_active: { from: true, to: false },
  });
  expect(noted[0].detail.note.length).toBeLessThan(400);
});

test("it is listed newest first, in pages, by action, object and time", async () => {
  const world = await createTenantWorld();
  const first = (await world.api("POST", KEYS, { name: "one", role: "read" })).body;
  await new Promise((resolve) => setTimeout(resolve, 5));
  const between = new Date().toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = (await world.api("POST", KEYS, { name: "two", role: "read" })).body;
  await world.api("DELETE", `${KEYS}/${first.id}`);

  const targets = async (query: string) =>
    (await entries(world, query)).map((entry: { target: { id: string } }) => entry.target.id);
  expect(await targets("&action=api_key.revoked")).toEqual([first.id]);
  expect(await targets(`&object_id=${first.id}`)).toEqual([first.id, first.id]);
  expect(await targets(`&created_after=${between}`)).toEqual([first.id, second.id]);
  expect((await targets(`&created_before=${between}`))[0]).toBe(first.id);
  const page = (await world.api("GET", "/audit_log?limit=1")).body;
  const next = (await world.api("GET", `/audit_log?limit=1&cursor=${page.next_cursor}`)).body;
  expect([page.data[0].target.id, next.data[0].target.id]).toEqual([first.id, second.id]);
  const unknown = await world.api("GET", "/audit_log?actor=me");
  expect([unknown.status, unknown.body.errors[0].path]).toEqual([422, "actor"]);
});

test("root lists all that it did itself, in every tenant and of none, and nothing that keys did", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  const { tenantId, environmentId } = world.scope;
  const byKey = (await world.api("POST", KEYS, { name: "ci", role: "read" })).body;
  const listed = async (query: string) => (await root("GET", `/audit_log?limit=100${query}`)).body.data;
  const byRoot = { kind: "root", id: null, name: null, ip: null };
  expect(await listed(`&object_id=${tenantId}`)).toMatchObject([
    { action: "tenant.created", actor: byRoot, tenant_id: tenantId, environment_id: "root" },
  ]);
  expect(await listed("&action=environment.created")).toMatchObject([
    { actor: byRoot, tenant_id: other.scope.tenantId, environment_id: other.scope.environmentId },
    { actor: byRoot, tenant_id: tenantId, environment_id: environmentId },
    ...Array((await listed("&action=environment.created")).length - 2).fill({ actor: byRoot }),
  ]);
  expect(await listed(`&object_id=${byKey.id}`)).toEqual([]);
});

test("what root did in an environment is still there for root when the environment is erased", async () => {
  const { scope } = await createTenantWorld();
  const path = `/tenants/${scope.tenantId}/environments/${scope.environmentId}`;
  expect((await root("DELETE", path, { confirm: "test" })).status).toBe(200);
  const first = (await root("GET", `/audit_log?limit=1&object_id=${scope.environmentId}`)).body;
  const next = (
    await root("GET", `/audit_log?limit=1&object_id=${scope.environmentId}&cursor=${first.next_cursor}`)
  ).body;
  expect([first.data[0].action, next.data[0].action, next.has_more]).toEqual([
    "environment.erased",
    "environment.created",
    false,
  ]);
});

test("it is for admin keys, and each environment sees its own", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  for (const key of [world.keys.read, world.keys.write])
    expect((await call("GET", "/audit_log", { key })).status).toBe(403);
  expect(JSON.stringify(await entries(other))).not.toContain(world.scope.environmentId);
});
