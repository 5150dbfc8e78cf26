// The console is root's alone, for an hour, by a cookie that opens nothing else.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createTenantWorld } from "../harness/world.ts";
import { open, send, signIn } from "./browse.ts";
import { enterConsole } from "./enter-console.ts";

test("root signs in, sees how environments stand, and signs out everywhere that cookie is", async () => {
  const signedIn = await send("/console/sign-in", { token: env.ROOT_TOKEN });
  expect([signedIn.status, signedIn.headers.get("location")]).toEqual([303, "/console"]);
  expect(signedIn.headers.get("set-cookie")).toMatch(
    /^__Host-quittance_console=.*Max-Age=3600;.*HttpOnly; Secure; SameSite=Strict$/,
  );
  const cookie = await enterConsole();
  const page = await open("/console", cookie);
  expect([page.status, page.html.includes("Environments")]).toEqual([200, true]);
  await send("/console/sign-out", {}, { cookie });
  expect((await open("/console", cookie)).headers.get("location")).toBe("/console/sign-in");
});

test("an API key and a dashboard's session do not open it, nor does it open the dashboard", async () => {
  const world = await createTenantWorld();
  for (const token of ["", world.keys.admin, "nonsense"]) {
    const page = await send("/console/sign-in", { token });
    expect([page.status, page.headers.get("set-cookie")]).toEqual([401, null]);
  }
  const theirs = await signIn(world.keys.admin);
  expect((await open("/console", theirs)).status).toBe(303);
  expect((await open("/console", theirs.replace("quittance_session", "quittance_console"))).status).toBe(303);
  const mine = await enterConsole();
  expect((await open("/dashboard", mine.replace("quittance_console", "quittance_session"))).status).toBe(303);
});

test("it ends after an hour, after a quarter of one without use, and with another ROOT_TOKEN", async () => {
  for (const [column, value] of [
    ["expires_at_ms", Date.now() - 1],
    ["last_seen_at_ms", Date.now() - 15 * 60_000],
    ["key_id", "another"],
  ] as const) {
    const cookie = await enterConsole();
    expect((await open("/console", cookie)).status).toBe(200);
    await env.DB.prepare(`UPDATE dashboard_sessions SET ${column} = ? WHERE environment_id = 'root'`)
      .bind(value)
      .run();
    expect([column, (await open("/console", cookie)).status]).toEqual([column, 303]);
  }
});

test("a form from another site is refused", async () => {
  const page = await send("/console/sign-in", { token: env.ROOT_TOKEN }, { from: "https://evil.example" });
  expect([page.status, page.headers.get("set-cookie")]).toEqual([403, null]);
});

test("API keys and erasing ask for ROOT_TOKEN again after a quarter of an hour, and lead on to nowhere but the console", async () => {
  const { scope, keys } = await createTenantWorld();
  const environment = `/console/tenants/${scope.tenantId}/environments/${scope.environmentId}`;
  const cookie = await enterConsole();
  const path = `${environment}/api-keys/new`;
  expect((await open(path, cookie)).status).toBe(200);
  await env.DB.prepare(
    "UPDATE dashboard_sessions SET confirmed_at_ms = ?1 WHERE environment_id = 'root' AND ended_at_ms IS NULL",
  )
    .bind(Date.now() - 15 * 60_000)
    .run();
  const revoke = `${environment}/api-keys/key_1/revoke`;
  for (const page of [path, revoke, `${environment}/erase`]) {
    const asked = await open(page, cookie);
    expect([asked.status, asked.headers.get("location")]).toEqual([
      303,
      `/console/confirm?next=${encodeURIComponent(page)}`,
    ]);
  }
  expect((await open(environment, cookie)).status).toBe(200);
  expect((await open(`/console/confirm?next=${encodeURIComponent(path)}`, cookie)).html).toContain(
    "Enter ROOT_TOKEN again",
  );

  for (const token of ["", keys.admin, "nonsense"]) {
    const refused = await send("/console/confirm", { token, next: path }, { cookie });
    expect([refused.status, refused.html.includes("This is not ROOT_TOKEN.")]).toEqual([422, true]);
  }
  expect((await open(path, cookie)).status).toBe(303);
  for (const [next, leads] of [
    ["https://evil.example", "/console"],
    ["//evil.example/console/", "/console"],
    ["/consoles", "/console"],
    ["/dashboard", "/console"],
    [path, path],
  ]) {
    const done = await send("/console/confirm", { token: env.ROOT_TOKEN, next: next ?? "" }, { cookie });
    expect([done.status, done.headers.get("location")]).toEqual([303, leads]);
  }
  expect((await open(path, cookie)).status).toBe(200);
});
