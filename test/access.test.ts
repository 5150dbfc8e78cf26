// Who may call what, over every route of the app: the routes are the router's own, what each one asks for is
// said in access-table.ts.

import { env, exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { makeObjects } from "./access-objects.ts";
import { type Ids, ROUTES, type RouteAccess } from "./access-table.ts";
import { call, ORIGIN, root } from "./harness/api.ts";
import { createTenantWorld, createWorld, type TestWorld } from "./harness/world.ts";

let ours: TestWorld;
let ids: Ids;
let revokedKey: string;
let expiredKey: string;
/** Admin keys of another tenant, and of another environment of ours. */
let strangers: { tenantId: string; key: string }[];

beforeAll(async () => {
  ours = await createWorld();
  ids = await makeObjects(ours);
  const keyPath = `/tenants/${ours.scope.tenantId}/environments/${ours.scope.environmentId}/api_keys`;
  const revoked = (await root("POST", keyPath, { name: "revoked", role: "admin" })).body;
  await root("DELETE", `${keyPath}/${revoked.id}`);
  const expired = (
    await root("POST", keyPath, { name: "expired", role: "admin", expires_at: "2099-01-01T00:00:00Z" })
  ).body;
  await env.DB.prepare("UPDATE api_keys SET expires_at_ms = 1 WHERE id = ?").bind(expired.id).run();
  [revokedKey, expiredKey] = [revoked.key, expired.key];

  const theirs = await createTenantWorld();
  const beside = await root("POST", `/tenants/${ours.scope.tenantId}/environments`, {
    name: "b",
    livemode: false,
  });
  const besidePath = `/tenants/${ours.scope.tenantId}/environments/${beside.body.id}/api_keys`;
  strangers = [
    { tenantId: theirs.scope.tenantId, key: theirs.keys.admin },
    {
      tenantId: ours.scope.tenantId,
      key: (await root("POST", besidePath, { name: "b", role: "admin" })).body.key,
    },
  ];
});

test("every route of the app says who may call it, and nothing else does", () => {
  const routes = createApp().routes;
  const middleware = routes.filter(({ method, path }) => method === "ALL" && path.endsWith("*"));
  const doors = new Set(
    routes.filter((route) => !middleware.includes(route)).map(({ method, path }) => `${method} ${path}`),
  );
  expect([...doors].sort()).toEqual(Object.keys(ROUTES).sort());
});

const KEY_ROLES = ["read", "write", "admin"] as const;
const byKey = entriesOf(...KEY_ROLES);

describe.each(byKey)("%s", (route, entry) => {
  test("no credential, a wrong, revoked or expired one, and root's are 401", async () => {
    const refused = [undefined, "nonsense", `qt_${"x".repeat(43)}`, revokedKey, expiredKey, env.ROOT_TOKEN];
    for (const key of refused) {
      const answer = await ask(route, entry, { key });
      expect([answer.status, answer.body.code]).toEqual([401, "unauthorized"]);
    }
  });

  test("a role too low is 403, the least role is let in", async () => {
    const rank = KEY_ROLES.indexOf(entry.access as (typeof KEY_ROLES)[number]);
    for (const role of KEY_ROLES.slice(0, rank)) {
      const answer = await ask(route, entry, { key: ours.keys[role] });
      expect([answer.status, answer.body.code]).toEqual([403, "forbidden"]);
    }
    for (const role of KEY_ROLES.slice(rank)) await expectLetIn(route, entry, ours.keys[role]);
  });

  if (entry.of !== undefined || entry.body !== undefined) {
    test("strangers get of our objects what they get of objects that do not exist", async () => {
      for (const { key } of strangers) {
        const real = await ask(route, entry, { key, body: entry.body?.(ids) });
        const missing = await ask(route, entry, { key, ids: missingIds(), body: entry.body?.(missingIds()) });
        expect(real.status).toBe(entry.of === undefined ? 422 : 404);
        expect(sameWords(real, ids)).toEqual(sameWords(missing, missingIds()));
      }
    });
  } else if (route.startsWith("GET")) {
    test("strangers see nothing of ours", async () => {
      const own = await ask(route, entry, { key: ours.keys.admin });
      // Else there would be nothing to see.
      expect(own.body.data?.length ?? 1).toBeGreaterThan(0);
      for (const { key } of strangers) {
        const answer = await ask(route, entry, { key });
        expect(answer.status).toBe(200);
        for (const id of [ours.scope.environmentId, ...Object.values(ids)])
          expect(answer.text).not.toContain(id);
      }
    });
  }
});

describe.each(entriesOf("root"))("%s", (route, entry) => {
  test("no credential, a wrong one and any API key are 401; root is let in", async () => {
    for (const key of [undefined, "nonsense", ours.keys.admin, strangers[0]?.key]) {
      const answer = await ask(route, entry, { key });
      expect([answer.status, answer.body.code]).toEqual([401, "unauthorized"]);
    }
    await expectLetIn(route, entry, env.ROOT_TOKEN);
  });

  if (route.includes(":environment_id")) {
    test("an environment is found under its own tenant alone", async () => {
      const tenantId = strangers[0]?.tenantId ?? "";
      const body = entry.body?.(ids);
      const real = await ask(route, entry, { key: env.ROOT_TOKEN, tenantId, body });
      const missing = await ask(route, entry, {
        key: env.ROOT_TOKEN,
        tenantId,
        environmentId: MISSING,
        body,
      });
      expect(real.status).toBe(404);
      expect(sameWords(real, ids)).toEqual(sameWords(missing, ids));
    });
  }
});

test.each(entriesOf("stripe"))(
  "%s takes a signature alone: keys and root are refused like anybody",
  async (route, entry) => {
    for (const key of [undefined, ours.keys.admin, env.ROOT_TOKEN]) {
      const answer = await ask(route, entry, { key, body: { id: "evt_1", type: "invoice.paid" } });
      expect([answer.status, answer.body.code]).toEqual([400, "signature_refused"]);
    }
  },
);

test.each(entriesOf("public"))("%s is there for anybody", async (route, entry) => {
  expect((await ask(route, entry, {})).status).toBe(entry.status ?? 200);
});

describe.each(entriesOf("dashboard"))("%s", (route, entry) => {
  test("without a session it leads to the sign-in, whatever else is given", async () => {
    for (const key of [undefined, ours.keys.admin, env.ROOT_TOKEN]) {
      const answer = await ask(route, entry, { key });
      expect([answer.status, answer.headers.get("location")?.split("?")[0]]).toEqual([
        303,
        "/dashboard/sign-in",
      ]);
    }
  });

  test("a session shows its own environment, and strangers' sessions nothing of ours", async () => {
    const own = await ask(route, entry, { cookie: await signIn(ours.keys.read) });
    expect(own.status).toBe(200);
    for (const { key } of strangers) {
      const answer = await ask(route, entry, { cookie: await signIn(key) });
      expect(answer.status).toBe(entry.of === undefined ? 200 : 404);
      const others = Object.entries(ids).filter(([name]) => name !== entry.of);
      for (const [, id] of others) expect(answer.text).not.toContain(id);
    }
  });
});

describe.each(entriesOf("dashboard-write", "dashboard-admin"))("%s", (route, entry) => {
  test("without a session it leads to the sign-in; a role too low is 403, the least role is let in", async () => {
    const bare = await ask(route, entry, { key: ours.keys.admin });
    expect([bare.status, bare.headers.get("location")?.split("?")[0]]).toEqual([303, "/dashboard/sign-in"]);
    const found = entry.of === undefined ? 200 : 404;
    const rank = KEY_ROLES.indexOf(entry.access === "dashboard-admin" ? "admin" : "write");
    for (const [index, role] of KEY_ROLES.entries()) {
      const answer = await ask(route, entry, { cookie: await signIn(ours.keys[role]), ids: missingIds() });
      expect([role, answer.status]).toEqual([role, index < rank ? 403 : found]);
    }
  });

  test("strangers' sessions do not find our objects", async () => {
    for (const { key } of strangers) {
      const answer = await ask(route, entry, { cookie: await signIn(key) });
      expect(answer.status).toBe(entry.of === undefined ? 200 : 404);
      const others = Object.entries(ids).filter(([name]) => name !== entry.of);
      for (const [, id] of others) expect(answer.text).not.toContain(id);
    }
  });
});

test("an API key is taken as x-api-key too, and the root token is not", async () => {
  const withHeader = (key: string) => call("GET", "/customers", { headers: { "x-api-key": key } });
  expect((await withHeader(ours.keys.read)).status).toBe(200);
  expect((await withHeader(env.ROOT_TOKEN)).status).toBe(401);
});

const MISSING = "does_not_exist";

function missingIds(): Ids {
  return Object.fromEntries(Object.keys(ids).map((name) => [name, MISSING])) as Ids;
}

function entriesOf(...kinds: RouteAccess["access"][]): [string, RouteAccess][] {
  return Object.entries(ROUTES).filter(([, entry]) => kinds.includes(entry.access));
}

type Ask = {
  key?: string | undefined;
  cookie?: string;
  ids?: Ids;
  tenantId?: string;
  environmentId?: string;
  body?: unknown;
};

async function ask(route: string, entry: RouteAccess, options: Ask) {
  const [method = "", pattern = ""] = route.split(" ");
  const path = pattern
    .replace(":tenant_id", options.tenantId ?? ours.scope.tenantId)
    .replace(":environment_id", options.environmentId ?? ours.scope.environmentId)
    .replace(":id", entry.of === undefined ? MISSING : (options.ids ?? ids)[entry.of]);
  // The dashboard takes forms from its own pages alone.
  const headers = new Headers({ origin: ORIGIN });
  if (options.key !== undefined) headers.set("authorization", `Bearer ${options.key}`);
  if (options.cookie !== undefined) headers.set("cookie", options.cookie);
  if (options.body !== undefined) headers.set("content-type", "application/json");
  const body = options.body === undefined ? null : JSON.stringify(options.body);
  const request = new Request(`${ORIGIN}${path}`, { method, headers, body, redirect: "manual" });
  const response = await exports.default.fetch(request);
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

/** That a credential is enough: by reading, or by a call that is refused for another reason and changes nothing. */
async function expectLetIn(route: string, entry: RouteAccess, key: string): Promise<void> {
  if (route.startsWith("GET")) {
    expect((await ask(route, entry, { key })).status).toBe(200);
    return;
  }
  const body = entry.of === undefined ? { no_such_parameter: true } : entry.body?.(missingIds());
  const answer = await ask(route, entry, { key, ids: missingIds(), body });
  expect(answer.status === 200 || answer.status === (entry.of === undefined ? 422 : 404)).toBe(true);
}

/** An answer without what must differ: the request's id, and the id that the caller himself gave. */
function sameWords(answer: { status: number; text: string; body: { request_id?: string } }, used: Ids) {
  const given = [...Object.values(used), ours.scope.environmentId, MISSING];
  const text = given.reduce((words, id) => words.replaceAll(id, "…"), answer.text);
  return { status: answer.status, text: text.replace(answer.body.request_id ?? "", "") };
}

async function signIn(key: string): Promise<string> {
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: ORIGIN };
  const init = {
    method: "POST",
    headers,
    body: new URLSearchParams({ key }).toString(),
    redirect: "manual" as const,
  };
  const response = await exports.default.fetch(new Request(`${ORIGIN}/dashboard/sign-in`, init));
  await response.text();
  const cookie = (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  if (!cookie.includes("=")) throw new Error(`No session: ${response.status}`);
  return cookie;
}
