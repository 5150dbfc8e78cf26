import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { NAVIGATION } from "../../src/dashboard/layout/shell.tsx";
import { call } from "../harness/api.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";
import { insertEvent, insertInvoices, insertLink, insertStuckJob } from "./rows.ts";

const HOSTILE = `<script>alert("x")</script><img src=x onerror=alert(1)>'"`;
const PAGES = NAVIGATION.map(({ path }) => (path === "/" ? "/dashboard" : `/dashboard${path}`));

async function createInvoice(world: Pick<TestWorld, "api">, fields: Record<string, unknown> = {}) {
  const customer = (await world.api("POST", "/customers", { name: "Ada Lovelace" })).body;
  const lines = [{ description: "Pro plan", quantity: 2, unit_amount: 6450 }];
  const made = await world.api("POST", "/invoices", {
    customer_id: customer.id,
    currency: "EUR",
    lines,
    ...fields,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return made.body;
}

test("every link of the navigation answers 200, in an empty environment and in a full one", async () => {
  const [empty, full] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createInvoice(full);
  await insertEvent(full.scope, { id: "evt_nav", status: "dead", invoiceId: invoice.id });
  await insertStuckJob(full.scope, { invoiceId: invoice.id });
  for (const world of [empty, full]) {
    const cookie = await signIn(world.keys.read);
    const start = await open("/dashboard", cookie);
    expect(linksOf(start.html)).toEqual(expect.arrayContaining([...PAGES, "/docs"]));
    for (const link of new Set(linksOf(start.html).map((href) => href.split("#")[0] ?? ""))) {
      if (link.startsWith("/")) expect([link, (await open(link, cookie)).status]).toEqual([link, 200]);
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
    expect(html).not.toMatch(/\son\w+=|\sstyle="|<style|(?:src|href)="https?:/);
  }
  expect((await open("/dashboard")).headers.get("cache-control")).toBe("no-store");
});

test("another tenant's or environment's objects are 404, in the words of what does not exist", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createInvoice(theirs);
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

test("hostile text in names, lines, memos, metadata, payloads and errors comes out as text", async () => {
  const world = await createTenantWorld();
  const customer = (await world.api("POST", "/customers", { name: HOSTILE })).body;
  const invoice = await createInvoice(world, {
    customer_id: customer.id,
    number: HOSTILE,
    memo: HOSTILE,
    lines: [{ description: HOSTILE, quantity: 1, unit_amount: 12900 }],
    metadata: { [HOSTILE.slice(0, 27)]: HOSTILE },
  });
  const payload = JSON.stringify({ id: "evt_hostile", name: `</pre>${HOSTILE}`, [HOSTILE]: 1 });
  await insertEvent(world.scope, {
    id: "evt_hostile",
    status: "dead",
    invoiceId: invoice.id,
    type: HOSTILE,
    error: HOSTILE,
    payload,
  });
  await insertStuckJob(world.scope, { invoiceId: invoice.id, error: HOSTILE, kind: HOSTILE });
  await insertLink(world.scope, { invoiceId: invoice.id, url: "javascript:alert(1)", error: HOSTILE });

  const cookie = await signIn(world.keys.read);
  const query = `?customer_id=${encodeURIComponent(HOSTILE)}`;
  for (const path of [
    "/dashboard",
    "/dashboard/invoices",
    `/dashboard/invoices${query}`,
    `/dashboard/webhook-events?type=${encodeURIComponent(HOSTILE)}`,
    `/dashboard/invoices/${invoice.id}`,
    "/dashboard/webhook-events",
    "/dashboard/webhook-events/whe_hostile",
    "/dashboard/stuck-jobs",
    `/dashboard/invoices/${encodeURIComponent(HOSTILE)}`,
    `/dashboard/sign-in?next=${encodeURIComponent(HOSTILE)}`,
  ]) {
    const { html } = await open(path, cookie);
    expect([path, /<script>|<img|onerror=alert\(1\)>(?!&)/.exec(html)?.[0]]).toEqual([path, undefined]);
    if (!path.includes("sign-in")) expect([path, html.includes("&lt;script&gt;alert")]).toEqual([path, true]);
    expect(linksOf(html).filter((link) => /^\s*javascript:/i.test(link))).toEqual([]);
  }
});

test("an address that a payer must not follow is shown but is no link", async () => {
  const world = await createTenantWorld();
  const [bad, good] = [await createInvoice(world), await createInvoice(world)];
  await insertLink(world.scope, { invoiceId: bad.id, url: "javascript:alert(1)" });
  await insertLink(world.scope, { invoiceId: good.id, url: "https://buy.stripe.com/test_1" });
  const cookie = await signIn(world.keys.read);
  expect(linksOf((await open(`/dashboard/invoices/${bad.id}`, cookie)).html).join(" ")).not.toContain(
    "javascript",
  );
  expect(linksOf((await open(`/dashboard/invoices/${good.id}`, cookie)).html)).toContain(
    "https://buy.stripe.com/test_1",
  );
});

test("amounts are written with the decimals of their currency, and never added across currencies", async () => {
  const world = await createTenantWorld();
  const line = (unit_amount: number) => [{ description: "x", quantity: 1, unit_amount }];
  await createInvoice(world, { currency: "JPY", lines: line(1500) });
  await createInvoice(world, { currency: "KWD", lines: line(10_240) });
  await createInvoice(world);
  await env.DB.prepare("UPDATE invoices SET status = 'open' WHERE environment_id = ?")
    .bind(world.scope.environmentId)
    .run();
  const cookie = await signIn(world.keys.read);
  const list = textOf((await open("/dashboard/invoices", cookie)).html);
  for (const amount of ["¥1,500 ", "KWD 10.240", "€129.00"])
    expect(list.replaceAll("\u00a0", " ")).toContain(amount);
  const overview = textOf((await open("/dashboard", cookie)).html).replaceAll("\u00a0", " ");
  expect(overview).toMatch(/Open invoices 3 \S+ ?\S* and \S+ ?\S* and 1 more currency to be paid/);
});

test("a list is walked page by page, each row once, with its filter kept", async () => {
  const world = await createTenantWorld();
  const invoice = await createInvoice(world);
  await insertInvoices(world.scope, invoice.id, 119);
  const cookie = await signIn(world.keys.read);
  const seen: string[] = [];
  let path: string | undefined = "/dashboard/invoices?status=draft";
  for (let pages = 0; path !== undefined && pages < 9; pages++) {
    const { html } = await open(path, cookie);
    seen.push(...linksOf(html).filter((link) => link.startsWith("/dashboard/invoices/")));
    const older = /<a\b[^>]*href="([^"]*)"[^>]*rel="next"/.exec(html)?.[1];
    path = older?.replaceAll("&amp;", "&");
    if (path !== undefined) expect(path).toContain("status=draft");
  }
  expect(seen).toHaveLength(120);
  expect(new Set(seen).size).toBe(120);
});

test("an unknown filter or a broken cursor is an error page in the dashboard's look, with the request's id", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.read);
  for (const query of ["status=nonsense", "cursor=nonsense", "colour=red"]) {
    const page = await open(`/dashboard/invoices?${query}`, cookie);
    expect([query, page.status]).toEqual([query, 422]);
    expect(page.html).toContain(`aria-label="Dashboard"`);
    expect(page.html).toContain(page.headers.get("x-request-id") ?? "none");
  }
});

test("the stuck jobs and dead events of an environment are on its first page, and no other's", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const invoice = await createInvoice(mine);
  await insertStuckJob(mine.scope, { invoiceId: invoice.id, error: "Stripe refused the amount." });
  await insertEvent(mine.scope, { id: "evt_dead", status: "dead", invoiceId: invoice.id });
  const overview = textOf((await open("/dashboard", await signIn(mine.keys.read))).html);
  expect(overview).toMatch(/Stuck jobs 1 see why/);
  expect(overview).toMatch(/Events in 24 hours 1 1 failed/);
  expect(overview).toContain("Stripe refused the amount.");
  const other = textOf((await open("/dashboard", await signIn(theirs.keys.read))).html);
  expect(other).toMatch(/Stuck jobs 0/);
  expect(other).not.toContain("Stripe refused the amount.");
});

test("an invoice whose customer is gone is still shown, wherever it is", async () => {
  const world = await createTenantWorld();
  const invoice = await createInvoice(world);
  await env.DB.prepare("DELETE FROM customers WHERE environment_id = ?")
    .bind(world.scope.environmentId)
    .run();
  const cookie = await signIn(world.keys.write);
  for (const path of [
    "/dashboard",
    "/dashboard/invoices",
    `/dashboard/invoices?customer_id=${invoice.customer_id}`,
    `/dashboard/invoices/${invoice.id}`,
    `/dashboard/invoices/${invoice.id}/finalize`,
  ]) {
    const page = await open(path, cookie);
    expect([path, page.status, page.html.includes(invoice.number)]).toEqual([path, 200, true]);
  }
});

test("customers and subscriptions are listed with what Stripe says of them, as text", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  const customer = (await world.api("POST", "/customers", { name: HOSTILE })).body;
  const { environmentId } = world.scope;
  const now = Date.now();
  await env.DB.batch([
    env.DB.prepare(
      "UPDATE customers SET sync_status = 'failed', sync_error = ? WHERE environment_id = ? AND id = ?",
    ).bind(`Stripe refused it. ${HOSTILE}`, environmentId, customer.id),
    ...[customer.id, null].map((customerId, index) =>
      env.DB.prepare(
        `INSERT INTO subscriptions (environment_id, id, customer_id, stripe_customer_id, status, items,
          cancel_at_period_end, current_period_end_ms, metadata, snapshot_at_ms, revision, created_at_ms, updated_at_ms)
         VALUES (?, ?, ?, 'cus_stripe', ?, '[]', 1, ?, '{}', ?, 1, ?, ?)`,
      ).bind(
        environmentId,
        `sub_${index}`,
        customerId,
        index === 0 ? "past_due" : HOSTILE,
        now,
        now,
        now,
        now,
      ),
    ),
  ]);
  const cookie = await signIn(world.keys.read);
  const customers = await open("/dashboard/customers", cookie);
  expect(textOf(customers.html)).toMatch(/&lt;script&gt;.*no e-mail address.*failed.*Stripe refused it\./);
  const subscriptions = await open("/dashboard/subscriptions", cookie);
  expect(textOf(subscriptions.html)).toMatch(/past due.*Ends/);
  expect(textOf(subscriptions.html)).toContain("cus_stripe");
  const filtered = await open(`/dashboard/subscriptions?customer_id=${customer.id}`, cookie);
  expect(textOf(filtered.html)).not.toContain("cus_stripe");
  for (const { html } of [customers, subscriptions]) expect(html).not.toMatch(/<script>alert|<img/);
  const stranger = await signIn(other.keys.admin);
  for (const path of ["/dashboard/customers", "/dashboard/subscriptions"]) {
    const { html } = await open(path, stranger);
    expect(textOf(html)).toMatch(/No (customers|subscriptions) yet\./);
  }
});

test("the session's cookie opens the dashboard and nothing of the API", async () => {
  const world = await createTenantWorld();
  const cookie = await signIn(world.keys.admin);
  expect((await call("GET", "/invoices", { headers: { cookie } })).status).toBe(401);
});
