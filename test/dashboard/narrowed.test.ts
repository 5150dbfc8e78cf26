// A list that shows a part says of what: whose rows alone, of which days, or what was typed.

import { beforeAll, expect, test } from "vitest";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { createDraft } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";

let world: TestWorld;
let cookie: string;

beforeAll(async () => {
  world = await createWorld();
  for (const [id, name, email] of [
    ["cus_grace", "Grace Hopper", "grace@example.com"],
    ["cus_graham", "Graham <b>Bell</b>", "bell@example.com"],
  ])
    expect((await world.api("POST", "/customers", { id, name, email })).status).toBe(201);
  cookie = await signIn(world.keys.write);
});

test.each(["invoices", "payments", "subscriptions", "checkout-sessions", "mails"])(
  "the list of %s says whose alone it shows, also where it is empty, and leads back to everybody's",
  async (list) => {
    const { html } = await open(`/dashboard/${list}?customer_id=cus_graham`, cookie);
    expect(textOf(html)).toContain("Customer: Graham &lt;b&gt;Bell&lt;/b&gt; Show all customers");
    expect(linksOf(html)).toContain("/dashboard/customers/cus_graham");
    expect(textOf((await open(`/dashboard/${list}`, cookie)).html)).not.toContain("Show all customers");
  },
);

test("customers are found by name, email or id, as by API; of none that fits the list says so", async () => {
  for (const [typed, ids] of [
    ["gra", ["cus_grace", "cus_graham"]],
    ["GRACE", ["cus_grace"]],
    ["bell@", ["cus_graham"]],
    [" cus_grace ", ["cus_grace"]],
    ["nobody", []],
  ] as const) {
    const search = encodeURIComponent(typed);
    const { html } = await open(`/dashboard/customers?search=${search}`, cookie);
    const shown = linksOf(html).filter((link) => link.startsWith("/dashboard/customers/cus_"));
    expect([typed, shown.toSorted()]).toEqual([typed, ids.map((id) => `/dashboard/customers/${id}`)]);
    const { body } = await world.api("GET", `/customers?search=${search}`);
    expect([typed, body.data.map(({ id }: { id: string }) => id).toSorted()]).toEqual([typed, [...ids]]);
  }
  const none = await open("/dashboard/customers?search=nobody", cookie);
  expect(textOf(none.html)).toContain("No customer fits.");
});

test("a customer's page leads to a new invoice for it, and offers none to who may not write", async () => {
  const link = "/dashboard/invoices/new?customer_id=cus_grace";
  expect(linksOf((await open("/dashboard/customers/cus_grace", cookie)).html)).toContain(link);
  expect((await open(link, cookie)).html.includes('value="Grace Hopper · cus_grace"')).toBe(true);
  const reader = await signIn(world.keys.read);
  expect(linksOf((await open("/dashboard/customers/cus_grace", reader)).html)).not.toContain(link);
});

test("payments are bounded by days, both included, on the page, by API and in the file", async () => {
  const invoice = await createDraft(world, { finalize: true });
  const by = { amount: 12_900, method: "cash", reference: "till 4" };
  expect((await world.api("POST", `/invoices/${invoice.id}/payments`, by)).status).toBe(201);
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const day = 24 * 60 * 60 * 1000;
  const [before, after] = [dayOf(Date.now() - 2 * day), dayOf(Date.now() + 2 * day)];
  for (const [from, to, count] of [
    [before, after, 1],
    [after, "", 0],
    ["", before, 0],
  ] as const) {
    const query = `search=${invoice.number}&created_after=${from}&created_before=${to}`;
    const { html } = await open(`/dashboard/payments?${query}`, cookie);
    const shown = linksOf(html).filter((link) => /^\/dashboard\/payments\/[^/?]+$/.test(link));
    expect([query, shown.length]).toEqual([query, count]);
    const file = await open(`/dashboard/exports/payments.csv?${query}`, cookie);
    expect([query, file.status, file.html.trim().split("\r\n").length - 1]).toEqual([query, 200, count]);
  }
  const later = await world.api("GET", `/payments?search=${invoice.number}&created_after=${after}T00:00:00Z`);
  expect(later.body.data).toEqual([]);
});

test("an open invoice says in the list when it is due, and a paid one no more", async () => {
  const due_at = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000).toISOString();
  const invoice = await createDraft(world, { finalize: true, due_at });
  const rowOf = async () => textOf((await open(`/dashboard/invoices?search=${invoice.number}`, cookie)).html);
  expect(await rowOf()).toMatch(/Due \d+ \w+.* in 3 days/);
  const by = { amount: 12_900, method: "cash", reference: "till 5" };
  expect((await world.api("POST", `/invoices/${invoice.id}/payments`, by)).status).toBe(201);
  expect(await rowOf()).not.toMatch(/ Due \d/);
});
