import { expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createDraft, HOSTILE } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";
import { insertEvent, insertLink, insertStuckJob } from "./rows.ts";

test("hostile text in names, lines, memos, metadata, payloads and errors comes out as text", async () => {
  const world = await createTenantWorld();
  const customer = (await world.api("POST", "/customers", { name: HOSTILE })).body;
  const invoice = await createDraft(world, {
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
    if (!path.includes("sign-in") && path !== "/dashboard")
      expect([path, html.includes("&lt;script&gt;alert")]).toEqual([path, true]);
    expect(linksOf(html).filter((link) => /^\s*javascript:/i.test(link))).toEqual([]);
  }
});

test("an address that a payer must not follow is shown but is no link", async () => {
  const world = await createTenantWorld();
  const [bad, good] = [await createDraft(world), await createDraft(world)];
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

test("customers and subscriptions are listed with what Stripe says of them, as text", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  const customer = (await world.api("POST", "/customers", { name: HOSTILE })).body;
  const now = Date.now();
  const sql = ledgerSql(world.scope);
  await sql.batch([
    sql
      .prepare("UPDATE customers SET sync_status = 'failed', sync_error = ? WHERE id = ?")
      .bind(`Stripe refused it. ${HOSTILE}`, customer.id),
    ...[customer.id, null].map((customerId, index) =>
      sql
        .prepare(
          `INSERT INTO subscriptions (id, customer_id, stripe_customer_id, status, items,
          cancel_at_period_end, current_period_end_ms, metadata, snapshot_at_ms, revision, created_at_ms, updated_at_ms)
         VALUES (?, ?, 'cus_stripe', ?, '[]', 1, ?, '{}', ?, 1, ?, ?)`,
        )
        .bind(`sub_${index}`, customerId, index === 0 ? "past_due" : HOSTILE, now, now, now, now),
    ),
  ]);
  const cookie = await signIn(world.keys.read);
  const customers = await open("/dashboard/customers", cookie);
  expect(textOf(customers.html)).toMatch(/&lt;script&gt;.*no email address.*Failed.*Stripe refused it\./);
  const subscriptions = await open("/dashboard/subscriptions", cookie);
  expect(textOf(subscriptions.html)).toMatch(/Past due.*Ends/);
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
