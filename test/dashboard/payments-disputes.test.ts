// Payments and disputes each have their page: where the money came from, why it did not, until when to answer.

import { beforeAll, expect, test } from "vitest";
import { moneyWorld } from "../guarantees/money-events.ts";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld } from "../harness/world.ts";
import { newIntent } from "../webhooks/payloads/payment.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

const DAY = 24 * 60 * 60;
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * DAY;
const awaiting = (due: number, more: Record<string, unknown> = {}) => ({
  status: "needs_response",
  evidence_details: { due_by: due, has_evidence: false, past_due: false, submission_count: 0 },
  ...more,
});

test("a payment has a page: what it pays, by whom, what went back and what can, by one call", async () => {
  const money = await moneyWorld();
  await money.deliver(
    money.paid("page", 12_900, 0),
    money.charged("page", 12_900, 0),
    money.refunded("page", 2900, 60),
  );
  const cookie = await signIn(money.world.keys.write);
  const list = await open("/dashboard/payments", cookie);
  expect(linksOf(list.html)).toEqual(
    expect.arrayContaining([
      "/dashboard/payments/pay_page",
      "/dashboard/payments/pay_page/refund",
      `/dashboard/invoices/${money.invoice.id}`,
      `/dashboard/customers/${money.invoice.customer_id}`,
    ]),
  );
  expect(textOf(list.html)).toContain("Ada Lovelace");
  const asked = await ledgersAskedByPage(async () => {
    const page = await open("/dashboard/payments/pay_page", cookie);
    const text = textOf(page.html).replaceAll("\u00a0", " ");
    expect(text).toMatch(
      /€129\.00.*Partially refunded.*€29\.00.*Ada Lovelace.*pi_page.*Refunded €29\.00.*Stays €100\.00/,
    );
    expect(linksOf(page.html)).toEqual(
      expect.arrayContaining([
        "/dashboard/payments/pay_page/refund",
        `/dashboard/invoices/${money.invoice.id}`,
        `https://dashboard.stripe.com/${money.world.accountId}/test/payments/pi_page`,
      ]),
    );
    expect(text).toContain("/api/v1/payments/pay_page&#39;");
  });
  expect(asked).toBe(1);
  const reader = await open("/dashboard/payments/pay_page", await signIn(money.world.keys.read));
  expect(linksOf(reader.html)).not.toContain("/dashboard/payments/pay_page/refund");
});

test("a declined payment keeps its code and its reason, in the list and on its page", async () => {
  const money = await moneyWorld();
  const intent = newIntent({
    id: "pi_declined",
    amount: 12_900,
    amount_received: 0,
    status: "requires_payment_method",
    latest_charge: null,
    metadata: money.metadata,
    last_payment_error: {
      code: "card_declined",
      decline_code: "do_not_honor",
      message: "Your card was declined.",
    },
  });
  await money.deliver(money.make("payment_intent.payment_failed", 0, intent));
  const cookie = await signIn(money.world.keys.write);
  for (const path of ["/dashboard/payments", "/dashboard/payments/pay_declined"]) {
    const page = await open(path, cookie);
    expect([path, textOf(page.html)]).toEqual([
      path,
      expect.stringMatching(/Failed.*Your card was declined\..*(?:do_not_honor|card_declined)/),
    ]);
    expect(linksOf(page.html)).not.toContain("/dashboard/payments/pay_declined/refund");
  }
});

test("payments are found by Stripe's id, the beginning of an invoice's number and a mail address; the API finds the same", async () => {
  const [mine, other] = [await moneyWorld(), await moneyWorld()];
  await mine.deliver(mine.paid("sought", 12_900, 0), mine.charged("sought", 12_900, 0));
  const cookie = await signIn(mine.world.keys.read);
  const { number } = mine.invoice;
  for (const typed of [
    "pi_sought",
    "ch_sought",
    "pay_sought",
    number,
    number.slice(0, 6).toLowerCase(),
    "ADA@",
    "ada l",
  ]) {
    const query = `search=${encodeURIComponent(typed)}`;
    const { html } = await open(`/dashboard/payments?${query}`, cookie);
    expect([typed, linksOf(html)]).toEqual([
      typed,
      expect.arrayContaining(["/dashboard/payments/pay_sought"]),
    ]);
    const { body } = await mine.world.api("GET", `/payments?${query}`);
    expect([typed, body.data.map(({ id }: { id: string }) => id)]).toEqual([typed, ["pay_sought"]]);
    expect((await other.world.api("GET", `/payments?${query}`)).body.data).toEqual([]);
  }
  expect((await mine.world.api("GET", "/payments?search=nobody")).body.data).toEqual([]);
  // The field on every page leads to it as well.
  const found = await open("/dashboard/search?q=pi_sought", cookie);
  expect(found.headers.get("location")).toBe("/dashboard/payments/pay_sought");
});

test("disputes that await an answer come first, the nearest deadline on top; each says until when, and why", async () => {
  const money = await moneyWorld();
  await money.deliver(
    ...["far", "near", "lost"].flatMap((name) => [money.paid(name, 4300, 0), money.charged(name, 4300, 0)]),
    money.disputed("near", 4300, 60, awaiting(inDays(2), { reason: "product_not_received" })),
    money.disputed("far", 4300, 61, awaiting(inDays(9))),
    money.disputed("lost", 4300, 62),
  );
  const cookie = await signIn(money.world.keys.read);
  const list = await open("/dashboard/disputes", cookie);
  const order = linksOf(list.html).filter((link) => link.startsWith("/dashboard/disputes/"));
  expect(order).toEqual(["near", "far", "lost"].map((name) => `/dashboard/disputes/dsp_${name}`));
  expect(textOf(list.html)).toContain("Disputes 2");
  expect(linksOf(list.html)).toContain(`/dashboard/customers/${money.invoice.customer_id}`);
  const page = await open("/dashboard/disputes/dsp_near", cookie);
  expect(textOf(page.html)).toMatch(
    /The deadline is in 2 days\..*Evidence must be at Stripe by \d{1,2} \w{3}(?: \d{4})?, \d\d:\d\d \..*Not received\./,
  );
  expect(textOf(page.html)).toContain("Respond in Stripe");
  expect(linksOf(page.html)).toEqual(
    expect.arrayContaining([
      `https://dashboard.stripe.com/${money.world.accountId}/test/disputes/du_near`,
      "/dashboard/payments/pay_near",
      `/dashboard/invoices/${money.invoice.id}`,
      `/dashboard/customers/${money.invoice.customer_id}`,
    ]),
  );
  const customer = await money.world.api("GET", `/customers/${money.invoice.customer_id}`);
  expect(textOf(page.html)).toContain(customer.body.name);
  const lost = textOf((await open("/dashboard/disputes/dsp_lost", cookie)).html);
  expect(lost).not.toContain("Respond in Stripe");
  const stranger = await signIn((await createTenantWorld()).keys.admin);
  for (const path of ["/dashboard/disputes/dsp_near", "/dashboard/payments/pay_near"])
    expect((await open(path, stranger)).status).toBe(404);
});

test("who paid is named among the latest payments, and a dispute says what was paid, a subscription too", async () => {
  const world = await createTenantWorld();
  await world.api("POST", "/customers", { id: "cus_ada", name: "Ada Lovelace" });
  const paid = `INSERT INTO payments (id, provider_payment_id, source, customer_id, subscription_id, checkout_session_id,
    amount_minor, currency, status, state_order, occurred_at_ms, created_at_ms, updated_at_ms)
    VALUES (?1, ?1, ?2, 'cus_ada', ?3, ?4, 4900, 'EUR', 'succeeded', 0, 1, 1, 1)`;
  const disputed = `INSERT INTO disputes (id, stripe_dispute_id, payment_id, amount_minor, currency, status, state_order,
    occurred_at_ms, created_at_ms, updated_at_ms) VALUES (?1, ?1, ?2, 4900, 'EUR', ?3, 0, 1, 1, 1)`;
  const sql = ledgerSql(world.scope);
  await sql.batch([
    sql.prepare(paid).bind("pay_sub", "subscription", "sub_7", null),
    sql.prepare(paid).bind("pay_cs", "checkout_session", null, "cs_7"),
    sql.prepare(disputed).bind("dsp_sub", "pay_sub", "needs_response"),
    sql.prepare(disputed).bind("dsp_cs", "pay_cs", "won"),
  ]);
  const cookie = await signIn(world.keys.read);
  const payees = ["/dashboard/payments?subscription_id=sub_7", "/dashboard/checkout-sessions/cs_7"];
  const home = await open("/dashboard", cookie);
  expect(linksOf(home.html)).toContain("/dashboard/customers/cus_ada");
  expect(textOf(home.html)).toContain("Ada Lovelace");
  const list = await open("/dashboard/disputes", cookie);
  expect(linksOf(list.html)).toEqual(expect.arrayContaining(payees));
  expect(textOf(list.html)).toContain("Subscription sub_7");
  for (const [index, id] of ["dsp_sub", "dsp_cs"].entries())
    expect(linksOf((await open(`/dashboard/disputes/${id}`, cookie)).html)).toContain(payees[index]);
});
