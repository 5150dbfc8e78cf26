import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { STRIPE_EVENT_TYPES } from "../../src/connections/stripe-event-types.ts";
import { exampleBody } from "../../src/docs/example-value.ts";
import { type ApiCall, type OpenApiDocument, readCalls } from "../../src/docs/read-openapi.ts";
import { ERROR_STATUS } from "../../src/platform/app-error.ts";
import { NOTIFICATION_TYPES, NOTIFICATIONS } from "../../src/platform/notification-types.ts";
import { linksOf, open, type Page, signIn, textOf } from "../dashboard/browse.ts";
import { call, ORIGIN } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

let page: Page;
let document: OpenApiDocument;
let calls: ApiCall[];
let anchors: Set<string>;

beforeAll(async () => {
  page = await open("/docs");
  document = (await call("GET", `${ORIGIN}/openapi.json`)).body;
  calls = [...readCalls(document, createApp().routes).values()].flat();
  anchors = new Set([...page.html.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id));
});

/** The path with ids that are nobody's. */
const callPath = (path: string) => path.replaceAll(/\{\w+\}/g, "nobodys");

test("every route of the OpenAPI document is there, under an anchor of its own", () => {
  const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.length).toBeGreaterThan(20);
  expect(calls.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes.sort());
  expect(new Set(calls.map(({ anchor }) => anchor)).size).toBe(calls.length);
  const text = textOf(page.html);
  for (const { anchor, method, path } of calls) {
    expect([path, anchors.has(anchor)]).toEqual([path, true]);
    expect(text).toContain(`${method} ${path} `);
  }
});

test("every error code and every event of Stripe's that is used is there", () => {
  const text = textOf(page.html);
  for (const [code, status] of Object.entries(ERROR_STATUS)) expect(text).toContain(` ${code} ${status} `);
  for (const [type, purpose] of Object.entries(STRIPE_EVENT_TYPES)) {
    expect(text).toContain(`${type} ${purpose.replaceAll("'", "&#39;")}`);
  }
});

test("every notification is there, with when it is sent", () => {
  const text = textOf(page.html);
  for (const type of NOTIFICATION_TYPES) {
    const [when = ""] = NOTIFICATIONS[type].replaceAll("'", "&#39;").split(/ ?`/);
    expect(text).toContain(`${type} ${when}`);
  }
});

test("the OpenAPI document has every notification with the shape of its object", () => {
  const { webhooks = {}, components } = document as OpenApiDocument & { webhooks?: Record<string, unknown> };
  expect(Object.keys(webhooks).sort()).toEqual([...NOTIFICATION_TYPES].sort());
  const paid = JSON.stringify(webhooks["invoice.paid"]);
  expect(paid).toContain("#/components/schemas/Invoice");
  expect(Object.keys(components?.schemas ?? {})).toContain("DeletedObject");
});

test("every link within the page leads somewhere, and so does every link of the dashboard to it", async () => {
  const { keys } = await createTenantWorld();
  const cookie = await signIn(keys.read);
  const dashboard = await Promise.all(
    ["/dashboard", "/dashboard/invoices", "/dashboard/connections"].map((path) => open(path, cookie)),
  );
  const signInPage = await open("/dashboard/sign-in");
  const fromDashboard = [...dashboard, signInPage]
    .flatMap(({ html }) => linksOf(html))
    .filter((link) => link.startsWith("/docs#"));
  expect(fromDashboard.length).toBeGreaterThan(3);
  const within = linksOf(page.html).filter((link) => link.startsWith("#"));
  expect(
    [...fromDashboard, ...within].filter((link) => !anchors.has(link.slice(link.indexOf("#") + 1))),
  ).toEqual([]);
});

test("nothing of the page comes from elsewhere: it shares its origin with the dashboard's session", () => {
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*script-src 'nonce-/);
  expect(page.html).not.toMatch(/<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?!\/dashboard\/)/);
  expect(page.html).not.toMatch(/\son\w+=|\sstyle="/);
});

test("who may call is what the doors do: a role too low is 403, the one that is named is not", async () => {
  const { keys } = await createTenantWorld();
  const rank = { read: 1, write: 2, admin: 3 };
  for (const { method, path, caller } of calls.filter((one) => one.caller !== "nobody")) {
    const body = method === "GET" || method === "DELETE" ? {} : { body: {} };
    if (caller === "root") {
      const [byAdmin, byRoot] = [keys.admin, env.ROOT_TOKEN].map((key) =>
        call(method, callPath(path), { key, ...body }),
      );
      expect([path, (await byAdmin)?.status, (await byRoot)?.status === 401]).toEqual([path, 401, false]);
      continue;
    }
    for (const role of ["read", "write", "admin"] as const) {
      const { status } = await call(method, callPath(path), { key: keys[role], ...body });
      expect([method, path, role, status === 403]).toEqual([
        method,
        path,
        role,
        rank[role] < rank[caller as keyof typeof rank],
      ]);
    }
  }
});

test("a call that needs no key is one that the OpenAPI document says so of, and no other", () => {
  const open = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => (operation as { security?: unknown }).security === undefined)
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );
  const nobodys = calls
    .filter(({ caller }) => caller === "nobody")
    .map(({ method, path }) => `${method} ${path}`);
  expect(nobodys).toContain("POST /api/v1/webhooks/stripe/{tenant_id}/{environment_id}");
  expect(nobodys.sort()).toEqual(open.sort());
});

test("an example body is one that the API takes", async () => {
  const { keys } = await createTenantWorld();
  await call("POST", "/customers", { key: keys.admin, body: { id: "cus_4711", name: "Acme" } });
  const schemas = document.components?.schemas ?? {};
  const refused: unknown[] = [];
  for (const { method, path, caller, body: wanted } of calls) {
    if (wanted === null || caller === "nobody") continue;
    const body = exampleBody(wanted.schema, schemas);
    const key = caller === "root" ? env.ROOT_TOKEN : keys.admin;
    const answer = await call(method, callPath(path), { key, body });
    if (answer.body.code !== "validation_failed") continue;
    // The tests are offline: no host name has an address, and the account at Stripe is empty.
    const errors = answer.body.errors.filter(
      ({ message }: { message: string }) => !/has no address|Stripe knows no price/.test(message),
    );
    if (errors.length > 0) refused.push([path, body, errors]);
  }
  expect(refused).toEqual([]);
});
