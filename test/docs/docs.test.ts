import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { STRIPE_EVENT_TYPES } from "../../src/connections/stripe-event-types.ts";
import { exampleBody } from "../../src/docs/example-value.ts";
import { GUIDES } from "../../src/docs/guides.ts";
import { type ApiCall, type OpenApiDocument, readCalls } from "../../src/docs/read-openapi.ts";
import { referencePlace } from "../../src/docs/reference-page.ts";
import { ERROR_STATUS } from "../../src/platform/app-error.ts";
import { NOTIFICATION_TYPES, NOTIFICATIONS } from "../../src/platform/notification-types.ts";
import { linksOf, open, signIn, textOf } from "../dashboard/browse.ts";
import { call, ORIGIN } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

let document: OpenApiDocument;
let calls: ApiCall[];

beforeAll(async () => {
  document = (await call("GET", `${ORIGIN}/openapi.json`)).body;
  calls = [...readCalls(document, createApp().routes).values()].flat();
});

/** The path with ids that are nobody's. */
const callPath = (path: string) => path.replaceAll(/\{\w+\}/g, "nobodys");

const anchorsOf = (html: string) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id));

test("every call has an address of its own, which leads to its place in the reference", async () => {
  expect(calls.length).toBeGreaterThan(100);
  expect(new Set(calls.map(({ anchor }) => anchor)).size).toBe(calls.length);
  for (const one of calls) {
    const { status, headers } = await open(`/docs/calls/${one.anchor}`);
    expect([status, headers.get("location")]).toEqual([302, `/docs/reference#${referencePlace(one)}`]);
  }
  expect((await open("/docs/calls/get-nothing")).status).toBe(404);
});

test("every error code and every event of Stripe's that is used is in its guide", async () => {
  const errors = await open("/docs/errors");
  for (const [code, status] of Object.entries(ERROR_STATUS)) {
    expect(textOf(errors.html)).toContain(` ${code} ${status} `);
    expect(anchorsOf(errors.html)).toContain(`error-${code}`);
  }
  const events = textOf((await open("/docs/stripe-events")).html);
  for (const [type, purpose] of Object.entries(STRIPE_EVENT_TYPES)) {
    expect(events).toContain(`${type} ${purpose.replaceAll("'", "&#39;")}`);
  }
});

test("every notification is in its guide, with when it is sent", async () => {
  const text = textOf((await open("/docs/notifications")).html);
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

test("a guide's links lead to pages and sections that there are, and it has nothing left to fill in", async () => {
  const pages = new Map<string, Set<string>>();
  for (const { slug, text } of GUIDES) {
    const { status, html } = await open(`/docs/${slug}`);
    expect([slug, status, html.match(/\{\{[^}]*\}\}/g)]).toEqual([slug, 200, null]);
    expect([slug, text.match(/^# .+\n\n\S.+\n/) !== null]).toEqual([slug, true]);
    pages.set(`/docs/${slug}`, anchorsOf(html));
  }
  const anchors = new Set(calls.map(({ anchor }) => anchor));
  for (const { slug } of GUIDES) {
    for (const link of linksOf((await open(`/docs/${slug}`)).html).filter((one) => /^[/#]/.test(one))) {
      const [path = "", anchor] = link.split("#");
      if (path.startsWith("/docs/calls/")) expect([link, anchors.has(path.slice(12))]).toEqual([link, true]);
      else if (!path.startsWith("/docs/") || path === "/docs/reference")
        expect([200, 302, 303]).toContain((await open(path || "/docs")).status);
      else {
        expect([link, pages.has(path)]).toEqual([link, true]);
        if (anchor !== undefined) expect([link, pages.get(path)?.has(anchor)]).toEqual([link, true]);
      }
    }
  }
});

test("a call that a guide names is one that there is", () => {
  const known = new Set(calls.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`));
  const named = GUIDES.flatMap(({ slug, text }) =>
    [...text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/api\/v1[^`? ]*)/g)].map(
      ([, method = "", path = ""]) => ({
        slug,
        call: `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`,
      }),
    ),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ call: one }) => !known.has(one))).toEqual([]);
});

test("each guide is there as Markdown too, and llms.txt names all of them", async () => {
  const llms = await call<string>("GET", `${ORIGIN}/llms.txt`);
  for (const { slug, title } of GUIDES) {
    expect(llms.body).toContain(`[${title}](${ORIGIN}/docs/${slug}.md)`);
    const { status, headers, html } = await open(`/docs/${slug}.md`);
    expect([status, headers.get("content-type")]).toEqual([200, "text/markdown; charset=utf-8"]);
    expect(html).toContain(`# ${title}`);
  }
});

test("the search finds a section by all of its words, leads to its heading, and escapes what was asked", async () => {
  const found = await open("/docs?q=idempotency%20replay");
  expect(linksOf(found.html)).toContain("/docs/conventions#doing-it-once");
  expect(textOf((await open("/docs?q=zzzzz")).html)).toContain("Nothing in the guides");
  expect((await open(`/docs?q=${encodeURIComponent("<script>x</script>")}`)).html).not.toContain("<script>x");
});

test("every link of the dashboard to the docs leads to a call", async () => {
  const { keys } = await createTenantWorld();
  const cookie = await signIn(keys.read);
  const dashboard = await Promise.all(
    ["/dashboard", "/dashboard/invoices", "/dashboard/connections"].map((path) => open(path, cookie)),
  );
  const signInPage = await open("/dashboard/sign-in");
  const links = [...dashboard, signInPage]
    .flatMap(({ html }) => linksOf(html))
    .filter((link) => link.startsWith("/docs/calls/"));
  expect(links.length).toBeGreaterThan(3);
  const known = new Set(calls.map(({ anchor }) => `/docs/calls/${anchor}`));
  expect(links.filter((link) => !known.has(link))).toEqual([]);
});

test("nothing of a page comes from elsewhere: it shares its origin with the dashboard's session", async () => {
  for (const path of ["/docs", "/docs/conventions", "/docs/reference"]) {
    const page = await open(path);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'.*script-src 'nonce-[^']+'; .*connect-src 'self'/,
    );
    expect(page.html).not.toMatch(
      /<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?!\/dashboard\/|\/docs\/scalar-)/,
    );
    expect(page.html).not.toMatch(/\son\w+=|\sstyle="/);
  }
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
      .filter(([, operation]) => (operation as { security?: unknown[] }).security?.length === 0)
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
    const body = exampleBody(wanted.schema, schemas) as Record<string, unknown>;
    // Stripe lists events of the last 30 days only: no time that is written down stays within them.
    if ("since" in body) body.since = new Date(Date.now() - 86_400_000).toISOString();
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
