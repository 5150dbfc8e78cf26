// By Cloudflare Access the persons come into the console whom it let in and the operator has named, and nobody else: real
// keys sign and verify each assertion. What one of them does has their address in the logs.

import { env } from "cloudflare:workers";
import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { receivers } from "../harness/sandbox.ts";
import { createTenantWorld } from "../harness/world.ts";
import { type AccessTeam, AUD, createTeam } from "./access-stand-in.ts";
import { textOf } from "./browse.ts";

let team: AccessTeam;
beforeAll(async () => {
  team = await createTeam();
});

afterEach(() => {
  vi.useRealTimers();
});

type Brought = {
  assertion?: string;
  cookie?: string;
  from?: string;
  settings?: Record<string, string>;
  form?: string;
};

const ORIGIN = "https://quittance.test";

async function ask(method: "GET" | "POST", path: string, brought: Brought = {}) {
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    origin: brought.from ?? ORIGIN,
    ...(brought.assertion === undefined ? {} : { "cf-access-jwt-assertion": brought.assertion }),
    ...(brought.cookie === undefined ? {} : { cookie: brought.cookie }),
  };
  const raw = method === "POST" ? { raw: brought.form ?? "name=By+Ada" } : {};
  const settings = brought.settings ?? team.settings;
  const answer = await callWith(settings, method, path, { headers, origin: ORIGIN, ...raw });
  return { ...answer, text: textOf(String(answer.body)), html: String(answer.body) };
}

/** Signs Ada in. */
async function enter(brought: Brought = {}): Promise<string> {
  const assertion = brought.assertion ?? (await team.assert());
  const { status, headers } = await ask("POST", "/console/sign-in/access", { ...brought, assertion });
  expect([status, headers.get("location")]).toEqual([303, "/console"]);
  return headers.get("set-cookie")?.split(";")[0] ?? "";
}

test("a named person continues as who they are, and what they do has their address in the audit log and the security log", async () => {
  const assertion = await team.assert({ email: "Ada@Example.com" });
  const page = await ask("GET", "/console/sign-in", { assertion });
  expect(page.text).toMatch(/Cloudflare Access says that you are ada@example\.com .*Continue .*ROOT_TOKEN/);
  const cookie = await enter({ assertion });
  expect((await ask("GET", "/console/tenants", { assertion, cookie })).text).toContain("ada@example.com");
  const made = await ask("POST", "/console/tenants/new", { assertion, cookie });
  const id = /tenants\/([^?]+)/.exec(made.headers.get("location") ?? "")?.[1];
  const log = (await root("GET", "/audit_log?action=tenant.created")).body.data;
  expect(log.find(({ target }: { target: { id: string } }) => target.id === id)?.actor).toMatchObject({
    kind: "root",
    id: "user-ada",
    name: "ada@example.com",
  });
  const [opened] = (await root("GET", "/security_log?event=session.opened")).body.data;
  expect([opened.actor.name, opened.detail]).toEqual(["ada@example.com", { way: "access" }]);
});

test("a session is good only with its own person's assertion, and ends by signing out", async () => {
  const [assertion, cookie] = [await team.assert(), await enter()];
  const bob = await team.assert({ sub: "user-bob" });
  const old = await team.assert({ exp: Math.floor(Date.now() / 1000) - 120 });
  for (const brought of [{ cookie }, { cookie, assertion: bob }, { cookie, assertion: old }, { assertion }])
    expect((await ask("GET", "/console/tenants", brought)).headers.get("location")).toBe("/console/sign-in");
  const elsewhere = { ...team.settings, ACCESS_OPERATORS: "bob@example.com" };
  const unnamed = await ask("GET", "/console/tenants", { cookie, assertion, settings: elsewhere });
  expect(unnamed.status).toBe(303);
  expect((await ask("GET", "/console/tenants", { cookie, assertion })).status).toBe(200);
  await ask("POST", "/console/sign-out", { cookie, assertion });
  expect((await ask("GET", "/console/tenants", { cookie, assertion })).status).toBe(303);
});

test("before an API key is made, a person is asked by name after a quarter of an hour", async () => {
  const { scope } = await createTenantWorld();
  const path = `/console/tenants/${scope.tenantId}/environments/${scope.environmentId}/api-keys/new`;
  const brought = { assertion: await team.assert(), cookie: await enter() };
  expect((await ask("GET", path, brought)).status).toBe(200);
  await env.DB.prepare(
    "UPDATE dashboard_sessions SET confirmed_at_ms = 0 WHERE environment_id = 'root'",
  ).run();
  const location = (await ask("GET", path, brought)).headers.get("location") ?? "";
  expect(location).toBe(`/console/confirm?next=${encodeURIComponent(path)}`);
  expect((await ask("GET", location, brought)).text).toContain(
    "I am ada@example.com, and this is my session.",
  );
  const unticked = await ask("POST", "/console/confirm", brought);
  expect([unticked.status, unticked.text]).toEqual([422, expect.stringContaining("Tick the box to go on.")]);
  const ticked = { ...brought, form: new URLSearchParams({ confirm: "yes", next: path }).toString() };
  expect((await ask("POST", "/console/confirm", ticked)).headers.get("location")).toBe(path);
  expect((await ask("GET", path, brought)).status).toBe(200);
  const [confirmed] = (await root("GET", "/security_log?event=session.confirmed")).body.data;
  expect([confirmed.actor.name, confirmed.detail]).toEqual(["ada@example.com", { way: "access" }]);
});

test("the cookie that browsers send along opens nothing, nor does a form of another site", async () => {
  const assertion = await team.assert();
  const cookie = `CF_Authorization=${assertion}`;
  expect((await ask("POST", "/console/sign-in/access", { cookie })).status).toBe(401);
  const forged = await ask("POST", "/console/sign-in/access", { assertion, from: "https://evil.example" });
  expect([forged.status, forged.headers.get("set-cookie")]).toEqual([403, null]);
});

test("where Access is not configured its assertion opens nothing, and ROOT_TOKEN does", async () => {
  const none = { ACCESS_TEAM_DOMAIN: "", ACCESS_AUD: "", ACCESS_OPERATORS: "" };
  const refused = await ask("POST", "/console/sign-in/access", {
    assertion: await team.assert(),
    settings: none,
  });
  expect([refused.status, refused.headers.get("set-cookie")]).toEqual([401, null]);
  expect(refused.text).toContain("Cloudflare Access is not configured here");
  expect((await ask("GET", "/console/sign-in", { settings: none })).text).not.toContain("Access");
});

const now = () => Math.floor(Date.now() / 1000);
const secret = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
const claims = () => ({
  aud: AUD,
  iss: team.issuer,
  sub: "user-ada",
  email: "ada@example.com",
  exp: now() + 60,
});

test.each<[string, () => Promise<string | undefined>, string]>([
  ["missing", async () => undefined, "did not come through Cloudflare Access"],
  ["no token", async () => "nonsense", "is none"],
  ["far too long", async () => "a".repeat(9_000), "is none"],
  ["expired", () => team.assert({ exp: now() - 61 }), "has expired"],
  ["not valid yet", () => team.assert({ nbf: now() + 120 }), "not valid yet"],
  ["without an end", () => team.assert({ exp: undefined }), "lacks what one of Cloudflare Access has"],
  ["for another application", () => team.assert({ aud: ["f".repeat(64)] }), "for another application"],
  ["of another team", () => team.assert({ iss: "https://evil.cloudflareaccess.com" }), "another team's"],
  [
    "of a service token",
    () => team.assert({ sub: "", email: undefined, common_name: "ci" }),
    "names no person",
  ],
  ["of a stranger", () => team.assert({ email: "eve@example.com" }), "eve@example.com is not named"],
  ["by an unknown key", () => team.assert({}, { published: false }), "does not publish"],
  [
    "by HS256",
    () => new SignJWT(claims()).setProtectedHeader({ alg: "HS256", kid: "x" }).sign(secret),
    "not signed with RS256",
  ],
  ["by no algorithm", async () => new UnsecuredJWT(claims()).encode(), "is not signed with RS256"],
  [
    "with claims of another's",
    async () => {
      const [[head, , sign], [, body]] = [
        (await team.assert()).split("."),
        (await team.assert({ sub: "x" })).split("."),
      ];
      return `${head}.${body}.${sign}`;
    },
    "signature of the assertion is wrong",
  ],
])("an assertion that is %s opens nothing, and the page says why", async (_, make, words) => {
  const assertion = await make();
  const brought = assertion === undefined ? {} : { assertion };
  const page = await ask("POST", "/console/sign-in/access", brought);
  expect([page.status, page.headers.get("set-cookie")]).toEqual([401, null]);
  expect(page.html).toContain(words.replaceAll("'", "&#39;"));
  const shown = await ask("GET", "/console/sign-in", brought);
  expect([shown.status, shown.text.includes("Continue"), shown.text.includes("ROOT_TOKEN")]).toEqual([
    200,
    false,
    true,
  ]);
});

test("a clock that is a little off does no harm", async () => {
  await enter({ assertion: await team.assert({ exp: now() - 30 }) });
  await enter({ assertion: await team.assert({ nbf: now() + 30 }) });
});

test("keys that cannot be had say so and open nothing; ROOT_TOKEN is named as the way in", async () => {
  for (const answer of [
    async () => new Response("down", { status: 503 }),
    async () => new Response("<html>"),
    async () => Response.json({ keys: "none" }),
    async () => Promise.reject(new TypeError("Network connection lost.")),
  ]) {
    const other = await createTeam();
    receivers.set(new URL(other.issuer).host, answer);
    const page = await ask("POST", "/console/sign-in/access", {
      assertion: await other.assert(),
      settings: other.settings,
    });
    expect([page.status, page.text.includes("could not be had")]).toEqual([401, true]);
  }
});

test("keys are asked for once, and again for a new one, but not at each try with made-up ones", async () => {
  const other = await createTeam("everyone");
  const { settings } = other;
  for (const _ of [1, 2, 3]) await enter({ assertion: await other.assert(), settings });
  expect(other.asked()).toBe(1);
  for (const _ of [1, 2, 3])
    await ask("GET", "/console/sign-in", {
      assertion: await other.assert({}, { published: false }),
      settings,
    });
  expect(other.asked()).toBe(1);
  await other.rotate();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
  await enter({ assertion: await other.assert(), settings });
  expect(other.asked()).toBe(2);
});
