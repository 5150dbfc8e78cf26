// Root's pages: what the API lets root do, by form; what a form makes is made once, and a key is shown once.

import { expect, test } from "vitest";
import { keepUnreadable } from "../../src/directory/unreadable-messages.ts";
import { call, type Json, root } from "../harness/api.ts";
import { createTenantWorld, createWorld, testDeps } from "../harness/world.ts";
import { open, send, textOf } from "./browse.ts";
import { enterConsole } from "./enter-console.ts";

const tokenOf = (html: string) => /name="token" value="([^"]+)"/.exec(html)?.[1] ?? "";
const KEY = /qt_[A-Za-z0-9]{43}/;

test("a tenant, its environment and its key are made by form, each once, and the key is shown once", async () => {
  const cookie = await enterConsole();
  const act = async (path: string, fields: Record<string, string>) => {
    const token = tokenOf((await open(path, cookie)).html);
    const sent = () => send(path, { token, ...fields }, { cookie });
    return [await sent(), await sent()] as const;
  };
  const [tenant, again] = await act("/console/tenants/new", { name: "Acme & Söhne" });
  expect([tenant.status, tenant.headers.get("location")]).toEqual([303, again.headers.get("location")]);
  const page = tenant.headers.get("location")?.split("?")[0] ?? "";
  expect(textOf((await open(tenant.headers.get("location") ?? "", cookie)).html)).toMatch(
    /Acme &amp; Söhne .* The tenant is made\./,
  );
  const [made, twice] = await act(`${page}/environments/new`, { name: "Production", livemode: "live" });
  expect([made.status, twice.headers.get("location")]).toEqual([303, made.headers.get("location")]);
  const environment = made.headers.get("location")?.split("?")[0] ?? "";
  expect((await open(environment, cookie)).html).toContain("Live</span>");

  const newKey = `${environment}/api-keys/new`;
  const token = tokenOf((await open(newKey, cookie)).html);
  const shown = await send(newKey, { token, name: "platform", role: "admin" }, { cookie });
  const key = KEY.exec(shown.html)?.[0] ?? "";
  expect([
    shown.status,
    shown.headers.get("cache-control"),
    (await call("GET", "/customers", { key })).status,
  ]).toEqual([200, "no-store", 200]);
  const after = (await open(environment, cookie)).html;
  expect([after.includes(key), KEY.test(after), after.includes("platform")]).toEqual([false, false, true]);

  const [, revokePath = ""] = /href="([^"]+\/revoke)"/.exec(after) ?? [];
  expect(textOf((await open(revokePath, cookie)).html)).toContain("refused from the next request on");
  expect((await send(revokePath, {}, { cookie })).status).toBe(303);
  expect((await call("GET", "/customers", { key })).status).toBe(401);
  expect((await open(environment, cookie)).html).toContain("Revoked");
});

test("what a form asks for is refused in the API's words, at the field", async () => {
  const cookie = await enterConsole();
  const { scope } = await createTenantWorld();
  const tenant = `/console/tenants/${scope.tenantId}`;
  for (const [path, fields, at, words] of [
    ["/console/tenants/new", { name: " " }, "name", "Give a name."],
    ["/console/tenants/new", { name: "x", id: scope.tenantId }, "id", "There is a tenant"],
    [`${tenant}/environments/new`, { name: "x" }, "livemode", "Say whether it is for tests or live."],
    [`${tenant}/environments/new`, { name: "x", livemode: "test", id: "-" }, "id", "An id is"],
    [
      `${tenant}/environments/${scope.environmentId}/api-keys/new`,
      { name: "x", role: "read", expires_on: "2020-01-01" },
      "expires_on",
      "Give a time in the future",
    ],
  ] as const) {
    const page = await send(path, fields, { cookie });
    expect([path, page.status >= 400, page.html.includes(`id="${at}-error"`)]).toEqual([path, true, true]);
    expect(page.html).toContain(words);
  }
});

test("an environment is erased once its name was typed, after a page said what is lost; its tenant's page says it then", async () => {
  const cookie = await enterConsole();
  const world = await createWorld();
  await world.api("POST", "/customers", { name: "Ada", email: "ada@example.com" });
  const { tenantId, environmentId } = world.scope;
  const path = `/console/tenants/${tenantId}/environments/${environmentId}/erase`;
  const asked = textOf((await open(path, cookie)).html);
  expect(asked).toMatch(/1 customer .*0 invoices/);
  const wrong = await send(path, { confirm: "Production" }, { cookie });
  expect([wrong.status, wrong.html.includes("confirm-error")]).toEqual([422, true]);
  expect((await world.api("GET", "/customers")).status).toBe(200);
  const done = await send(path, { confirm: "test" }, { cookie });
  expect([done.status, done.headers.get("location")]).toEqual([
    303,
    `/console/tenants/${tenantId}?done=environment_erased`,
  ]);
  expect((await world.api("GET", "/customers")).status).toBe(401);
  const tenant = textOf((await open(done.headers.get("location") ?? "", cookie)).html);
  expect(tenant).toMatch(/Erased .*1 customer/);
  expect((await open(path, cookie)).status).toBe(404);
});

test("budgets are read and set by form, in megabytes where they are bytes; the tenant sees both, and empty is the default", async () => {
  const cookie = await enterConsole();
  const { scope, keys } = await createTenantWorld();
  const page = `/console/tenants/${scope.tenantId}/environments/${scope.environmentId}`;
  const mostOf = async () => {
    const { budgets } = (await call("GET", "/budgets", { key: keys.read })).body;
    return Object.fromEntries(budgets.map(({ name, most }: Json) => [name, most]));
  };
  const before = await mostOf();
  const shown = (await open(`${page}/budgets`, cookie)).html;
  const fields = Object.fromEntries(
    [...shown.matchAll(/name="([a-z_]+)"[^>]*value="([\d.]+)"/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
  expect(fields).toMatchObject({ mails_per_day: "500", ledger_bytes: "9000" });
  const done = await send(
    `${page}/budgets`,
    { ...fields, mails_per_day: "1,200", event_bytes_per_day: "0.5" },
    { cookie },
  );
  expect([done.status, done.headers.get("location")]).toEqual([303, `${page}?done=budgets_saved`]);
  expect(await mostOf()).toEqual({ ...before, mails_per_day: 1_200, event_bytes_per_day: 500_000 });
  const [{ actor, detail }] = (await call("GET", "/audit_log?action=budgets.updated", { key: keys.admin }))
    .body.data;
  expect([actor.kind, detail.mails_per_day]).toEqual(["root", { from: 500, to: 1_200 }]);
  for (const wrong of ["0", "many", "-1", "99999999999"]) {
    const refused = await send(`${page}/budgets`, { ...fields, mails_per_day: wrong }, { cookie });
    expect([wrong, refused.status, refused.html.includes('id="mails_per_day-error"')]).toEqual([
      wrong,
      422,
      true,
    ]);
  }
  await send(`${page}/budgets`, { ...fields, mails_per_day: "" }, { cookie });
  expect(await mostOf()).toEqual(before);
});

test("a message that could not be read is shown as it was, harmless, and dismissed once", async () => {
  const cookie = await enterConsole();
  const id = `quittance-jobs/${crypto.randomUUID()}`;
  await keepUnreadable(testDeps(), { id, queue: "quittance-jobs", text: "<script>alert(1)</script>" });
  const path = `/console/messages/${encodeURIComponent(id)}`;
  expect((await open("/console/messages", cookie)).html).toContain(path);
  expect((await open("/console", cookie)).html).toContain("Unreadable messages");
  const { html } = await open(path, cookie);
  expect([html.includes("&lt;script&gt;alert(1)"), html.includes("<script>alert")]).toEqual([true, false]);
  expect((await send(`${path}/dismiss`, {}, { cookie })).status).toBe(303);
  expect((await send(`${path}/dismiss`, {}, { cookie })).status).toBe(404);
  const log = await root("GET", "/audit_log?action=dead_message.dismissed");
  const targets = log.body.data.map(({ target }: Json) => target.id);
  expect(targets.filter((target: string) => target === id)).toHaveLength(1);
  expect((await open("/console/audit-log", cookie)).html).toContain(id);
});

test("health says what /readyz says to root, what lies under which key, and which queues are served; resealing is a form", async () => {
  const cookie = await enterConsole();
  await createWorld();
  const page = textOf((await open("/console", cookie)).html);
  expect(page).toMatch(/Ready .*Database .*D1 answers\. .*stripe-events .*Seals/);
  const done = await send("/console/keyring/reseal", {}, { cookie });
  expect([done.status, done.headers.get("location")]).toEqual([303, "/console?done=resealed"]);
  expect(textOf((await open("/console?done=resealed", cookie)).html)).toContain(
    "Every secret that can be opened lies under the first key now.",
  );
  expect((await send("/console/keyring/reseal", {}, { cookie, from: "https://evil.example" })).status).toBe(
    403,
  );
});

test("names of 60 characters, and hostile ones, are shown as text", async () => {
  const cookie = await enterConsole();
  for (const name of ['"><img src=x onerror=alert(1)>', "W".repeat(60), "{{7*7}}'--"]) {
    const tenant = (await root("POST", "/tenants", { name })).body;
    const made = (await root("POST", `/tenants/${tenant.id}/environments`, { name, livemode: false })).body;
    for (const path of [
      `/console/tenants?q=${encodeURIComponent(name)}`,
      `/console/environments?q=${encodeURIComponent(name)}`,
      `/console/tenants/${tenant.id}`,
      `/console/tenants/${tenant.id}/environments/${made.id}`,
      `/console/tenants/${tenant.id}/environments/${made.id}/erase`,
    ]) {
      const { status, html } = await open(path, cookie);
      expect([path, status, html.includes("<img")]).toEqual([path, 200, false]);
    }
  }
});
