// What a session of the dashboard may do, over every route of it in access-table.ts.

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { RouteAccess } from "./access-table.ts";
import {
  type AccessWorld,
  ask,
  createAccessWorld,
  entriesOf,
  KEY_ROLES,
  missingIds,
} from "./access-world.ts";
import { send, signIn } from "./dashboard/browse.ts";
import { enterConsole, openViewOf } from "./dashboard/enter-console.ts";

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld();
});

/** What whoever may is answered of an object that is not his, or of a route that names none. */
function foundBy(entry: RouteAccess, status = entry.status ?? 200): number {
  return entry.of === undefined ? status : 404;
}

describe.each(entriesOf("dashboard"))("%s", (route, entry) => {
  test("without a session it leads to the sign-in, whatever else is given", async () => {
    for (const key of [undefined, world.ours.keys.admin, env.ROOT_TOKEN]) {
      const answer = await ask(world, route, entry, { key });
      expect([answer.status, answer.headers.get("location")?.split("?")[0]]).toEqual([
        303,
        "/dashboard/sign-in",
      ]);
    }
  });

  test("a session shows its own environment, and strangers' sessions nothing of ours", async () => {
    const own = await ask(world, route, entry, { cookie: await signIn(world.ours.keys.read) });
    expect(own.status).toBe(entry.status ?? 200);
    for (const { key } of world.strangers) {
      const answer = await ask(world, route, entry, { cookie: await signIn(key) });
      expect(answer.status).toBe(foundBy(entry, entry.unconnected));
      const others = Object.entries(world.ids).filter(([name]) => name !== entry.of);
      for (const [, id] of others) expect(answer.text).not.toContain(id);
    }
  });
});

test.each(entriesOf("dashboard-own"))("%s leads to the sign-in without a session", async (route, entry) => {
  const answer = await ask(world, route, entry, { key: world.ours.keys.admin });
  expect([answer.status, answer.headers.get("location")?.split("?")[0]]).toEqual([303, "/dashboard/sign-in"]);
});

describe.each(entriesOf("dashboard-write", "dashboard-admin"))("%s", (route, entry) => {
  test("without a session it leads to the sign-in; a role too low is 403, the least role is let in", async () => {
    const bare = await ask(world, route, entry, { key: world.ours.keys.admin });
    expect([bare.status, bare.headers.get("location")?.split("?")[0]]).toEqual([303, "/dashboard/sign-in"]);
    const found = foundBy(entry);
    const rank = KEY_ROLES.indexOf(entry.access === "dashboard-admin" ? "admin" : "write");
    for (const [index, role] of KEY_ROLES.entries()) {
      const answer = await ask(world, route, entry, {
        cookie: await signIn(world.ours.keys[role]),
        ids: missingIds(world),
      });
      expect([role, answer.status]).toEqual([role, index < rank ? 403 : found]);
    }
  });

  test("strangers' sessions do not find our objects", async () => {
    for (const { key } of world.strangers) {
      const answer = await ask(world, route, entry, { cookie: await signIn(key) });
      expect(answer.status).toBe(foundBy(entry, entry.unconnected));
      const others = Object.entries(world.ids).filter(([name]) => name !== entry.of);
      for (const [, id] of others) expect(answer.text).not.toContain(id);
    }
  });
});

describe("an operator who looks", () => {
  let cookie: string;
  beforeAll(async () => {
    cookie = await openViewOf(world.ours.scope, await enterConsole());
  });

  /** What is the tenant's alone though every other session has it. */
  const TENANTS_OWN = /\/(?:sessions|confirm|exports|mails\/:id\/(?:content|file))/;

  test.each(entriesOf("dashboard", "dashboard-own"))(
    "%s: sees it, unless it is the tenant's alone",
    async (route, entry) => {
      const { status } = await ask(world, route, entry, { cookie });
      if (TENANTS_OWN.test(route)) expect(status).toBe(403);
      else if (entry.access === "dashboard") expect(status).toBe(entry.status ?? 200);
    },
  );

  test.each(entriesOf("dashboard-write", "dashboard-admin"))("%s: changes nothing", async (route, entry) => {
    expect((await ask(world, route, entry, { cookie })).status).toBe(403);
  });
});

test("a session that is held beside the present one lends it no right and shows nothing of its environment", async () => {
  const [, beside] = world.strangers;
  const other = await signIn(beside?.key ?? "");
  const page = await send("/dashboard/sign-in", { key: world.ours.keys.read }, { cookie: other });
  const [cookie = ""] = (page.headers.get("set-cookie") ?? "").split(";");
  expect(cookie.split("~")).toHaveLength(2);
  for (const [route, entry] of entriesOf("dashboard-admin")) {
    expect([route, (await ask(world, route, entry, { cookie })).status]).toEqual([route, 403]);
  }
  const switched = await send(
    "/dashboard/environments/switch",
    { environment_id: beside?.environmentId ?? "" },
    { cookie },
  );
  const [there = ""] = (switched.headers.get("set-cookie") ?? "").split(";");
  for (const [route, entry] of entriesOf("dashboard")) {
    const answer = await ask(world, route, entry, { cookie: there });
    expect([route, answer.status]).toEqual([route, foundBy(entry, entry.unconnected)]);
  }
});
