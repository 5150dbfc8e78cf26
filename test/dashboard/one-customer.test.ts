// The pages of one customer and of one subscription, and the ways that lead there.

import { expect, test } from "vitest";
import type { Scope } from "../../src/platform/deps.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import { stripeOf, subscribe } from "../subscriptions/subscription-fixture.ts";
import { HOSTILE } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";

test("a customer's page has its data, why Stripe does not have it so, its invoices and subscriptions, as text", async () => {
  const world = await createTenantWorld();
  const address = { line1: "1 Analytical Way", city: "London", postal_code: "N1", country: "gb" };
  const fields = {
    name: HOSTILE,
    email: "ada@example.com",
    phone: "+44 1",
    address,
    metadata: { plan: HOSTILE },
  };
  const customer = (await world.api("POST", "/customers", fields)).body;
  const other = (await world.api("POST", "/customers", { name: "Grace" })).body;
  await ledgerSql(world.scope)
    .prepare("UPDATE customers SET sync_status = 'failed', sync_error = ? WHERE id = ?")
    .bind(`Stripe refused it. ${HOSTILE}`, customer.id)
    .run();
  const [mine, theirs] = [await createDraft(world, customer.id), await createDraft(world, other.id)];
  await insertSubscription(world.scope, "sub_mine", customer.id);
  await insertSubscription(world.scope, "sub_theirs", other.id);

  const cookie = await signIn(world.keys.read);
  const page = `/dashboard/customers/${customer.id}`;
  const { html } = await open(page, cookie);
  const text = textOf(html);
  expect(text).toContain("Stripe does not have it as it is here. Stripe refused it.");
  expect(text).toMatch(/\+44 1.*1 Analytical Way, N1 London, GB/);
  expect(linksOf(html)).toEqual(
    expect.arrayContaining([`/dashboard/invoices/${mine}`, "/dashboard/subscriptions/sub_mine"]),
  );
  expect(linksOf(html)).not.toContain(`/dashboard/invoices/${theirs}`);
  expect(linksOf(html)).not.toContain("/dashboard/subscriptions/sub_theirs");
  expect(html).not.toMatch(/<script>alert|<img/);
  for (const from of [
    "/dashboard/customers",
    "/dashboard/subscriptions",
    "/dashboard/invoices",
    `/dashboard/invoices/${mine}`,
    `/dashboard/invoices?customer_id=${customer.id}`,
  ]) {
    expect([from, linksOf((await open(from, cookie)).html).includes(page)]).toEqual([from, true]);
  }
});

test("of a deleted customer the page says so, and keeps its invoices and nothing personal", async () => {
  const world = await createTenantWorld();
  const customer = (await world.api("POST", "/customers", { name: "Ada Lovelace", email: "ada@example.com" }))
    .body;
  const invoiceId = await createDraft(world, customer.id);
  await ledgerSql(world.scope)
    .prepare("UPDATE invoices SET status = 'void' WHERE id = ?")
    .bind(invoiceId)
    .run();
  expect((await world.api("DELETE", `/customers/${customer.id}`)).status).toBe(200);
  const { status, html } = await open(`/dashboard/customers/${customer.id}`, await signIn(world.keys.read));
  expect(status).toBe(200);
  expect(textOf(html)).toContain("It was deleted: what is personal was erased");
  expect(html).not.toMatch(/Lovelace|ada@example/);
  expect(linksOf(html)).toContain(`/dashboard/invoices/${invoiceId}`);
});

test("a subscription's page has its status word for word, items, period, and the events that changed it alone", async () => {
  const world = await createWorld();
  const { customer_id: customerId } = await createOpenInvoice(world);
  const metadata = {
    customer_id: customerId,
    quittance_tenant_id: world.scope.tenantId,
    quittance_environment_id: world.scope.environmentId,
  };
  const [mine, other] = [await subscribe(world, metadata), await subscribe(world, metadata)];
  await stripeOf(world).subscriptions.update(mine.id, { cancel_at_period_end: true });
  await sandbox.settle();
  const cookie = await signIn(world.keys.read);
  const page = `/dashboard/subscriptions/${mine.id}`;
  await eventually(
    async () => textOf((await open(page, cookie)).html),
    (text) => text.includes("it ends") && text.includes("customer.subscription.updated"),
  );
  const { html } = await open(page, cookie);
  const text = textOf(html);
  expect(text).toMatch(/price_\S+ prod_\S+ 2 €49\.00 every month /);
  expect(text).toMatch(/Status active /);
  expect(text).toMatch(/Period from \d{1,2} [A-Z][a-z]{2}(?: \d{4})?, \d\d:\d\d:\d\d UTC/);
  expect(linksOf(html)).toContain(`/dashboard/customers/${customerId}`);
  const events = linksOf(html).filter((link) => link.startsWith("/dashboard/webhook-events/"));
  const all = (await world.api("GET", "/webhook_events?limit=100")).body.data as {
    id: string;
    changes: { object: string; id: string }[];
  }[];
  const changing = all.filter(({ changes }) => changes.some(({ id }) => id === mine.id));
  expect(changing.length).toBeGreaterThan(0);
  expect(events).toEqual(changing.map(({ id }) => `/dashboard/webhook-events/${id}`));
  for (const event of events) {
    const links = linksOf((await open(event, cookie)).html);
    expect([event, links.includes(page)]).toEqual([event, true]);
    expect(links).not.toContain(`/dashboard/subscriptions/${other.id}`);
  }
  const paused = `paused <b>${HOSTILE}`;
  await ledgerSql(world.scope)
    .prepare("UPDATE subscriptions SET status = ? WHERE id = ?")
    .bind(paused, mine.id)
    .run();
  const odd = await open(page, cookie);
  expect(textOf(odd.html)).toContain("paused &lt;b&gt;");
  expect(odd.html).not.toMatch(/<script>alert|<img|<b>/);
});

async function createDraft(
  { api }: Pick<Awaited<ReturnType<typeof createTenantWorld>>, "api">,
  customerId: string,
): Promise<string> {
  const lines = [{ description: "Pro plan", quantity: 1, unit_amount: 100 }];
  return (await api("POST", "/invoices", { customer_id: customerId, currency: "eur", lines })).body.id;
}

async function insertSubscription(scope: Scope, id: string, customerId: string): Promise<void> {
  const now = Date.now();
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO subscriptions (id, customer_id, status, items, cancel_at_period_end, metadata,
      snapshot_at_ms, revision, created_at_ms, updated_at_ms) VALUES (?, ?, 'active', '[]', 0, '{}', ?, 1, ?, ?)`,
    )
    .bind(id, customerId, now, now, now)
    .run();
}
