// A session is a row: whatever ends it ends it in every browser, and a cookie alone is never enough.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type SessionClaims, signSession } from "../../src/dashboard/session/session-token.ts";
import { root } from "../harness/api.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";
import { open, send, signIn } from "./browse.ts";

const NAME = "__Host-quittance_session";
const HOUR_MS = 60 * 60 * 1000;

type World = Awaited<ReturnType<typeof createTenantWorld>>;

async function keyIdOf(world: World, role: string): Promise<string> {
  const { tenantId, environmentId } = world.scope;
  const list = await root("GET", `/tenants/${tenantId}/environments/${environmentId}/api_keys`);
  return list.body.data.find((key: { name: string }) => key.name === role).id;
}

function claimsIn(cookie: string): SessionClaims {
  const [content = ""] = cookie.slice(NAME.length + 1).split(".");
  return JSON.parse(atob(content.replaceAll("-", "+").replaceAll("_", "/")));
}

async function cookieOf(claims: SessionClaims, purpose = "dashboard-session"): Promise<string> {
  return `${NAME}=${await signSession(await testDeps().keyring.signingKey(purpose), claims)}`;
}

async function setRow(world: World, column: string, value: number): Promise<void> {
  await env.DB.prepare(`UPDATE dashboard_sessions SET ${column} = ? WHERE environment_id = ?`)
    .bind(value, world.scope.environmentId)
    .run();
}

const statusOf = async (cookie: string) => (await open("/dashboard", cookie)).status;

test("a revoked key ends its session at the next request", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  expect(await statusOf(cookie)).toBe(200);
  const revoked = await world.api("DELETE", `/api/v1/api_keys/${await keyIdOf(world, "read")}`);
  expect(revoked.status).toBe(200);

  const page = await open("/dashboard", cookie);
  expect(page.status).toBe(303);
  expect(page.headers.get("location")).toBe("/dashboard/sign-in?ended=1");
  expect(page.headers.get("set-cookie")).toContain("Max-Age=0");
  expect((await open("/dashboard/sign-in?ended=1")).html).toContain("session has ended");
});

test("a key that expires ends its session then", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  await env.DB.prepare("UPDATE api_keys SET expires_at_ms = ? WHERE environment_id = ?")
    .bind(Date.now() - 1, world.scope.environmentId)
    .run();
  expect(await statusOf(cookie)).toBe(303);
});

test("signing out ends the session itself: a cookie that was copied opens nothing any more", async () => {
  const world = await createTenantWorld();
  const [one, other] = [await signIn(world.keys.read), await signIn(world.keys.read)];
  await send("/dashboard/sign-out", {}, { cookie: one });
  expect([await statusOf(one), await statusOf(other)]).toEqual([303, 200]);
});

test("signing out everywhere ends every session of the same key, and no other's", async () => {
  const world = await createTenantWorld();
  const [one, two] = [await signIn(world.keys.read), await signIn(world.keys.read)];
  const other = await signIn(world.keys.admin);
  const page = await open("/dashboard/sessions", one);
  expect(page.html).toContain("Sign out everywhere");
  const done = await send("/dashboard/sessions/end", {}, { cookie: one });
  expect(done.headers.get("location")).toBe("/dashboard/sign-in?out=all");
  expect([await statusOf(one), await statusOf(two), await statusOf(other)]).toEqual([303, 303, 200]);
});

test("a session ends two hours after its last use, and each use puts that off", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  await setRow(world, "last_seen_at_ms", Date.now() - 2 * HOUR_MS + 60_000);
  expect(await statusOf(cookie)).toBe(200);
  const row = await env.DB.prepare("SELECT last_seen_at_ms FROM dashboard_sessions WHERE environment_id = ?")
    .bind(world.scope.environmentId)
    .first<{ last_seen_at_ms: number }>();
  expect(row?.last_seen_at_ms).toBeGreaterThan(Date.now() - HOUR_MS);
  await setRow(world, "last_seen_at_ms", Date.now() - 2 * HOUR_MS);
  expect(await statusOf(cookie)).toBe(303);
});

test("a session ends at its time, whatever its cookie says", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  expect(claimsIn(cookie).expiresAtMs).toBeGreaterThan(Date.now() + 11 * HOUR_MS);
  await setRow(world, "expires_at_ms", Date.now() - 1);
  expect(await statusOf(cookie)).toBe(303);
});

test("a cookie that we signed is taken until it expires, and not after", async () => {
  const world = await createTenantWorld();
  const claims = claimsIn(await signIn(world.keys.read));
  expect(await statusOf(await cookieOf(claims))).toBe(200);
  expect(await statusOf(await cookieOf({ ...claims, expiresAtMs: Date.now() - 1 }))).toBe(303);
});

test("a cookie that was altered, signed for another purpose or made up is refused", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const good = await signIn(mine.keys.read);
  const claims = claimsIn(good);
  const other = await signIn(theirs.keys.read);
  const [content = "", signature = ""] = good.slice(NAME.length + 1).split(".");
  const [otherContent = ""] = other.slice(NAME.length + 1).split(".");
  const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
  const refused = {
    "another signature": `${NAME}=${content}.${flipped}`,
    "another's content": `${NAME}=${otherContent}.${signature}`,
    "no signature": `${NAME}=${content}.`,
    "content alone": `${NAME}=${content}`,
    "a third part": `${good}.${signature}`,
    "not base64": `${NAME}=%00.%00`,
    nothing: `${NAME}=`,
    "another purpose": await cookieOf(claims, "console-session"),
    "no such session": await cookieOf({ ...claims, sessionId: "dse_none" }),
  };
  expect(await statusOf(good)).toBe(200);
  for (const [what, cookie] of Object.entries(refused)) {
    expect([what, await statusOf(cookie)]).toEqual([what, 303]);
  }
});

test("a session opens no environment or tenant but its own, even by a cookie that we signed", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const claims = claimsIn(await signIn(mine.keys.read));
  const { tenantId, environmentId } = theirs.scope;
  for (const moved of [{ environmentId }, { tenantId }, { tenantId, environmentId }]) {
    expect(await statusOf(await cookieOf({ ...claims, ...moved }))).toBe(303);
  }
});

test("a session of a key that is bound to addresses ends elsewhere", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  await env.DB.prepare("UPDATE api_keys SET allowed_addresses = ? WHERE environment_id = ?")
    .bind(JSON.stringify(["192.0.2.0/24"]), world.scope.environmentId)
    .run();
  expect(await statusOf(cookie)).toBe(303);
});

test("refunds and secrets ask for the key again after a quarter of an hour, and take no other key", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  const path = "/dashboard/event-destinations/new";
  expect((await open(path, cookie)).status).toBe(200);
  await setRow(world, "confirmed_at_ms", Date.now() - HOUR_MS / 4);
  const asked = await open(path, cookie);
  expect([asked.status, asked.headers.get("location")]).toEqual([
    303,
    `/dashboard/confirm?next=${encodeURIComponent(path)}`,
  ]);
  expect((await open("/dashboard/payments/pay_1/refund", cookie)).status).toBe(303);
  expect(await statusOf(cookie)).toBe(200);
  expect((await open(asked.headers.get("location") ?? "", cookie)).html).toContain("again");

  for (const key of ["", world.keys.read, `qt_${"x".repeat(43)}`]) {
    const refused = await send("/dashboard/confirm", { key, next: path }, { cookie });
    expect([refused.status, refused.html.includes("not the key")]).toEqual([422, true]);
  }
  expect((await open(path, cookie)).status).toBe(303);
  const done = await send("/dashboard/confirm", { key: world.keys.admin, next: path }, { cookie });
  expect(done.headers.get("location")).toBe(path);
  expect((await open(path, cookie)).status).toBe(200);
});

test("a form that was opened in time can be sent for another quarter of an hour, and not longer", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  const path = "/dashboard/event-destinations/new";
  await setRow(world, "confirmed_at_ms", Date.now() - HOUR_MS / 4);
  expect((await send(path, {}, { cookie })).status).not.toBe(303);
  await setRow(world, "confirmed_at_ms", Date.now() - HOUR_MS / 2);
  expect((await send(path, {}, { cookie })).headers.get("location")).toContain("/dashboard/confirm");
});
