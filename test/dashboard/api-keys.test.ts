// API keys in the dashboard: made and shown once, never more than the session has, revoked with all that they made.

import { expect, test } from "vitest";
import { call, type Json } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";
import { HOSTILE, hiddenOf } from "./action-fixture.ts";
import { open, type Page, send, signIn, textOf } from "./browse.ts";

const PAGE = "/dashboard/api-keys";
type World = Awaited<ReturnType<typeof createTenantWorld>>;

const listed = async (world: World): Promise<Json[]> =>
  (await world.api("GET", "/api/v1/api_keys?limit=100")).body.data;
const reads = async (key: string) => (await call("GET", "/customers", { key })).status;
const shownKey = (page: Page) => /value="(qt_[A-Za-z0-9]{43})"/.exec(page.html)?.[1] ?? "";

/** Sends the form as a browser would, with these rights ticked. */
async function make(cookie: string, fields: Record<string, string>, rights: string[]): Promise<Page> {
  const form = hiddenOf((await open(`${PAGE}/new`, cookie)).html);
  const given = Object.entries({ ...form, name: "Reports", role: "read", ...fields });
  return send(`${PAGE}/new`, [...given, ...rights.map((right): [string, string] => ["rights", right])], {
    cookie,
  });
}

/** A person's session of role admin with only some rights. */
async function narrowed(world: World, rights: string[]): Promise<string> {
  const made = await world.api("POST", "/dashboard_sessions", {
    role: "admin",
    rights,
    actor: { id: "user_1", name: "Ada" },
  });
  expect([made.status, made.body.errors]).toEqual([201, undefined]);
  const page = await send(new URL(made.body.url).pathname, {});
  return (page.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

test("a key is made, shown that once, and works; the same form again shows no key and makes no other", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  const form = hiddenOf((await open(`${PAGE}/new`, cookie)).html);
  const fields: [string, string][] = Object.entries({ ...form, name: HOSTILE, role: "read", days: "30" });
  fields.push(
    ["rights", "exports"],
    ["rights", "refunds"],
    ["allowed_addresses", "192.0.2.0/24\n2001:db8::/32"],
  );
  const made = await send(`${PAGE}/new`, fields, { cookie });
  expect([made.status, made.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(made.html).not.toContain("<script>alert");
  const key = shownKey(made);
  // From an address that is not on its list.
  expect(await reads(key)).toBe(403);
  const again = await send(`${PAGE}/new`, fields, { cookie });
  expect([again.status, again.headers.get("location")]).toEqual([303, `${PAGE}?done=key_shown`]);
  const mine = (await listed(world)).filter(({ name }) => name === HOSTILE);
  expect(mine).toMatchObject([
    { role: "read", rights: ["exports"], allowed_addresses: ["192.0.2.0/24", "2001:db8::/32"] },
  ]);
  expect(Date.parse(mine[0]?.expires_at)).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  const page = await open(PAGE, cookie);
  expect(page.html).not.toContain(key);
  expect(page.html).not.toContain("<script>alert");
  expect(textOf(page.html)).toContain("Only from 192.0.2.0/24, 2001:db8::/32.");
});

test("a key without a right has it neither by API, and the list says what it may not", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  const made = await make(cookie, { name: "Till", role: "write" }, ["exports"]);
  const key = shownKey(made);
  expect(await reads(key)).toBe(200);
  expect((await call("POST", "/payments/pay_1/refunds", { key, body: { amount: 1 } })).status).toBe(403);
  expect(textOf((await open(PAGE, cookie)).html)).toContain("May not refund payments.");
});

test("a session makes no key that has more than itself, though the key behind it has", async () => {
  const world = await createTenantWorld();
  const cookie = await narrowed(world, ["api_keys"]);
  expect((await open(`${PAGE}/new`, cookie)).html).not.toContain('value="refunds"');
  const beyond = await make(cookie, { role: "admin" }, ["api_keys", "refunds"]);
  expect(beyond.status).toBe(422);
  expect(textOf(beyond.html)).toContain("has no right &#39;refunds&#39;");
  const made = await make(cookie, { name: "Mine", role: "admin" }, ["api_keys"]);
  expect(made.status).toBe(200);
  const [mine] = (await listed(world)).filter(({ name }) => name === "Mine");
  expect(mine?.rights).toEqual(["api_keys"]);
});

test("what is wrong is said at its field, and nothing is made", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  const before = (await listed(world)).length;
  const nameless = await make(cookie, { name: "" }, []);
  expect([nameless.status, textOf(nameless.html)]).toEqual([422, expect.stringContaining("Give a name.")]);
  const nowhere = await make(cookie, { allowed_addresses: "somewhere" }, []);
  expect([nowhere.status, textOf(nowhere.html)]).toEqual([422, expect.stringContaining("Give an address")]);
  expect(nowhere.html).toContain("somewhere</textarea>");
  expect(await listed(world)).toHaveLength(before);
});

test("revoking says which keys end with it, and ends them all; another tenant does not find the key", async () => {
  const world = await createTenantWorld();
  const parent = (await world.api("POST", "/api/v1/api_keys", { name: "Parent", role: "admin" })).body;
  const child = (
    await call("POST", "/api/v1/api_keys", { key: parent.key, body: { name: "Child", role: "admin" } })
  ).body;
  const grandchild = (
    await call("POST", "/api/v1/api_keys", { key: child.key, body: { name: "Grandchild", role: "read" } })
  ).body;
  const path = `${PAGE}/${parent.id}/revoke`;
  const stranger = await signIn((await createTenantWorld()).keys.admin);
  expect((await open(path, stranger)).status).toBe(404);
  expect((await send(path, { confirm: "yes" }, { cookie: stranger })).status).toBe(404);
  expect((await open(path, await signIn(world.keys.write))).status).toBe(403);

  const cookie = await signIn(world.keys.admin);
  const confirm = await open(path, cookie);
  const text = textOf(confirm.html);
  for (const words of ["Child", "Grandchild", "Revoke 3 keys"]) expect(text).toContain(words);
  const fields = { ...hiddenOf(confirm.html), confirm: "yes" };
  expect((await send(path, fields, { cookie, from: "https://evil.example" })).status).toBe(403);
  expect((await send(path, hiddenOf(confirm.html), { cookie })).status).toBe(200);
  expect(await reads(parent.key)).toBe(200);
  for (let sent = 0; sent < 2; sent++) {
    const done = await send(path, fields, { cookie });
    expect([done.status, done.headers.get("location")]).toEqual([303, `${PAGE}?done=key_revoked`]);
  }
  for (const { key } of [parent, child, grandchild]) expect(await reads(key)).toBe(401);
  expect(await reads(world.keys.admin)).toBe(200);
});

test("who revokes the key of the session is told, and is signed out", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  const mine = (await listed(world)).find(({ role }) => role === "admin");
  const path = `${PAGE}/${mine?.id}/revoke`;
  const confirm = await open(path, cookie);
  expect(textOf(confirm.html)).toContain("you will be signed out");
  await send(path, { ...hiddenOf(confirm.html), confirm: "yes" }, { cookie });
  expect((await open(PAGE, cookie)).headers.get("location")).toContain("/dashboard/sign-in");
});
