// An operator looks at an environment by its own dashboard: read-only, without contents, in the tenant's sight, and for no
// longer than the console's session lasts.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { makeObjects } from "../access-objects.ts";
import { call, type Json, root } from "../harness/api.ts";
import { createTenantWorld, createWorld } from "../harness/world.ts";
import { open, send, signIn, textOf } from "./browse.ts";
import { enterConsole, openViewOf } from "./enter-console.ts";

const pageOf = ({ tenantId, environmentId }: { tenantId: string; environmentId: string }) =>
  `/console/tenants/${tenantId}/environments/${environmentId}`;

test("opening it is in root's audit log and in the tenant's, with who, why and until when; every page says that it is looked at", async () => {
  const { scope, keys } = await createTenantWorld();
  const console = await enterConsole();
  expect((await open(pageOf(scope), console)).html).toContain(`${pageOf(scope)}/view`);
  expect(textOf((await open(`${pageOf(scope)}/view`, console)).html)).toContain(
    "the tenant&#39;s own in their dashboard",
  );
  const view = await openViewOf(scope, console, "Support request 17 <b>");
  for (const path of ["/dashboard", "/dashboard/invoices", "/dashboard/settings"]) {
    const { status, html } = await open(path, view);
    expect([path, status]).toEqual([path, 200]);
    expect(textOf(html)).toContain("Operator&#39;s view: read-only");
  }
  const path = "/audit_log?action=environment.viewed_by_operator";
  const [seenByRoot] = (await root("GET", path)).body.data;
  const [seenByTenant] = (await call("GET", path, { key: keys.admin })).body.data;
  expect(seenByTenant).toEqual(seenByRoot);
  expect(seenByTenant).toMatchObject({
    actor: { kind: "root" },
    detail: { reason: "Support request 17 <b>", until: expect.stringMatching(/Z$/) },
  });
  const shown = await open("/dashboard/audit-log", await signIn(keys.admin));
  expect(textOf(shown.html)).toMatch(/Environment viewed by operator .*Support request 17 &lt;b&gt;/);
  const [opened] = (
    await call("GET", "/security_log?event=session.opened", { key: keys.admin })
  ).body.data.slice(-1);
  expect(opened.detail.way).toBe("root");
});

test("contents of events, mails and messages stay the tenant's", async () => {
  const world = await createWorld();
  const ids = await makeObjects(world);
  const view = await openViewOf(world.scope, await enterConsole());
  const theirs = await signIn(world.keys.read);
  for (const [path, content] of [
    [`/dashboard/webhook-events/${ids.webhook_event}`, /class="payload"|class="json"/],
    [`/dashboard/mails/${ids.mail}`, /<iframe|class="json"/],
  ] as const) {
    expect([path, content.test((await open(path, theirs)).html)]).toEqual([path, true]);
    const { status, html } = await open(path, view);
    expect([path, status, content.test(html)]).toEqual([path, 200, false]);
    expect(html).toContain("It is for the tenant alone");
  }
  expect((await open(`/dashboard/deliveries/${ids.delivery}`, view)).html).toContain(
    "It is for the tenant alone",
  );
});

test("it ends with the console's session: by signing out, by another ROOT_TOKEN, and after the hour", async () => {
  const { scope } = await createTenantWorld();
  const isOpen = async (cookie: string) => (await open("/dashboard", cookie)).status === 200;
  const console = await enterConsole();
  const view = await openViewOf(scope, console);
  expect(await isOpen(view)).toBe(true);
  await send("/console/sign-out", {}, { cookie: console });
  expect(await isOpen(view)).toBe(false);
  for (const [column, value] of [
    ["expires_at_ms", Date.now() - 1],
    ["key_id", "another"],
  ] as const) {
    const other = await openViewOf(scope, await enterConsole());
    await env.DB.prepare(`UPDATE dashboard_sessions SET ${column} = ? WHERE environment_id = 'root'`)
      .bind(value)
      .run();
    expect([column, await isOpen(other)]).toEqual([column, false]);
  }
  const rows = await env.DB.prepare("SELECT lasts_ms FROM dashboard_sessions WHERE environment_id = ?")
    .bind(scope.environmentId)
    .all<{ lasts_ms: number }>();
  for (const { lasts_ms: lasts } of rows.results) expect(lasts).toBeLessThanOrEqual(3_600_000);
});

test("the tenant sees it among the open sessions and can end it; closing it leads back to the console", async () => {
  const { scope, keys } = await createTenantWorld();
  const console = await enterConsole();
  const view = await openViewOf(scope, console);
  const listed = (await call("GET", "/dashboard_sessions", { key: keys.admin })).body.data;
  const [one] = listed.filter(({ actor }: Json) => actor?.id === "operator");
  expect(one).toMatchObject({ api_key_id: null, role: "read", actor: { name: "Operator" } });
  await call("POST", "/dashboard_sessions/end", { key: keys.admin, body: { actor_id: "operator" } });
  expect((await open("/dashboard", view)).status).toBe(303);
  const again = await openViewOf(scope, console);
  const closed = await send("/dashboard/sign-out", {}, { cookie: again });
  expect(closed.headers.get("location")).toBe(pageOf(scope));
  expect((await open("/dashboard", again)).status).toBe(303);
});

test("neither the other environments of the tenant nor the console are opened by it, and a reason has its bounds", async () => {
  const { scope } = await createTenantWorld();
  const console = await enterConsole();
  const view = await openViewOf(scope, console);
  expect((await open("/console", view.replace("quittance_session", "quittance_console"))).status).toBe(303);
  const long = await send(`${pageOf(scope)}/view`, { reason: "x".repeat(201) }, { cookie: console });
  expect([long.status, long.html.includes('id="reason-error"')]).toEqual([422, true]);
  const forged = await send(`${pageOf(scope)}/view`, {}, { cookie: console, from: "https://evil.example" });
  expect([forged.status, forged.headers.get("set-cookie")]).toEqual([403, null]);
});
