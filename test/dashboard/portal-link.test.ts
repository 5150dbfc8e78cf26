// A platform sends a person to the dashboard by one call: the link works once, for five minutes, and what is done then
// is done by that person.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { call, type Json } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";
import { open, send } from "./browse.ts";

type World = Awaited<ReturnType<typeof createTenantWorld>>;
const ADA = { id: "user_17", name: "Ada Lovelace", email: "ada@example.com" };

async function invite(world: World, fields: object = {}): Promise<Json> {
  const made = await world.api("POST", "/dashboard_sessions", { role: "write", actor: ADA, ...fields });
  expect([made.status, made.body.errors]).toEqual([201, undefined]);
  return { ...made.body, path: new URL(made.body.url).pathname };
}

async function enter(path: string): Promise<string> {
  const page = await send(path, {});
  expect([page.status, page.headers.get("location")]).toEqual([303, "/dashboard"]);
  const [cookie = ""] = (page.headers.get("set-cookie") ?? "").split(";");
  return cookie;
}

test("the link opens a session of that role, by the person's name, with the way back", async () => {
  const world = await createTenantWorld();
  const made = await invite(world, { return_url: "https://app.example.com/billing" });
  expect(made).toMatchObject({ object: "dashboard_session", role: "write", actor: ADA, opened_at: null });
  const cookie = await enter(made.path);
  const page = await open("/dashboard", cookie);
  expect(page.status).toBe(200);
  expect(page.html).toContain("Ada Lovelace");
  expect(page.html).toContain('href="https://app.example.com/billing"');
  expect(page.html).toContain("Back to app.example.com");
  expect((await open("/dashboard/audit-log", cookie)).status).toBe(403);
});

test("whatever looks at the link does not use it up; the form that it shows does, once", async () => {
  const world = await createTenantWorld();
  const { path } = await invite(world);
  for (let look = 0; look < 3; look++) {
    const shown = await open(path);
    expect([shown.status, shown.headers.get("set-cookie")]).toEqual([200, null]);
    expect(shown.html).toContain(`action="${path}"`);
  }
  expect((await open("/dashboard", await enter(path))).status).toBe(200);
  const again = await send(path, {});
  expect([again.status, again.headers.get("set-cookie")]).toEqual([410, null]);
  expect(again.html).toContain("does not work any more");
});

test("of many who open a link at once one is let in", async () => {
  const world = await createTenantWorld();
  const { path } = await invite(world);
  const pages = await Promise.all(Array.from({ length: 6 }, () => send(path, {})));
  expect(pages.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410, 410]);
});

test("a link of more than five minutes, one of a revoked key and one that was ended let nobody in", async () => {
  const world = await createTenantWorld();
  const old = await invite(world);
  expect(Date.parse(old.expires_at) - Date.parse(old.created_at)).toBe(300_000);
  await env.DB.prepare("UPDATE dashboard_sessions SET expires_at_ms = ? WHERE id = ?")
    .bind(Date.now() - 1, old.id)
    .run();
  expect((await send(old.path, {})).status).toBe(410);

  const ended = await invite(world);
  const end = await world.api("POST", "/dashboard_sessions/end", { actor_id: ADA.id });
  expect([end.status, end.body.count]).toEqual([200, 1]);
  expect((await send(ended.path, {})).status).toBe(410);

  const maker = (await world.api("POST", "/api/v1/api_keys", { name: "portal", role: "admin" })).body;
  const made = await call("POST", "/dashboard_sessions", {
    key: maker.key,
    body: { role: "read", actor: ADA },
  });
  const cookie = await enter(new URL(made.body.url).pathname);
  expect((await open("/dashboard", cookie)).status).toBe(200);
  await world.api("DELETE", `/api/v1/api_keys/${maker.id}`);
  expect((await open("/dashboard", cookie)).status).toBe(303);
});

test("the token is kept nowhere but in the answer", async () => {
  const world = await createTenantWorld();
  const { path, id } = await invite(world);
  const row = await env.DB.prepare("SELECT * FROM dashboard_sessions WHERE id = ?").bind(id).first();
  expect(JSON.stringify(row)).not.toContain(path.slice(-43));
});

test("the audit log, API and page, names the person who acted", async () => {
  const world = await createTenantWorld();
  const cookie = await enter((await invite(world, { role: "admin" })).path);
  const customer = await world.api("POST", "/customers", { name: "Grace" });
  const draft = await world.api("POST", "/invoices", {
    customer_id: customer.body.id,
    currency: "eur",
    lines: [{ description: "Pro plan", quantity: 1, unit_amount: 100 }],
  });
  await send(`/dashboard/invoices/${draft.body.id}/delete`, { confirm: "yes" }, { cookie });
  const log = await world.api("GET", `/audit_log?object_id=${draft.body.id}`);
  expect(log.body.data[0].actor).toEqual({
    kind: "dashboard",
    id: ADA.id,
    name: ADA.name,
    ip: expect.any(String),
  });
  expect((await open("/dashboard/audit-log", cookie)).html).toContain("Ada Lovelace");
  const { data } = (await world.api("GET", "/audit_log?action=dashboard_session.created")).body;
  expect(data[0].detail).toMatchObject({ actor_id: ADA.id, role: "admin" });
});

test("a person is signed out everywhere by one call, and nobody else is", async () => {
  const world = await createTenantWorld();
  const ada = [await enter((await invite(world)).path), await enter((await invite(world)).path)];
  const bob = await enter((await invite(world, { actor: { id: "user_18", name: "Bob" } })).path);
  const listed = await world.api("GET", "/dashboard_sessions");
  expect(listed.body.data.map(({ actor }: Json) => actor.id).sort()).toEqual([
    "user_17",
    "user_17",
    "user_18",
  ]);
  expect((await world.api("POST", "/dashboard_sessions/end", { actor_id: ADA.id })).body.count).toBe(2);
  for (const cookie of ada) expect((await open("/dashboard", cookie)).status).toBe(303);
  expect((await open("/dashboard", bob)).status).toBe(200);
  expect((await world.api("POST", "/dashboard_sessions/end", {})).body.count).toBe(1);
  expect((await open("/dashboard", bob)).status).toBe(303);
});

test("a person confirms by name what is dear, since they have no key", async () => {
  const world = await createTenantWorld();
  const made = await invite(world, { role: "admin" });
  const cookie = await enter(made.path);
  await env.DB.prepare("UPDATE dashboard_sessions SET confirmed_at_ms = 0 WHERE id = ?").bind(made.id).run();
  const path = "/dashboard/event-destinations/new";
  const asked = await open((await open(path, cookie)).headers.get("location") ?? "", cookie);
  expect(asked.html).toContain("I am Ada Lovelace");
  expect((await send("/dashboard/confirm", { next: path }, { cookie })).status).toBe(422);
  await send("/dashboard/confirm", { next: path, confirm: "yes" }, { cookie });
  expect((await open(path, cookie)).status).toBe(200);
});

test("a key gives no role or right that it has not, and only an admin key gives any", async () => {
  const world = await createTenantWorld();
  const key = (
    await world.api("POST", "/api/v1/api_keys", {
      name: "portal",
      role: "admin",
      rights: ["dashboard_sessions", "exports"],
    })
  ).body.key;
  const ask = (fields: object) =>
    call("POST", "/dashboard_sessions", { key, body: { role: "write", actor: ADA, ...fields } });
  expect((await ask({ rights: ["refunds"] })).body.errors[0].path).toBe("rights");
  const cookie = await enter(new URL((await ask({})).body.url).pathname);
  const refused = await open("/dashboard/payments/pay_1/refund", cookie);
  expect([refused.status, refused.html.includes("may not refund payments")]).toEqual([403, true]);
});

test("what does not fit is refused by its place", async () => {
  const world = await createTenantWorld();
  await world.api("PATCH", "/settings", { allowed_origins: ["https://app.example.com"] });
  for (const [fields, path] of [
    [{ role: "owner" }, "role"],
    [{ actor: { id: "x" } }, "actor.name"],
    [{ actor: { ...ADA, email: "nonsense" } }, "actor.email"],
    [{ expires_in: 299 }, "expires_in"],
    [{ expires_in: 43_201 }, "expires_in"],
    [{ return_url: "javascript:alert(1)" }, "return_url"],
    [{ return_url: "https://evil.example" }, "return_url"],
  ] as const) {
    const { status, body } = await world.api("POST", "/dashboard_sessions", {
      role: "read",
      actor: ADA,
      ...fields,
    });
    expect([status, body.errors[0].path]).toEqual([422, path]);
  }
});

test("a session lasts as long as was asked for, from the moment the link is opened", async () => {
  const world = await createTenantWorld();
  const made = await invite(world, { expires_in: 600 });
  await enter(made.path);
  const [session] = (await world.api("GET", "/dashboard_sessions")).body.data;
  expect(Date.parse(session.expires_at) - Date.parse(session.opened_at)).toBe(600_000);
});
