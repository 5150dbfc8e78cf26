import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import { call, root } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";
import { createReceiver, verify } from "../notifications/receiver.ts";

type World = Pick<TestWorld, "api" | "scope" | "keys">;
const ONCE = { "idempotency-key": "once" };
const INVOICE = {
  customer_id: "cus_own",
  currency: "EUR",
  lines: [{ description: "Pro", quantity: 1, unit_amount: 900 }],
};

test("a destination whose answer was lost is there once, and the repeated call shows the same secret", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const make = () => world.api("POST", "/event_destinations", { url: receiver.url }, ONCE);
  const first = await make();
  await loseAnswer(ledgerSql(world.scope));
  const second = await make();
  expect(second.status).toBe(201);
  expect(second.headers.get("idempotent-replayed")).toBeNull();
  expect(second.body).toEqual(first.body);
  expect((await world.api("GET", "/event_destinations")).body.data).toHaveLength(1);
  await world.api("POST", `/event_destinations/${second.body.id}/test`);
  const [message] = receiver.received;
  if (!message) throw new Error("Nothing was sent.");
  expect(message.signature.split(" ")).toHaveLength(1);
  verify(second.body.secret, message);
  expect(await acts(world, "event_destination.created")).toHaveLength(1);
});

test("the repeated call shows no secret that another call has made since", async () => {
  const world = await createTenantWorld();
  const make = () => world.api("POST", "/event_destinations", { url: receiver.url }, ONCE);
  const receiver = createReceiver();
  const { body } = await make();
  await loseAnswer(ledgerSql(world.scope));
  const path = `/event_destinations/${body.id}/rotate_secret`;
  const rotated = (await world.api("POST", path, { overlap_seconds: 0 })).body.secret;
  const again = await make();
  expect([again.status, again.body.code]).toEqual([409, "conflict"]);
  expect(JSON.stringify(again.body)).not.toContain(rotated);
  expect((await world.api("GET", "/event_destinations")).body.data).toHaveLength(1);
});

test("the twentieth destination, repeated, is no twenty-first", async () => {
  const world = await createTenantWorld();
  const { url } = createReceiver();
  for (let index = 0; index < 19; index++) await world.api("POST", "/event_destinations", { url });
  const make = () => world.api("POST", "/event_destinations", { url }, ONCE);
  const first = await make();
  await loseAnswer(ledgerSql(world.scope));
  expect(await make()).toMatchObject({ status: 201, body: { id: first.body.id } });
});

test("an API key whose answer was lost is there once: the repeated call has a key that works, and the lost one opens nothing", async () => {
  const world = await createTenantWorld();
  const make = () => world.api("POST", "/api/v1/api_keys", { name: "CI", role: "read" }, ONCE);
  const first = await make();
  await loseAnswer(ledgerSql(world.scope));
  const second = await make();
  expect(second.status).toBe(201);
  expect(second.body).toMatchObject({ id: first.body.id, name: "CI", role: "read" });
  expect(second.body.key).not.toBe(first.body.key);
  expect(second.body.hint).toBe(`qt_…${second.body.key.slice(-4)}`);
  expect((await call("GET", "/customers", { key: first.body.key })).status).toBe(401);
  expect((await call("GET", "/customers", { key: second.body.key })).status).toBe(200);
  expect(await keysNamed(world, "CI")).toHaveLength(1);
  expect(await acts(world, "api_key.created")).toHaveLength(4);
  expect(await acts(world, "api_key.reissued")).toHaveLength(1);
});

test("the same by root, for an environment's first key", async () => {
  const world = await createTenantWorld();
  const { tenantId, environmentId } = world.scope;
  const path = `/api/v1/tenants/${tenantId}/environments/${environmentId}/api_keys`;
  const make = () =>
    call("POST", path, { key: env.ROOT_TOKEN, body: { name: "first", role: "admin" }, headers: ONCE });
  const first = await make();
  await loseAnswer(env.DB);
  const second = await make();
  expect([second.status, second.body.id]).toEqual([201, first.body.id]);
  const listed = (await root("GET", path)).body.data.filter(({ name }: Json) => name === "first");
  expect(listed).toHaveLength(1);
});

test.each(["used", "revoked"])(
  "an API key that was %s since is not replaced: the repeated call is refused",
  async (how) => {
    const world = await createTenantWorld();
    const make = () => world.api("POST", "/api/v1/api_keys", { name: "CI", role: "read" }, ONCE);
    const { body } = await make();
    await loseAnswer(ledgerSql(world.scope));
    if (how === "used") await call("GET", "/customers", { key: body.key });
    else await world.api("DELETE", `/api/v1/api_keys/${body.id}`);
    const again = await make();
    expect([again.status, again.body.code]).toEqual([409, "conflict"]);
    expect(JSON.stringify(again.body)).not.toContain("qt_");
    expect((await call("GET", "/customers", { key: body.key })).status).toBe(how === "used" ? 200 : 401);
    expect(await keysNamed(world, "CI")).toHaveLength(1);
    expect(await acts(world, "api_key.reissued")).toHaveLength(0);
  },
);

test("a tenant and an environment whose answers were lost are there once, each with one entry in the audit log", async () => {
  const name = `Lost ${crypto.randomUUID()}`;
  const make = (path: string, body: object) =>
    call("POST", path, {
      key: env.ROOT_TOKEN,
      body,
      headers: { "idempotency-key": `once ${name} ${path}` },
    });
  const twice = async (path: string, body: object) => {
    const first = await make(path, body);
    await env.DB.prepare(
      `UPDATE idempotency_keys SET response_status = NULL, sealed_body = NULL, created_at_ms = created_at_ms - 61000
       WHERE environment_id = 'root' AND key = ?`,
    )
      .bind(`once ${name} ${path}`)
      .run();
    const second = await make(path, body);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get("idempotent-replayed")).toBeNull();
    const entries = env.DB.prepare("SELECT action FROM audit_log WHERE object_id = ?").bind(first.body.id);
    expect((await entries.all()).results).toHaveLength(1);
    return first.body.id as string;
  };
  const tenantId = await twice("/tenants", { name });
  await twice(`/tenants/${tenantId}/environments`, { name, livemode: false });
  const tenants: Json[] = (await root("GET", "/tenants?limit=100")).body.data;
  expect(tenants.filter((tenant) => tenant.name === name)).toHaveLength(1);
  expect((await root("GET", `/tenants/${tenantId}/environments`)).body.data).toHaveLength(1);
});

test("what the caller has named itself is there once too, and another call's of that name stays refused", async () => {
  const world = await createTenantWorld();
  const makes: [string, Json, Json][] = [
    ["/customers", { id: "cus_own", name: "Ada", address: { city: "London" } }, { name: "Eve" }],
    ["/invoices", { ...INVOICE, id: "inv_own", number: "7" }, { memo: "Another" }],
  ];
  for (const [path, body, other] of makes) {
    const first = await world.api("POST", path, body, ONCE);
    await loseAnswer(ledgerSql(world.scope));
    const second = await world.api("POST", path, body, ONCE);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get("idempotent-replayed")).toBeNull();
    const refused = await world.api(
      "POST",
      path,
      { ...body, ...other },
      { "idempotency-key": `other ${path}` },
    );
    expect([refused.status, refused.body.code]).toEqual([409, "already_exists"]);
    const withoutKey = await world.api("POST", path, body);
    expect([withoutKey.status, withoutKey.body.code]).toEqual([409, "already_exists"]);
    await ledgerSql(world.scope).prepare("DELETE FROM idempotency_keys").run();
  }
  expect(await acts(world, "invoice.created")).toHaveLength(1);
});

/** The isolate died between the commit and its answer, more than a minute ago. */
async function loseAnswer(database: D1Database): Promise<void> {
  await database
    .prepare(
      `UPDATE idempotency_keys SET response_status = NULL, sealed_body = NULL, created_at_ms = created_at_ms - 61000
       WHERE key = 'once'`,
    )
    .run();
}

async function keysNamed(world: World, name: string): Promise<Json[]> {
  const keys: Json[] = (await world.api("GET", "/api/v1/api_keys?limit=100")).body.data;
  return keys.filter((key) => key.name === name);
}

async function acts(world: World, action: string): Promise<Json[]> {
  const entries: Json[] = (await world.api("GET", "/audit_log?limit=100")).body.data;
  return entries.filter((entry) => entry.action === action);
}
