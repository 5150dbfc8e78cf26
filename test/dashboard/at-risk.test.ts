// What waits for somebody or something is said where it shows: money of subscriptions that Stripe could not collect,
// and emails that a cap holds up.

import { expect, test } from "vitest";
import { ledgersAskedByPage } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";
import { linksOf, open, signIn, textOf } from "./browse.ts";

test("a subscription that is past due says how much is at risk and when Stripe tries again, in the list and on its page", async () => {
  const world = await createTenantWorld();
  const sql = ledgerSql(world.scope);
  const now = Date.now();
  const nextMs = now + 3 * 24 * 60 * 60 * 1000;
  const subscription = (id: string, status: string) =>
    sql
      .prepare(
        `INSERT INTO subscriptions (id, status, items, cancel_at_period_end, metadata, snapshot_at_ms, revision,
         created_at_ms, updated_at_ms) VALUES (?, ?, '[]', 0, '{}', 1, 1, 1, 1)`,
      )
      .bind(id, status);
  const invoice = (id: string, of: string, status: string, remaining: number, next: number | null) =>
    sql
      .prepare(
        `INSERT INTO subscription_invoices (id, subscription_id, status, currency, amount_due_minor,
         amount_paid_minor, amount_remaining_minor, attempt_count, next_attempt_at_ms, snapshot_at_ms, created_at_ms,
         updated_at_ms) VALUES (?, ?, ?, 'EUR', 4900, 0, ?, 1, ?, 1, 1, 1)`,
      )
      .bind(id, of, status, remaining, next);
  await sql.batch([
    ...[
      subscription("sub_late", "past_due"),
      subscription("sub_unpaid", "unpaid"),
      subscription("sub_good", "active"),
    ],
    invoice("in_1", "sub_late", "open", 4900, nextMs),
    invoice("in_2", "sub_late", "open", 100, null),
    invoice("in_3", "sub_late", "paid", 0, null),
    invoice("in_4", "sub_unpaid", "open", 700, null),
    invoice("in_5", "sub_good", "open", 900, nextMs),
  ]);
  const cookie = await signIn(world.keys.read);
  let html = "";
  const asked = await ledgersAskedByPage(async () => {
    ({ html } = await open("/dashboard/subscriptions", cookie));
  });
  expect(asked).toBe(1);
  const list = textOf(html);
  expect(list).toMatch(/sub_late .*Past due .*€50\.00 Stripe tries again .* in 3 days/);
  expect(list).toMatch(/sub_unpaid .*€7\.00 Stripe does not try again by itself\./);
  expect(list).not.toContain("€9.00");
  const page = await open("/dashboard/subscriptions/sub_late", cookie);
  expect(linksOf(page.html)).toContain("https://dashboard.stripe.com/test/invoices/in_1");
  const late = textOf(page.html);
  expect(late).toMatch(/€50\.00 could not be collected\. Stripe tries again .* in 3 days/);
  expect(textOf((await open("/dashboard/subscriptions/sub_good", cookie)).html)).not.toContain("collected.");
  const filtered = linksOf((await open("/dashboard/subscriptions?status=past_due", cookie)).html);
  expect(filtered).toContain("/dashboard/subscriptions/sub_late");
  expect(filtered).not.toContain("/dashboard/subscriptions/sub_good");
});

test("an email that a cap holds up says that it is delayed and until when; one that is tried again does not", async () => {
  const world = await createTenantWorld();
  const sql = ledgerSql(world.scope);
  const mail = (id: string, attempts: number, error: string | null) =>
    sql
      .prepare(
        `INSERT INTO mails (id, invoice_id, kind, recipient, status, attempts, error, created_at_ms, updated_at_ms)
         VALUES (?, 'inv_1', 'invoice', 'ada@example.com', 'pending', ?, ?, 1, 1)`,
      )
      .bind(id, attempts, error);
  const capped =
    "It waits: 20 mails to this address are the most within a day: the next one can go from 2026-12-01T00:00:00.000Z.";
  await sql.batch([
    mail("mail_capped", 0, capped),
    mail("mail_again", 1, "The provider is down."),
    mail("mail_new", 0, null),
  ]);
  const cookie = await signIn(world.keys.read);
  const looks = async (id: string) => textOf((await open(`/dashboard/mails/${id}`, cookie)).html);
  expect(await looks("mail_capped")).toMatch(/Delayed .*the next one can go from 2026-12-01/);
  for (const id of ["mail_again", "mail_new"]) expect(await looks(id)).not.toContain("Delayed");
  const list = textOf((await open("/dashboard/mails?kind=invoice", cookie)).html);
  expect(list.match(/Delayed/g)).toHaveLength(1);
});
