import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { linksOf, textOf } from "../dashboard/browse.ts";
import { root } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld, createWorld } from "../harness/world.ts";
import {
  begin,
  connectionIn,
  connectionsOf,
  consent,
  createConnectedWorld,
  RETURN_URL,
  visit,
  withQuery,
  withToken,
} from "./connect-fixture.ts";

test("an account is connected by one consent: the browser goes back with the connection's id, and no secret is kept", async () => {
  const world = await createTenantWorld();
  const address = new URL(await begin(world));
  expect(Object.fromEntries(address.searchParams)).toEqual({
    response_type: "code",
    client_id: "ca_quittanceplatform",
    scope: "read_write",
    state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    redirect_uri: "https://quittance.test/connect/callback",
  });
  const page = await visit(await consent(address.href, { account: world.accountId }));
  const [connection] = await connectionsOf(world);
  expect([page.status, page.headers.get("location")]).toEqual([
    303,
    `${RETURN_URL}&connection=${connection.id}`,
  ]);
  expect(connection).toMatchObject({
    name: "Shop",
    auth_type: "oauth",
    status: "active",
    secret_key_hint: null,
    webhook_secret_set: true,
    webhook_endpoint_id: null,
    webhook_url: "https://quittance.test/api/v1/webhooks/stripe/connect",
    account: { id: world.accountId, charges_enabled: true },
  });
  const kept = await env.DB.prepare("SELECT * FROM secrets WHERE environment_id = ?")
    .bind(world.scope.environmentId)
    .all();
  expect(kept.results).toEqual([]);
  const states = await env.DB.prepare("SELECT * FROM connect_states WHERE environment_id = ?")
    .bind(world.scope.environmentId)
    .all();
  expect(JSON.stringify(states.results)).not.toContain(address.searchParams.get("state"));
  const { body } = await world.api("GET", "/audit_log");
  const acts = body.data.map((entry: { action: string }) => entry.action);
  expect(acts).toEqual(expect.arrayContaining(["environment.connect_begun", "connection.created"]));
});

describe("nothing is connected, and a page says why with the way back", () => {
  type Made = { path: string; world: Awaited<ReturnType<typeof createTenantWorld>> };
  const consented = async (): Promise<Made> => {
    const world = await createTenantWorld();
    return { world, path: await consent(await begin(world), { account: world.accountId }) };
  };
  const back = (why: string) => `${RETURN_URL}&connect_error=${why}`;

  test("without a state, or with one that was never given, and then leads nowhere", async () => {
    const { path, world } = await consented();
    for (const [state, status, words] of [
      [undefined, 400, "This address is not complete"],
      ["", 400, "This address is not complete"],
      ["x".repeat(43), 404, "This connection was not begun here"],
    ] as const) {
      const page = await visit(withQuery(path, { state }));
      expect([page.status, linksOf(page.html)]).toEqual([status, []]);
      expect(textOf(page.html)).toContain(words);
    }
    expect(await connectionsOf(world)).toEqual([]);
  });

  test("with a state that was used: the second time nothing happens", async () => {
    const { path, world } = await consented();
    expect(connectionIn(await visit(path))).not.toBeNull();
    const again = await visit(path);
    expect([again.status, linksOf(again.html)]).toEqual([409, [back("state_used")]]);
    expect(await connectionsOf(world)).toHaveLength(1);
  });

  test("with a state of which two callbacks come at once: one goes on", async () => {
    const { path, world } = await consented();
    const pages = await Promise.all([visit(path), visit(path)]);
    expect(pages.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await connectionsOf(world)).toHaveLength(1);
  });

  test("with a state that is older than ten minutes", async () => {
    const { path, world } = await consented();
    await env.DB.prepare("UPDATE connect_states SET expires_at_ms = ? WHERE environment_id = ?")
      .bind(Date.now(), world.scope.environmentId)
      .run();
    const page = await visit(path);
    expect([page.status, linksOf(page.html)]).toEqual([410, [back("state_expired")]]);
    expect(await connectionsOf(world)).toEqual([]);
  });

  test("with a state of another tenant: it connects the tenant that began it, and no other", async () => {
    const [ours, theirs] = [await createTenantWorld(), await createTenantWorld()];
    const path = await consent(await begin(theirs), { account: ours.accountId });
    expect(connectionIn(await visit(path))).not.toBeNull();
    expect(await connectionsOf(ours)).toEqual([]);
    expect(await connectionsOf(theirs)).toMatchObject([{ account: { id: ours.accountId } }]);
  });

  test("with a state whose key was revoked since, or whose environment is gone", async () => {
    const { path, world } = await consented();
    const { tenantId, environmentId } = world.scope;
    const keys = `/tenants/${tenantId}/environments/${environmentId}/api_keys`;
    for (const { id } of (await root("GET", keys)).body.data) await root("DELETE", `${keys}/${id}`);
    const page = await visit(path);
    expect([page.status, linksOf(page.html)]).toEqual([403, [back("key_revoked")]]);

    const gone = await consented();
    const place = `/tenants/${gone.world.scope.tenantId}/environments/${gone.world.scope.environmentId}`;
    await root("DELETE", place, { confirm: "test" });
    expect((await visit(gone.path)).status).toBe(404);
  });

  test("with a state of another mode than the environment's", async () => {
    const { path, world } = await consented();
    await env.DB.prepare("UPDATE environments SET livemode = 1 WHERE id = ?")
      .bind(world.scope.environmentId)
      .run();
    const page = await visit(path);
    expect([page.status, linksOf(page.html)]).toEqual([403, [back("key_revoked")]]);
  });

  test("where the account's owner has denied it, or Stripe sends another error", async () => {
    const world = await createTenantWorld();
    const denied = await visit(await consent(await begin(world), { deny: "1" }));
    expect([denied.status, linksOf(denied.html)]).toEqual([200, [back("denied")]]);
    const path = await consent(await begin(world), { deny: "1" });
    const page = await visit(withQuery(path, { error: "invalid_scope", error_description: "No such scope" }));
    expect([page.status, linksOf(page.html)]).toEqual([400, [back("stripe_error")]]);
    expect(textOf(page.html)).toContain("No such scope");
    expect(await connectionsOf(world)).toEqual([]);
  });

  test("where the code was exchanged before, in Stripe's words", async () => {
    const { path, world } = await consented();
    const code = new URL(path, "https://quittance.test").searchParams.get("code") ?? "";
    const other = await consented();
    expect(connectionIn(await visit(path))).not.toBeNull();
    const page = await visit(withQuery(other.path, { code }));
    expect([page.status, linksOf(page.html)]).toEqual([400, [back("code_refused")]]);
    expect(textOf(page.html)).toContain("Authorization code does not exist");
    expect(await connectionsOf(other.world)).toEqual([]);
    expect(await connectionsOf(world)).toHaveLength(1);
  });

  test("where Stripe gives access in the other mode, or for reading alone: it is given back", async () => {
    for (const [changes, why] of [
      [{ livemode: true }, "wrong_mode"],
      [{ scope: "read_only" }, "wrong_scope"],
    ] as const) {
      const { path, world } = await consented();
      const page = await withToken(changes, () => visit(path));
      expect([page.status, linksOf(page.html)]).toEqual([422, [back(why)]]);
      expect(await connectionsOf(world)).toEqual([]);
      expect(sandbox.world.oauthGrants[world.accountId]).toBeUndefined();
    }
  });

  test("where another environment has the account by Stripe Connect, whose access stays", async () => {
    const first = await createConnectedWorld();
    const second = await createTenantWorld();
    const page = await visit(await consent(await begin(second), { account: first.accountId }));
    expect([page.status, linksOf(page.html)]).toEqual([409, [back("account_taken")]]);
    expect(await connectionsOf(second)).toEqual([]);
    const tried = await first.api("POST", `/connections/${first.connectionId}/test`);
    expect(tried.body.checks).toContainEqual(expect.objectContaining({ name: "access", ok: true }));
  });

  test("where another environment has the account by its key: the access is given back", async () => {
    const first = await createWorld();
    const second = await createTenantWorld();
    const page = await visit(await consent(await begin(second), { account: first.accountId }));
    expect([page.status, linksOf(page.html)]).toEqual([409, [back("account_taken")]]);
    expect(sandbox.world.oauthGrants[first.accountId]).toBeUndefined();
  });

  test("where a connection came to be meanwhile", async () => {
    const { path, world } = await consented();
    const key = { name: "By key", provider: "stripe", secret_key: world.secretKey, webhook_setup: "manual" };
    expect((await world.api("POST", "/connections", key)).status).toBe(201);
    const page = await visit(path);
    expect([page.status, linksOf(page.html)]).toEqual([409, [back("connection_exists")]]);
    expect(await connectionsOf(world)).toMatchObject([{ auth_type: "api_key" }]);
  });
});

test("hostile words in the address are text on the page, and the page runs nothing", async () => {
  const world = await createTenantWorld();
  const path = await consent(await begin(world), { deny: "1" });
  const hostile = `</p><script>alert(1)</script><img src=x onerror=alert(1)>${"A".repeat(5_000)}`;
  const page = await visit(withQuery(path, { error: "<b>x", error_description: hostile }));
  expect(page.html).not.toContain("<script");
  expect(page.html).not.toContain("<img");
  expect(page.html).toContain("&lt;script&gt;");
  expect(page.html.length).toBeLessThan(4_000);
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("script-src");
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect(page.headers.get("cache-control")).toBe("no-store");
});
