import { expect, test } from "vitest";
import { safeNext } from "../../src/dashboard/hrefs.ts";
import { createTenantWorld } from "../harness/world.ts";
import { open, send, signIn } from "./browse.ts";

test("a key that is wrong, of another kind or missing is refused in plain words, without a cookie", async () => {
  for (const [key, words] of [
    ["qt_0000000000000000000000000000000000000000000", "not known here"],
    ["", "Paste an API key"],
    ["sk_test_4242", "key of Stripe"],
    ["whsec_4242", "signing secret"],
    ["test-root-5f0c1a7be94d4c33a1d27c60b8e2f19d", "does not sign in"],
  ] as const) {
    const page = await send("/dashboard/sign-in", { key });
    expect([key, page.status]).toEqual([key, 401]);
    expect(page.html).toContain(words);
    expect(page.headers.get("set-cookie")).toBeNull();
    if (key !== "") expect(page.html).not.toContain(key);
  }
});

test("signing in gives a __Host- cookie that no script reads and that does not hold the key", async () => {
  const { keys } = await createTenantWorld();
  const page = await send("/dashboard/sign-in", { key: ` ${keys.read}\n` });
  expect(page.status).toBe(303);
  expect(page.headers.get("location")).toBe("/dashboard");
  const cookie = page.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^__Host-quittance_session=/);
  expect(cookie.split("; ").slice(1).sort()).toEqual([
    "HttpOnly",
    "Max-Age=43200",
    "Path=/",
    "SameSite=Lax",
    "Secure",
  ]);
  const [content = ""] = cookie.slice(cookie.indexOf("=") + 1).split(".");
  expect(atob(content.replaceAll("-", "+").replaceAll("_", "/"))).not.toContain(keys.read.slice(3));
});

test("without a session every page leads to signing in, and from there to where one wanted to go", async () => {
  const page = await open("/dashboard/invoices?status=open");
  expect(page.status).toBe(303);
  const signInPath = page.headers.get("location") ?? "";
  expect(signInPath).toBe("/dashboard/sign-in?next=%2Fdashboard%2Finvoices%3Fstatus%3Dopen");
  expect((await open(signInPath)).html).toContain(`value="/dashboard/invoices?status=open"`);

  const { keys } = await createTenantWorld();
  const done = await send("/dashboard/sign-in", { key: keys.read, next: "/dashboard/invoices?status=open" });
  expect(done.headers.get("location")).toBe("/dashboard/invoices?status=open");
});

test("signing in never leads to another site", async () => {
  for (const next of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/dashboardevil",
    "/dashboard/\\evil",
    "javascript:alert(1)",
    "/dashboard/\r\nx: y",
  ]) {
    expect([next, safeNext(next)]).toEqual([next, "/dashboard"]);
  }
  const { keys } = await createTenantWorld();
  const page = await send("/dashboard/sign-in", { key: keys.read, next: "https://evil.example/dashboard" });
  expect(page.headers.get("location")).toBe("/dashboard");
});

test("a form from another site is refused, for signing in and for signing out", async () => {
  const { keys } = await createTenantWorld();
  const forced = await send("/dashboard/sign-in", { key: keys.read }, { from: "https://evil.example" });
  expect(forced.status).toBe(403);
  expect(forced.headers.get("set-cookie")).toBeNull();
  const cookie = await signIn(keys.read);
  const out = await send("/dashboard/sign-out", {}, { cookie, from: "https://evil.example" });
  expect(out.status).toBe(403);
  expect(out.headers.get("set-cookie")).toBeNull();
});

test("signing out takes the cookie away", async () => {
  const { keys } = await createTenantWorld();
  const page = await send("/dashboard/sign-out", {}, { cookie: await signIn(keys.read) });
  expect(page.headers.get("location")).toBe("/dashboard/sign-in?out=1");
  expect(page.headers.get("set-cookie")).toMatch(/^__Host-quittance_session=; Max-Age=0;.* Secure/);
});

test("over plain http there is signing in on a loopback address alone", async () => {
  const { keys } = await createTenantWorld();
  const far = await send("/dashboard/sign-in", { key: keys.read }, { origin: "http://quittance.test" });
  expect(far.status).toBe(403);
  expect(far.headers.get("set-cookie")).toBeNull();
  expect(far.html).toContain("needs https");

  const near = await send("/dashboard/sign-in", { key: keys.read }, { origin: "http://localhost:8787" });
  const cookie = near.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^quittance_session=/);
  expect(cookie).not.toContain("Secure");
});
