import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type SessionClaims, signSession } from "../../src/dashboard/session/session-token.ts";
import { root } from "../harness/api.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";
import { open, signIn } from "./browse.ts";

const NAME = "__Host-quittance_session";

type World = Awaited<ReturnType<typeof createTenantWorld>>;

async function keyIdOf(world: World, role: string): Promise<string> {
  const { tenantId, environmentId } = world.scope;
  const list = await root("GET", `/tenants/${tenantId}/environments/${environmentId}/api_keys`);
  return list.body.data.find((key: { name: string }) => key.name === role).id;
}

async function claimsOf(world: World): Promise<SessionClaims> {
  return { ...world.scope, keyId: await keyIdOf(world, "read"), expiresAtMs: Date.now() + 60_000 };
}

async function cookieOf(claims: SessionClaims, purpose = "dashboard-session"): Promise<string> {
  return `${NAME}=${await signSession(await testDeps().keyring.signingKey(purpose), claims)}`;
}

test("a revoked key ends its session at the next request", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  expect((await open("/dashboard", cookie)).status).toBe(200);
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
  expect((await open("/dashboard", cookie)).status).toBe(303);
});

test("a session that was signed by us is taken until it expires, and not after", async () => {
  const claims = await claimsOf(await createTenantWorld());
  expect((await open("/dashboard", await cookieOf(claims))).status).toBe(200);
  expect((await open("/dashboard", await cookieOf({ ...claims, expiresAtMs: Date.now() - 1 }))).status).toBe(
    303,
  );
});

test("a cookie that was altered, signed for another purpose or made up is refused", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const claims = await claimsOf(mine);
  const good = await cookieOf(claims);
  const other = await cookieOf(await claimsOf(theirs));
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
    "another purpose": await cookieOf(claims, "oauth-state"),
  };
  expect((await open("/dashboard", good)).status).toBe(200);
  for (const [what, cookie] of Object.entries(refused)) {
    expect([what, (await open("/dashboard", cookie)).status]).toEqual([what, 303]);
  }
});

test("a key opens no environment or tenant but its own, even in a session that we signed", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const claims = await claimsOf(mine);
  const { tenantId, environmentId } = theirs.scope;
  for (const moved of [{ environmentId }, { tenantId }, { tenantId, environmentId }]) {
    expect((await open("/dashboard", await cookieOf({ ...claims, ...moved }))).status).toBe(303);
  }
});
