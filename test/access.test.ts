// Who may call what, over every route of the app: the routes are the router's own, what each one asks for is
// said in access-table.ts. What a session may do is in access-sessions.test.ts.

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { ROUTES } from "./access-table.ts";
import {
  type AccessWorld,
  ask,
  createAccessWorld,
  entriesOf,
  expectLetIn,
  KEY_ROLES,
  MISSING,
  missingIds,
  sameWords,
} from "./access-world.ts";
import { call } from "./harness/api.ts";

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld();
});

test("every route of the app says who may call it, and nothing else does", () => {
  const routes = createApp().routes;
  const middleware = routes.filter(({ method, path }) => method === "ALL" && path.endsWith("*"));
  const doors = new Set(
    routes.filter((route) => !middleware.includes(route)).map(({ method, path }) => `${method} ${path}`),
  );
  expect([...doors].sort()).toEqual(Object.keys(ROUTES).sort());
});

const byKey = entriesOf(...KEY_ROLES);

describe.each(byKey)("%s", (route, entry) => {
  test("no credential, a wrong, revoked or expired one, and root's where it is not let in, are 401", async () => {
    const refused = [
      undefined,
      "nonsense",
      `qt_${"x".repeat(43)}`,
      world.revokedKey,
      world.expiredKey,
      ...(entry.orRoot ? [] : [env.ROOT_TOKEN]),
    ];
    for (const key of refused) {
      const answer = await ask(world, route, entry, { key });
      expect([answer.status, answer.body.code]).toEqual([401, "unauthorized"]);
    }
  });

  test("a role too low is 403, the least role is let in", async () => {
    const rank = KEY_ROLES.indexOf(entry.access as (typeof KEY_ROLES)[number]);
    for (const role of KEY_ROLES.slice(0, rank)) {
      const answer = await ask(world, route, entry, { key: world.ours.keys[role] });
      expect([answer.status, answer.body.code]).toEqual([403, "forbidden"]);
    }
    for (const role of KEY_ROLES.slice(rank)) await expectLetIn(world, route, entry, world.ours.keys[role]);
    if (entry.orRoot) await expectLetIn(world, route, entry, env.ROOT_TOKEN);
  });

  if (entry.of !== undefined || entry.body !== undefined) {
    test("strangers get of our objects what they get of objects that do not exist", async () => {
      for (const { key } of world.strangers) {
        const real = await ask(world, route, entry, { key, body: entry.body?.(world.ids) });
        const missing = await ask(world, route, entry, {
          key,
          ids: missingIds(world),
          body: entry.body?.(missingIds(world)),
        });
        expect(real.status).toBe(entry.of === undefined ? 422 : 404);
        expect(sameWords(world, real, world.ids)).toEqual(sameWords(world, missing, missingIds(world)));
      }
    });
  } else if (route.startsWith("GET")) {
    test("strangers see nothing of ours", async () => {
      const own = await ask(world, route, entry, { key: world.ours.keys.admin });
      // Else there would be nothing to see.
      expect(own.body.data?.length ?? 1).toBeGreaterThan(0);
      for (const { key } of world.strangers) {
        const answer = await ask(world, route, entry, { key });
        expect(answer.status).toBe(200);
        for (const id of [world.ours.scope.environmentId, ...Object.values(world.ids)])
          expect(answer.text).not.toContain(id);
      }
    });
  }
});

describe.each(entriesOf("root"))("%s", (route, entry) => {
  test("no credential, a wrong one and any API key are 401; root is let in", async () => {
    for (const key of [undefined, "nonsense", world.ours.keys.admin, world.strangers[0]?.key]) {
      const answer = await ask(world, route, entry, { key });
      expect([answer.status, answer.body.code]).toEqual([401, "unauthorized"]);
    }
    await expectLetIn(world, route, entry, env.ROOT_TOKEN);
  });

  if (route.includes(":environment_id")) {
    test("an environment is found under its own tenant alone", async () => {
      const tenantId = world.strangers[0]?.tenantId ?? "";
      const body = entry.body?.(world.ids);
      const real = await ask(world, route, entry, { key: env.ROOT_TOKEN, tenantId, body });
      const missing = await ask(world, route, entry, {
        key: env.ROOT_TOKEN,
        tenantId,
        environmentId: MISSING,
        body,
      });
      expect(real.status).toBe(404);
      expect(sameWords(world, real, world.ids)).toEqual(sameWords(world, missing, world.ids));
    });
  }
});

test.each(entriesOf("stripe"))(
  "%s takes a signature alone: keys and root are refused like anybody",
  async (route, entry) => {
    for (const key of [undefined, world.ours.keys.admin, env.ROOT_TOKEN]) {
      const answer = await ask(world, route, entry, { key, body: { id: "evt_1", type: "invoice.paid" } });
      expect([answer.status, answer.body.code]).toEqual([400, "signature_refused"]);
    }
  },
);

test.each(entriesOf("public"))("%s is there for anybody", async (route, entry) => {
  expect((await ask(world, route, entry, {})).status).toBe(entry.status ?? 200);
});

test("an API key is taken as x-api-key too, and the root token is not", async () => {
  const withHeader = (key: string) => call("GET", "/customers", { headers: { "x-api-key": key } });
  expect((await withHeader(world.ours.keys.read)).status).toBe(200);
  expect((await withHeader(env.ROOT_TOKEN)).status).toBe(401);
});
