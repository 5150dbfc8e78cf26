// Who may open the console, over every route of it in access-table.ts.

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { type AccessWorld, ask, createAccessWorld, entriesOf, MISSING, missingIds } from "./access-world.ts";
import { signIn } from "./dashboard/browse.ts";
import { enterConsole } from "./dashboard/enter-console.ts";

let world: AccessWorld;
let cookie: string;
beforeAll(async () => {
  world = await createAccessWorld();
  cookie = await enterConsole();
});

describe.each(entriesOf("console"))("%s", (route, entry) => {
  test("without root's session it leads to the sign-in, whatever else is given", async () => {
    const theirs = await signIn(world.ours.keys.admin);
    const renamed = theirs.replace("quittance_session", "quittance_console");
    for (const given of [
      {},
      { key: world.ours.keys.admin },
      { key: env.ROOT_TOKEN },
      { cookie: theirs },
      { cookie: renamed },
    ]) {
      const answer = await ask(world, route, entry, given);
      expect([answer.status, answer.headers.get("location")]).toEqual([303, "/console/sign-in"]);
      for (const id of Object.values(world.ids)) expect(answer.text).not.toContain(id);
    }
  });

  test("root is let in, and of what does not exist there is no page", async () => {
    const done = route.startsWith("GET") ? 200 : 303;
    if (entry.of === undefined)
      expect((await ask(world, route, entry, { cookie })).status).toBe(entry.status ?? done);
    else {
      expect((await ask(world, route, entry, { cookie, ids: missingIds(world) })).status).toBe(404);
      if (route.startsWith("GET")) expect((await ask(world, route, entry, { cookie })).status).toBe(200);
    }
    for (const name of ["tenantId", "environmentId"] as const) {
      if (!route.includes(name === "tenantId" ? ":tenant_id" : ":environment_id")) continue;
      expect((await ask(world, route, entry, { cookie, [name]: MISSING })).status).toBe(404);
    }
  });
});

test("of an environment the console knows its keys and how it stands, and no object in it", async () => {
  const { api_key: _key, connection: _connection, dead_message: _message, ...inside } = world.ids;
  for (const [route, entry] of entriesOf("console").filter(([route]) => route.startsWith("GET"))) {
    const { text } = await ask(world, route, entry, { cookie });
    for (const id of Object.values(inside)) expect([route, text.includes(id)]).toEqual([route, false]);
  }
});
