// A key that a key has made never has more than that one, and ends with it; rights and addresses narrow a key.

import { expect, test } from "vitest";
import { call, type Json, root } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

const KEYS = "/api/v1/api_keys";

async function make(key: string, fields: object): Promise<Json> {
  const made = await call("POST", KEYS, { key, body: { name: "child", role: "admin", ...fields } });
  expect([made.status, made.body.errors]).toEqual([201, undefined]);
  return made.body;
}

async function refusedPath(key: string, fields: object): Promise<string> {
  const { status, body } = await call("POST", KEYS, { key, body: { name: "x", role: "read", ...fields } });
  expect(status).toBe(422);
  return body.errors[0].path;
}

test("revoking a key revokes what it made, to the last, and nobody else's", async () => {
  const world = await createTenantWorld();
  const child = await make(world.keys.admin, {});
  const grandchild = await make(child.key, { role: "read" });
  const sibling = await make(world.keys.admin, { role: "read" });
  expect(grandchild.parent_id).toBe(child.id);
  const reads = async (key: string) => (await call("GET", "/customers", { key })).status;
  expect([await reads(child.key), await reads(grandchild.key)]).toEqual([200, 200]);

  expect((await call("DELETE", `${KEYS}/${child.id}`, { key: world.keys.admin })).status).toBe(200);
  expect([await reads(child.key), await reads(grandchild.key)]).toEqual([401, 401]);
  expect([await reads(sibling.key), await reads(world.keys.admin)]).toEqual([200, 200]);
});

test("what root made has no parent, and is revoked by itself", async () => {
  const world = await createTenantWorld();
  const listed = await world.api("GET", KEYS);
  expect(listed.body.data.map(({ parent_id }: Json) => parent_id)).toEqual([null, null, null]);
});

test("a key expires with the key that made it at the latest", async () => {
  const world = await createTenantWorld();
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const later = new Date(Date.now() + 7_200_000).toISOString();
  const parent = await make(world.keys.admin, { expires_at: soon });
  expect((await make(parent.key, {})).expires_at).toBe(soon);
  expect(await refusedPath(parent.key, { expires_at: later })).toBe("expires_at");
  const sooner = new Date(Date.now() + 60_000).toISOString();
  expect((await make(parent.key, { expires_at: sooner })).expires_at).toBe(sooner);
});

test("a key without the right to refund does all else that its role may", async () => {
  const world = await createTenantWorld();
  const clerk = await make(world.keys.admin, { role: "write", rights: ["exports"] });
  expect(clerk.rights).toEqual(["exports"]);
  const made = await call("POST", "/customers", { key: clerk.key, body: { name: "Ada" } });
  expect(made.status).toBe(201);
  const refund = await call("POST", "/payments/pay_none/refunds", { key: clerk.key, body: {} });
  expect([refund.status, refund.body.code]).toEqual([403, "forbidden"]);
  expect(refund.body.detail).toContain("'refunds'");
  expect((await call("GET", "/exports/payments.csv", { key: clerk.key })).status).toBe(200);
});

test("each right is needed by its doors, and a role keeps all of its own where none is named", async () => {
  const world = await createTenantWorld();
  const bare = await make(world.keys.admin, { rights: [] });
  for (const [method, path] of [
    ["POST", "/payments/pay_none/refunds"],
    ["GET", "/exports/invoices.csv"],
    ["PATCH", "/connections/conn_none"],
    ["DELETE", "/connections/conn_none"],
    ["POST", "/api/v1/api_keys"],
    ["POST", "/event_destinations"],
    ["PATCH", "/settings"],
  ] as const) {
    const answer = await call(method, path, { key: bare.key, ...(method === "GET" ? {} : { body: {} }) });
    expect([path, answer.status]).toEqual([path, 403]);
    const full = await call(method, path, {
      key: world.keys.admin,
      ...(method === "GET" ? {} : { body: {} }),
    });
    expect([path, full.status === 403]).toEqual([path, false]);
  }
});

test("a key gives no role, right or address that it has not, and takes its own along where none is named", async () => {
  const world = await createTenantWorld();
  const parent = await make(world.keys.admin, {
    rights: ["api_keys", "exports"],
    allowed_addresses: ["192.0.2.0/24", "2001:db8::/32"],
  });
  const from = (ip: string) => ({ headers: { "cf-connecting-ip": ip }, key: parent.key });
  const ask = (fields: object) =>
    call("POST", KEYS, { ...from("192.0.2.7"), body: { name: "x", role: "write", ...fields } });
  const taken = await ask({});
  expect(taken.body).toMatchObject({
    rights: ["exports"],
    allowed_addresses: ["192.0.2.0/24", "2001:db8::/32"],
  });
  const narrower = await ask({ allowed_addresses: ["192.0.2.128/25", "2001:db8:1::7"] });
  expect(narrower.body.allowed_addresses).toEqual(["192.0.2.128/25", "2001:db8:1::7/128"]);
  for (const [fields, path] of [
    [{ rights: ["refunds"] }, "rights"],
    [{ allowed_addresses: ["192.0.0.0/16"] }, "allowed_addresses"],
    [{ allowed_addresses: ["2001:db9::1"] }, "allowed_addresses"],
  ] as const) {
    const { status, body } = await ask(fields);
    expect([status, body.errors[0].path]).toEqual([422, path]);
  }
  expect(await refusedPath(world.keys.admin, { rights: ["refunds"] })).toBe("rights");
});

test("a key with a list of addresses is refused from every other one", async () => {
  const world = await createTenantWorld();
  const { key } = await make(world.keys.admin, {
    role: "read",
    allowed_addresses: ["192.0.2.7", "2001:db8::/32"],
  });
  const from = async (ip: string | null) => {
    const headers: Record<string, string> = ip === null ? {} : { "cf-connecting-ip": ip };
    return (await call("GET", "/customers", { key, headers })).status;
  };
  const seen = [];
  for (const ip of [
    "192.0.2.7",
    "::ffff:192.0.2.7",
    "2001:db8:ffff::1",
    "192.0.2.8",
    "2001:db9::1",
    "junk",
    null,
  ])
    seen.push(await from(ip));
  expect(seen).toEqual([200, 200, 200, 403, 403, 403, 403]);
});

test("what is no address or range is refused by its place", async () => {
  const world = await createTenantWorld();
  for (const strange of ["10.1.2.3/8", "10.0.0.0/33", "1", "example.com", "", "2001:db8::1/32"])
    expect(await refusedPath(world.keys.admin, { allowed_addresses: ["192.0.2.1", strange] })).toBe(
      "allowed_addresses[1]",
    );
  expect(await refusedPath(world.keys.admin, { allowed_addresses: [] })).toBe("allowed_addresses");
});

test("a key that is revoked at this moment makes none: either it comes first, or its child ends with it", async () => {
  const world = await createTenantWorld();
  const parent = await make(world.keys.admin, {});
  const [made] = await Promise.all([
    call("POST", KEYS, { key: parent.key, body: { name: "late", role: "admin" } }),
    call("DELETE", `${KEYS}/${parent.id}`, { key: world.keys.admin }),
  ]);
  if (made.status === 201) expect((await call("GET", "/customers", { key: made.body.key })).status).toBe(401);
  else expect(made.status).toBe(401);
});

test("root narrows a key likewise", async () => {
  const world = await createTenantWorld();
  const path = `/tenants/${world.scope.tenantId}/environments/${world.scope.environmentId}/api_keys`;
  const made = await root("POST", path, { name: "x", role: "write", rights: ["exports"] });
  expect(made.body).toMatchObject({ rights: ["exports"], parent_id: null, allowed_addresses: null });
});
