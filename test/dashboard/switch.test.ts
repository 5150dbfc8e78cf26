// A browser holds a session for each of a tenant's environments and switches between them without signing in again.
// Each keeps its own rights and its own end.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { call, type Json, root } from "../harness/api.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";
import { hiddenOf } from "./action-fixture.ts";
import { open, type Page, send, signIn, textOf } from "./browse.ts";

const ADA = { id: "user_17", name: "Ada Lovelace" };
const SWITCH = "/dashboard/environments/switch";

type Place = { id: string; key: string };

/** Another environment of the tenant, with an admin key. */
async function besideOf({ scope }: Pick<TestWorld, "scope">, name = "Beside"): Promise<Place> {
  const path = `/tenants/${scope.tenantId}/environments`;
  const { id } = (await root("POST", path, { name, livemode: false })).body;
  const { key } = (await root("POST", `${path}/${id}/api_keys`, { name: "b", role: "admin" })).body;
  return { id, key };
}

/** The cookie after an answer: what it sets, or what was there. */
function cookieAfter(page: Page, before: string): string {
  const set = page.headers.get("set-cookie");
  return set === null ? before : (set.split(";")[0] ?? "");
}

async function signInBeside(key: string, cookie: string): Promise<string> {
  const page = await send("/dashboard/sign-in", { key }, { cookie });
  expect(page.status).toBe(303);
  return cookieAfter(page, cookie);
}

async function switchTo(id: string, cookie: string): Promise<{ to: string | null; cookie: string }> {
  const page = await send(SWITCH, { environment_id: id }, { cookie });
  expect(page.status).toBe(303);
  return { to: page.headers.get("location"), cookie: cookieAfter(page, cookie) };
}

async function openByLink(key: string, cookie: string | undefined, actor: Json = ADA): Promise<string> {
  const { body } = await call("POST", "/dashboard_sessions", { key, body: { role: "write", actor } });
  const page = await send(new URL(body.url).pathname, {}, cookie === undefined ? {} : { cookie });
  expect(page.status).toBe(303);
  return cookieAfter(page, cookie ?? "");
}

/** The environment that the frame names, by its id. */
async function whereIs(cookie: string): Promise<string | undefined> {
  return (await open("/dashboard/environments", cookie)).html.match(/class="hint"><code>([^<]+)</)?.[1];
}

/** The environments to which a page leads at once. */
async function offeredOn(path: string, cookie: string): Promise<string[]> {
  const { html } = await open(path, cookie);
  const found = html.matchAll(/name="environment_id" value="([^"]+)"/g);
  return [...new Set(Array.from(found, ([, id]) => id ?? ""))];
}

test("who is signed in to two environments switches there and back, with the rights of each", async () => {
  const world = await createTenantWorld();
  const beside = await besideOf(world);
  const here = world.scope.environmentId;
  let cookie = await signInBeside(beside.key, await signIn(world.keys.read));
  expect(await whereIs(cookie)).toBe(beside.id);
  expect((await open("/dashboard/audit-log", cookie)).status).toBe(200);
  // On every page, and on that of the environments.
  for (const path of ["/dashboard/search", "/dashboard/environments"])
    expect([path, await offeredOn(path, cookie)]).toEqual([path, [here]]);

  const back = await switchTo(here, cookie);
  expect(back.to).toBe("/dashboard");
  cookie = back.cookie;
  expect(await whereIs(cookie)).toBe(here);
  expect((await open("/dashboard/audit-log", cookie)).status).toBe(403);
  cookie = (await switchTo(beside.id, cookie)).cookie;
  expect((await open("/dashboard/audit-log", cookie)).status).toBe(200);
});

test("the cookie stays out of reach of scripts, and holds six sessions at most, in less than a cookie's size", async () => {
  const world = await createTenantWorld();
  let cookie = await signIn(world.keys.read);
  let page: Page | undefined;
  for (let at = 0; at < 6; at++) {
    page = await send("/dashboard/sign-in", { key: (await besideOf(world)).key }, { cookie });
    cookie = cookieAfter(page, cookie);
  }
  const set = page?.headers.get("set-cookie") ?? "";
  expect(set).toMatch(/^__Host-quittance_session=.*; HttpOnly; Secure; SameSite=Lax$/);
  expect(set.length).toBeLessThan(4096);
  // The seventh sent the first away, and ended it.
  expect((await switchTo(world.scope.environmentId, cookie)).to).toContain("/dashboard/sign-in");
  const row = await env.DB.prepare("SELECT ended_at_ms FROM dashboard_sessions WHERE environment_id = ?")
    .bind(world.scope.environmentId)
    .first<{ ended_at_ms: number | null }>();
  expect(row?.ended_at_ms).not.toBeNull();
});

test("signing out ends the present session alone, and says where one is signed in still", async () => {
  const world = await createTenantWorld();
  const beside = await besideOf(world, "Sandbox two");
  const both = await signInBeside(beside.key, await signIn(world.keys.read));
  const out = await send("/dashboard/sign-out", {}, { cookie: both });
  const left = cookieAfter(out, both);
  const said = await open(out.headers.get("location") ?? "", left);
  expect(said.status).toBe(200);
  expect(textOf(said.html)).toContain("You are still signed in");
  expect(await whereIs(left)).toBe(world.scope.environmentId);
  // A copy of the cookie as it was finds the one ended, and the other as it is.
  expect((await open("/dashboard", both)).status).toBe(303);
  expect((await switchTo(beside.id, both)).to).toBe(`/dashboard/sign-in?environment=${beside.id}`);
});

test("a revoked key ends its own session, and nobody is led into another environment by it", async () => {
  const world = await createTenantWorld();
  const beside = await besideOf(world);
  const cookie = await signInBeside(beside.key, await signIn(world.keys.read));
  const keys = await call("GET", "/api/v1/api_keys", { key: beside.key });
  await call("DELETE", `/api/v1/api_keys/${keys.body.data[0].id}`, { key: beside.key });
  const refused = await open("/dashboard/invoices", cookie);
  expect(refused.headers.get("location")).toBe("/dashboard/sign-in?next=%2Fdashboard%2Finvoices&ended=1");
  const left = cookieAfter(refused, cookie);
  expect((await open(refused.headers.get("location") ?? "", left)).status).toBe(200);
  expect((await switchTo(world.scope.environmentId, left)).to).toBe("/dashboard");
});

test("a form of a page that was of another environment does nothing in this one", async () => {
  const world = await createTenantWorld();
  const beside = await besideOf(world);
  const cookie = await signInBeside(beside.key, await signIn(world.keys.write));
  const there = (await switchTo(world.scope.environmentId, cookie)).cookie;
  const form = hiddenOf((await open("/dashboard/customers/new", there)).html);
  const stale = await send("/dashboard/customers/new", { ...form, name: "Grace" }, { cookie });
  expect(stale.status).toBe(409);
  expect(textOf(stale.html)).toContain("This page was of another environment");
  expect((await call("GET", "/customers", { key: beside.key })).body.data).toEqual([]);
  const sent = await send("/dashboard/customers/new", { ...form, name: "Grace" }, { cookie: there });
  expect(sent.status).toBe(303);
});

test("a link keeps the same person's sessions, and ends another's and a key's; another tenant's never stay", async () => {
  const world = await createTenantWorld();
  const beside = await besideOf(world);
  const here = world.scope.environmentId;
  const ada = await openByLink(beside.key, await openByLink(world.keys.admin, undefined));
  expect((await switchTo(here, ada)).to).toBe("/dashboard");

  const bob = await openByLink(beside.key, ada, { id: "user_18", name: "Bob" });
  expect((await switchTo(here, bob)).to).toContain("/dashboard/sign-in");
  expect((await switchTo(here, ada)).to).toContain("/dashboard/sign-in");

  const withKey = await openByLink(beside.key, await signIn(world.keys.read));
  expect((await switchTo(here, withKey)).to).toContain("/dashboard/sign-in");

  const stranger = await createTenantWorld();
  const theirs = await signInBeside(stranger.keys.admin, await signIn(world.keys.read));
  expect((await switchTo(here, theirs)).to).toContain("/dashboard/sign-in");
});

test("a cookie made up of others' parts holds nothing that was not signed, and another site switches nothing", async () => {
  const world = await createTenantWorld();
  const beside = await besideOf(world);
  const mine = await signIn(world.keys.read);
  const made = `${mine}~${btoa("{}")}.AAAA~~nonsense`;
  expect((await open("/dashboard", made)).status).toBe(200);
  expect((await switchTo(beside.id, made)).to).toContain("/dashboard/sign-in");
  const both = await signInBeside(beside.key, mine);
  const other = await send(
    SWITCH,
    { environment_id: world.scope.environmentId },
    { cookie: both, from: "https://evil.example" },
  );
  expect([other.status, other.headers.get("set-cookie")]).toEqual([403, null]);
});
