import { expect, test } from "vitest";
import { NAVIGATION } from "../../src/dashboard/layout/places.ts";
import { call } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createDraft } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";
import { insertEvent, insertStuckJob } from "./rows.ts";

const PAGES = NAVIGATION.flatMap(({ places }) => places.filter((place) => !("least" in place))).map(
  ({ path }) => (path === "/" ? "/dashboard" : `/dashboard${path}`),
);

test("every link of the navigation answers 200, in an empty environment and in a full one", async () => {
  const [empty, full] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createDraft(full);
  await insertEvent(full.scope, { id: "evt_nav", status: "dead", invoiceId: invoice.id });
  await insertStuckJob(full.scope, { invoiceId: invoice.id });
  for (const world of [empty, full]) {
    const cookie = await signIn(world.keys.read);
    const start = await open("/dashboard", cookie);
    expect(linksOf(start.html)).toEqual(expect.arrayContaining([...PAGES, "/docs"]));
    for (const link of new Set(linksOf(start.html).map((href) => href.split("#")[0] ?? ""))) {
      // The docs of a call by its name lead on to its place in the reference.
      const status = link.startsWith("/docs/calls/") ? 302 : 200;
      if (link.startsWith("/")) expect([link, (await open(link, cookie)).status]).toEqual([link, status]);
    }
  }
});

test("every page runs only our script, loads nothing from elsewhere, cannot be framed and is not kept", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  for (const path of [
    ...PAGES,
    "/dashboard/sign-in?x=1",
    "/dashboard/nothing-here",
    "/dashboard/invoices/nope",
  ]) {
    const { headers, html } = await open(path, cookie);
    const policy = headers.get("content-security-policy") ?? "";
    const [, nonce] = /script-src 'nonce-([^']{16,})'/.exec(policy) ?? [];
    expect([
      path,
      headers.get("x-frame-options"),
      headers.get("cache-control"),
      headers.get("referrer-policy"),
    ]).toEqual([path, "DENY", "no-store", "same-origin"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
    expect(html).not.toMatch(/\son\w+=|\sstyle="|<style|\ssrc="https?:/);
    // A link loads nothing until it is followed.
    expect(html).not.toMatch(/<(?!a\s)\w+\s[^>]*href="https?:/);
  }
  expect((await open("/dashboard")).headers.get("cache-control")).toBe("no-store");
});

test("another tenant's or environment's objects are 404, in the words of what does not exist", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createDraft(theirs);
  await insertEvent(theirs.scope, { id: "evt_theirs", status: "processed", invoiceId: invoice.id });
  const cookie = await signIn(mine.keys.admin);
  for (const [path, missing] of [
    [`/dashboard/invoices/${invoice.id}`, "/dashboard/invoices/inv_missing"],
    ["/dashboard/webhook-events/whe_theirs", "/dashboard/webhook-events/whe_missing"],
  ] as const) {
    expect((await open(path, await signIn(theirs.keys.read))).status).toBe(200);
    const [page, none] = [await open(path, cookie), await open(missing, cookie)];
    expect([page.status, none.status]).toEqual([404, 404]);
    const words = (html: string) =>
      textOf(html).replaceAll(/'[^']*'|req_\w+|[a-z]+_[0-9a-z]+(?=&#39;)/g, "…");
    expect(words(page.html)).toBe(words(none.html));
    expect(page.html).not.toContain("Ada Lovelace");
  }
  for (const path of PAGES) expect((await open(path, cookie)).html).not.toContain(invoice.number);
});

test("the stuck jobs and dead events of an environment are on its first page, and no other's", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createDraft(mine);
  await insertStuckJob(mine.scope, { invoiceId: invoice.id, error: "Stripe refused the amount." });
  await insertEvent(mine.scope, { id: "evt_dead", status: "dead", invoiceId: invoice.id });
  const overview = textOf((await open("/dashboard", await signIn(mine.keys.read))).html);
  expect(overview).toContain("1 job gave up: Stripe refused for good.");
  expect(overview).toContain("1 webhook event could not be processed.");
  expect(overview).toContain("Stripe refused the amount.");
  const other = textOf((await open("/dashboard", await signIn(theirs.keys.read))).html);
  expect(other).not.toContain("gave up");
  expect(other).not.toContain("Stripe refused the amount.");
});

test("an invoice whose customer is gone is still shown, wherever it is", async () => {
  const world = await createTenantWorld();
  const invoice = await createDraft(world);
  await ledgerSql(world.scope).prepare("DELETE FROM customers").run();
  const cookie = await signIn(world.keys.write);
  for (const path of [
    "/dashboard/invoices",
    `/dashboard/invoices?customer_id=${invoice.customer_id}`,
    `/dashboard/invoices/${invoice.id}`,
    `/dashboard/invoices/${invoice.id}/finalize`,
  ]) {
    const page = await open(path, cookie);
    expect([path, page.status, page.html.includes(invoice.number)]).toEqual([path, 200, true]);
  }
});

test("the session's cookie opens the dashboard and nothing of the API", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  expect((await call("GET", "/invoices", { headers: { cookie } })).status).toBe(401);
});
