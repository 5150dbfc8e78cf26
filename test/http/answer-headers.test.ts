// The headers of every answer of every route, whoever asks.

import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { ROUTES } from "../access-table.ts";
import { signIn } from "../dashboard/browse.ts";
import { ORIGIN, toWorker } from "../harness/api.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";

let world: TestWorld;
let cookie: string;
beforeAll(async () => {
  world = await createWorld();
  cookie = await signIn(world.keys.read);
});

/** What may be kept: the same for everybody. */
const KEPT = /^GET \/(docs|dashboard\/(style\.css|page\.js|icon\.svg))$/;

function ask(origin: string, method: string, path: string, headers: Record<string, string>) {
  return toWorker(new Request(`${origin}${path}`, { method, headers, redirect: "manual" }));
}

test.each(Object.keys(ROUTES))("%s", async (route) => {
  const [method = "", pattern = ""] = route.split(" ");
  const path = pattern
    .replace(":tenant_id", world.scope.tenantId)
    .replace(":environment_id", world.scope.environmentId)
    .replace(/:\w+/g, "none");
  const callers: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${world.keys.read}` },
    ...(method === "GET" ? [{ authorization: `Bearer ${env.ROOT_TOKEN}` }] : []),
    { cookie, origin: ORIGIN },
  ];
  for (const headers of callers) {
    const answer = await ask(ORIGIN, method, path, headers);
    await answer.text();
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
    expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
    if (!KEPT.test(route)) expect(answer.headers.get("cache-control")).toContain("no-store");
  }
});

test("of what is not there, too; and over plain http nobody is told to come by https", async () => {
  const missing = await ask(ORIGIN, "GET", "/nothing", {});
  expect([missing.status, missing.headers.get("x-content-type-options")]).toEqual([404, "nosniff"]);
  const local = await ask("http://localhost:8787", "GET", "/dashboard/sign-in", {});
  expect([local.status, local.headers.get("strict-transport-security")]).toEqual([200, null]);
});

test("a key that comes in clear from another machine is refused unread, with what to do", async () => {
  const list = (origin: string, headers: Record<string, string>) =>
    ask(origin, "GET", "/api/v1/customers", headers);
  const { read } = world.keys;
  const carried: Record<string, string>[] = [{ authorization: `Bearer ${read}` }, { "x-api-key": read }];
  for (const headers of carried) {
    const refused = await list("http://quittance.test", headers);
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: "https_required", detail: expect.stringContaining("https://") }),
    ]);
    expect((await list("http://127.0.0.1:8787", headers)).status).toBe(200);
    expect((await list(ORIGIN, headers)).status).toBe(200);
    // A tunnel that ends https before a Worker in development.
    expect((await list("http://quittance.test", { ...headers, "x-forwarded-proto": "https" })).status).toBe(
      200,
    );
  }
  expect((await list("http://quittance.test", {})).status).toBe(401);
});
