// The list of invoices is narrowed by what needs a look, by day and by what a person types, and says what it comes to
// where that is known.

import { expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createPayableInvoice, createWorld } from "../harness/world.ts";
import { createDraft } from "./action-fixture.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";
import { insertInvoices } from "./rows.ts";

const DAY = 24 * 60 * 60 * 1000;

test("chips show what is overdue, disputed, refunded or without a link, by the API's own filter", async () => {
  const world = await createWorld();
  const open1 = (fields = {}) => createDraft(world, { finalize: true, ...fields });
  const overdue = await open1({ due_at: new Date(Date.now() - DAY).toISOString() });
  const later = await open1({ due_at: new Date(Date.now() + DAY).toISOString() });
  const { id: paid } = await createPayableInvoice(world);
  const { body: payment } = await world.api("POST", `/invoices/${paid}/payments`, {
    ...{ amount: 12_900, method: "cash", reference: "r" },
  });
  const refund = { amount: 900, method: "cash", reference: "back" };
  expect((await world.api("POST", `/payments/${payment.id}/refunds`, refund)).status).toBe(201);
  const { id: disputed } = await createPayableInvoice(world);
  const { id: broken } = await createPayableInvoice(world);
  const sql = ledgerSql(world.scope);
  await sql.batch([
    sql.prepare("UPDATE invoices SET payment_status = 'disputed' WHERE id = ?").bind(disputed),
    sql
      .prepare(
        `INSERT INTO disputes (id, stripe_dispute_id, payment_id, invoice_id, amount_minor, currency, status,
         state_order, occurred_at_ms, created_at_ms, updated_at_ms)
         VALUES ('dsp_1', 'du_1', 'pay_1', ?, 1, 'EUR', 'needs_response', 0, 1, 1, 1)`,
      )
      .bind(disputed),
    sql
      .prepare("UPDATE payment_links SET status = 'failed', error = 'No.' WHERE invoice_id = ?")
      .bind(broken),
  ]);
  const cookie = await signIn(world.keys.read);
  for (const [is, ids] of [
    ["overdue", [overdue.id]],
    ["disputed", [disputed]],
    ["refunded", [paid]],
    ["link_failed", [broken]],
  ] as const) {
    const { html } = await open(`/dashboard/invoices?is=${is}`, cookie);
    const shown = linksOf(html).filter((link) => link.startsWith("/dashboard/invoices/inv_"));
    expect([is, shown]).toEqual([is, ids.map((id) => `/dashboard/invoices/${id}`)]);
    const { body } = await world.api("GET", `/invoices?is=${is}`);
    expect([is, body.data.map(({ id }: { id: string }) => id)]).toEqual([is, ids]);
  }
  const both = await world.api("GET", `/invoices?is=overdue&search=${later.number}`);
  expect(both.body.data).toEqual([]);
  expect((await world.api("GET", "/invoices?is=lost")).status).toBe(422);
});

test("a list is searched by number, name or email and bounded by days of the environment's time zone, both included", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", { time_zone: "America/New_York" });
  const draft = await createDraft(world);
  await ledgerSql(world.scope)
    .prepare("UPDATE invoices SET created_at_ms = ? WHERE id = ?")
    .bind(Date.parse("2026-07-02T03:30:00Z"), draft.id)
    .run();
  const cookie = await signIn(world.keys.read);
  const isShown = async (query: string) => {
    const { html, status } = await open(`/dashboard/invoices?${query}`, cookie);
    expect([query, status]).toEqual([query, 200]);
    return linksOf(html).includes(`/dashboard/invoices/${draft.id}`);
  };
  for (const [query, shown] of [
    // Half past eleven in the evening of the first, there.
    ["created_after=2026-07-01&created_before=2026-07-01", true],
    ["created_after=2026-07-02", false],
    ["created_before=2026-06-30", false],
    [`search=${draft.number.slice(0, 6)}`, true],
    ["search=ada", true],
    ["search=ADA@example", true],
    ["search=grace", false],
  ] as const)
    expect([query, await isShown(query)]).toEqual([query, shown]);
  const { html } = await open("/dashboard/invoices?created_after=2026-07-01", cookie);
  expect(textOf(html)).toContain("created_after=2026-07-01T04%3A00%3A00.000Z");
  expect((await open("/dashboard/invoices?created_after=2026-13-01", cookie)).status).toBe(422);
});

test("the list says what it comes to: of one page its sum, of more what is counted already, else nothing", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  const sumOf = async (query: string) => {
    const { html } = await open(`/dashboard/invoices${query}`, cookie);
    return /<span class="sum">(.*?)<\/span>/.exec(html)?.[1]?.replaceAll("\u00a0", " ") ?? null;
  };
  expect(await sumOf("")).toBeNull();
  const first = await createDraft(world, { finalize: true, send_email: false });
  await createDraft(world, {
    currency: "JPY",
    lines: [{ description: "x", quantity: 1, unit_amount: 1500 }],
    finalize: true,
  });
  expect(await sumOf("")).toBe("2 invoices, ¥1,500 + €129.00 to be paid");
  expect(await sumOf("?status=draft")).toBeNull();
  await insertInvoices(world.scope, first.id, 60);
  // Rows that no verb made are in no count.
  expect(await sumOf("?status=open")).toMatch(/^2 invoices, .*to be paid$/);
  expect(await sumOf("?status=open&search=INV-")).toBeNull();
});

test("an invoice's page says in one sentence how it stands, and has all that can be done with it at its head", async () => {
  const world = await createWorld();
  const { id } = await createPayableInvoice(world);
  const cookie = await signIn(world.keys.write);
  const page = `/dashboard/invoices/${id}`;
  const { html } = await open(page, cookie);
  expect(textOf(html).replaceAll("\u00a0", " ")).toContain("€129.00 is to be paid.");
  const head = html.slice(0, html.indexOf('class="columns"'));
  for (const act of ["record-payment", "edit", "payment-link", "void", "uncollectible"])
    expect(linksOf(head)).toContain(`${page}/${act}`);
  expect(textOf(head)).toContain("Send the email again");
  await world.api("POST", `/invoices/${id}/mark_uncollectible`);
  const given = await open(page, cookie);
  expect(textOf(given.html).replaceAll("\u00a0", " ")).toContain(
    "€129.00 is given up; it can be opened again.",
  );
  expect(textOf(given.html)).not.toContain("is to be paid.");
  expect(linksOf(given.html)).toEqual(expect.arrayContaining([`${page}/reopen`, `${page}/void`]));
});
