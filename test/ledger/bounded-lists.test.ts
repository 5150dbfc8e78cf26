// A page costs the same however long its list is, whatever it is filtered by; what one page does not come to, the next
// ones do.

import { beforeAll, describe, expect, test } from "vitest";
import { byCreation, type PageRequest } from "../../src/http/list.ts";
import { ledger } from "../../src/ledger/client.ts";
import type { MailSummary } from "../../src/ledger/mails/read-mails.ts";
import { cutPage, type Position, ROWS_LOOKED_AT, type Stretch } from "../../src/platform/paging.ts";
import { open, signIn, textOf } from "../dashboard/browse.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";

const ROWS = 20_000;
// Each that is looked at is an entry of an index, once to know how far, once to read its row; and the page's own.
const MOST_READ = 3 * ROWS_LOOKED_AT + 500;
const MOST_OF_A_PAGE = 400;

// Of 20,000 the oldest 30 are in a state that no other is in, and of a customer who has no other.
const FILL = [
  `customers (id, name, metadata, sync_status, created_at_ms, updated_at_ms, deleted_at_ms)
    SELECT 'cus_' || i, 'Ada', '{}', 'off', i / 7, 1, CASE WHEN i > 30 THEN 1 END FROM n`,
  `invoices (id, number, customer_id, currency, lines, amount_due_minor, status, payment_status, send_email, metadata,
      created_at_ms, updated_at_ms)
    SELECT 'inv_' || i, i, CASE WHEN i > 30 THEN 'cus_many' ELSE 'cus_few' END, 'EUR', '[]', 1,
      CASE WHEN i > 30 THEN CASE i % 2 WHEN 0 THEN 'paid' ELSE 'open' END ELSE 'void' END, 'unpaid', 0, '{}', i / 7, 1
    FROM n`,
  `payments (id, source, invoice_id, customer_id, amount_minor, currency, status, state_order, occurred_at_ms, created_at_ms,
      updated_at_ms)
    SELECT 'pay_' || i, 'invoice', 'inv_' || i, CASE WHEN i > 30 THEN 'cus_many' ELSE 'cus_few' END, 1, 'EUR',
      CASE WHEN i > 30 THEN 'succeeded' ELSE 'canceled' END, 1, 1, i / 7, 1 FROM n`,
  `refunds (id, payment_id, invoice_id, amount_minor, currency, status, state_order, occurred_at_ms, created_at_ms,
      updated_at_ms)
    SELECT 'ref_' || i, 'pay_' || i, 'inv_' || i, 1, 'EUR', CASE WHEN i > 30 THEN 'succeeded' ELSE 'failed' END, 1, 1,
      i / 7, 1 FROM n`,
  `disputes (id, stripe_dispute_id, payment_id, invoice_id, amount_minor, currency, status, state_order, occurred_at_ms,
      created_at_ms, updated_at_ms)
    SELECT 'dsp_' || i, 'du_' || i, 'pay_' || i, 'inv_' || i, 1, 'EUR', CASE WHEN i > 30 THEN 'won' ELSE 'lost' END, 1,
      1, i / 7, 1 FROM n`,
  `subscriptions (id, customer_id, status, items, cancel_at_period_end, metadata, snapshot_at_ms, revision,
      created_at_ms, updated_at_ms)
    SELECT 'sub_' || i, 'cus_many', CASE WHEN i > 30 THEN 'active' ELSE 'unpaid' END, '[]', 0, '{}', 1, 1, i / 7, 1
    FROM n`,
  `checkout_sessions (id, mode, status, payment_status, customer_id, metadata, created_at_ms, updated_at_ms)
    SELECT 'cs_' || i, CASE WHEN i > 30 THEN 'payment' ELSE 'setup' END, CASE WHEN i > 30 THEN 'open' ELSE 'expired' END,
      'unpaid', 'cus_many', '{}', i / 7, 1 FROM n`,
  `webhook_events (seq, stripe_event_id, connection_id, type, livemode, status, source, delivery_ids, attempts, changes,
      invoice_id, created_at_ms, received_at_ms, updated_at_ms, payload)
    SELECT i / 7 * 1000 + i % 7, 'evt_' || i, 'conn_1', CASE WHEN i > 30 THEN 'charge.succeeded' ELSE 'plan.created' END,
      0, CASE WHEN i > 30 THEN 'processed' ELSE 'ignored' END, 'webhook', '[]', 1, '[]',
      CASE WHEN i > 30 THEN 'inv_many' ELSE 'inv_few' END, i / 7, i / 7, 1, '{}' FROM n`,
  // All of them came within three seconds.
  "invoice_event_times (invoice_id, from_ms) SELECT CASE i WHEN 1 THEN 'inv_many' ELSE 'inv_few' END, 0 FROM n LIMIT 2",
  `mails (id, invoice_id, kind, recipient, status, created_at_ms, updated_at_ms)
    SELECT 'inv_' || i || '/paid', 'inv_' || i, 'receipt', 'ada@example.com', CASE WHEN i > 30 THEN 'sent' ELSE 'failed' END,
      i / 7, 1 FROM n`,
];

let world: Awaited<ReturnType<typeof createTenantWorld>>;
beforeAll(async () => {
  world = await createTenantWorld();
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})`;
  const sql = ledgerSql(world.scope);
  await sql.batch(
    FILL.map((fill) => sql.prepare(fill.replace(/^/, "INSERT INTO ").replace("SELECT", `${numbers} SELECT`))),
  );
});

/** A page of 20, and what it cost. */
async function read(path: string, cursor: string | null = null) {
  const query = cursor === null ? path : `${path}${path.includes("?") ? "&" : "?"}cursor=${cursor}`;
  let body: { data: { id: string }[]; has_more: boolean; next_cursor: string | null } | undefined;
  const rows = await ledgerRows(world.scope, async () => {
    ({ body } = await world.api("GET", query));
  });
  if (!body) throw new Error("No answer.");
  expect(body.has_more).toBe(body.next_cursor !== null);
  return { ...body, read: rows.read };
}

const OLDEST = Array.from({ length: 30 }, (_, index) => 30 - index);

describe("of 20,000, the oldest 30", () => {
  test.each([
    "/customers",
    "/payments?status=canceled",
    "/payments?status=canceled&customer_id=cus_many",
    "/payments?source=checkout_session",
    "/checkout_sessions?status=expired",
    "/checkout_sessions?mode=setup&customer_id=cus_many",
    "/refunds?status=failed",
    "/disputes?status=lost",
    "/subscriptions?status=unpaid",
    "/subscriptions?status=unpaid&customer_id=cus_many",
    "/invoices?status=void&customer_id=cus_many",
    "/webhook_events?type=plan.created",
    "/webhook_events?status=ignored",
    "/webhook_events?invoice_id=inv_few",
  ])("are found by %s, page by page, each in bounded work", async (path) => {
    const ids: string[] = [];
    let pages = 0;
    for (let cursor: string | null = null; pages === 0 || cursor !== null; pages++) {
      const page = await read(path, cursor);
      expect(page.read).toBeLessThanOrEqual(MOST_READ);
      ids.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    const isNone = /source=|^\/(payments|invoices).*cus_many/.test(path);
    const found = isNone ? [] : OLDEST;
    const numbers = ids.map((id) => Number(id.split("_")[1]));
    expect(numbers.toSorted((one, other) => other - one)).toEqual(found);
    const times = numbers.map((number) => Math.floor(number / 7));
    expect(times).toEqual(times.toSorted((one, other) => other - one));
    expect(pages).toBeLessThanOrEqual(ROWS / ROWS_LOOKED_AT + 2);
  });
});

test("and mails, which only the dashboard lists", async () => {
  const ids: string[] = [];
  let after: Position | null = null;
  do {
    const page: PageRequest = { limit: 20, after };
    let found: Stretch<MailSummary> = { rows: [], stoppedAt: null };
    const { read } = await ledgerRows(world.scope, async () => {
      found = await ledger(testDeps(), world.scope).listMails({ filter: { status: "failed" }, page });
    });
    expect(read).toBeLessThanOrEqual(MOST_READ);
    const { rows, next } = cutPage(found, page.limit, byCreation);
    ids.push(...rows.map(({ id }) => id));
    after = next;
  } while (after !== null);
  expect(new Set(ids)).toEqual(new Set(OLDEST.map((number) => `inv_${number}/paid`)));
  expect(ids).toHaveLength(OLDEST.length);
});

describe("what an index answers costs its page alone", () => {
  test.each([
    ["/invoices", 20_000],
    ["/invoices?customer_id=cus_many", 20_000],
    ["/invoices?customer_id=cus_few", 30],
    ["/invoices?status=void", 30],
    ["/invoices?status=open", 19_999],
    ["/invoices?created_before=1970-01-01T00:00:00.005Z", 34],
    ["/payments", 20_000],
    ["/webhook_events", 20_000],
    ["/webhook_events?received_before=1970-01-01T00:00:00.005Z", 34],
    ["/payments?invoice_id=inv_7", 7],
    ["/payments?customer_id=cus_few", 30],
    ["/subscriptions?customer_id=cus_many", 20_000],
    ["/checkout_sessions", 20_000],
    ["/checkout_sessions?customer_id=cus_many", 20_000],
  ])("%s", async (path, newest) => {
    const first = await read(path);
    expect(first.data[0]?.id).toMatch(new RegExp(`_${newest}$`));
    expect(first.read).toBeLessThanOrEqual(MOST_OF_A_PAGE);
    if (first.next_cursor === null) return;
    const second = await read(path, first.next_cursor);
    expect(second.data.length).toBeGreaterThan(0);
    expect(second.read).toBeLessThanOrEqual(MOST_OF_A_PAGE);
  });
});

test("what most of a list meets fills its page at once", async () => {
  for (const path of [
    "/payments?status=succeeded",
    "/payments?customer_id=cus_many",
    "/invoices?status=paid",
    "/webhook_events?status=processed",
    "/webhook_events?type=charge.succeeded",
  ]) {
    const page = await read(path);
    expect(page.data).toHaveLength(20);
    expect(page.read).toBeLessThanOrEqual(ROWS_LOOKED_AT + 2 * MOST_OF_A_PAGE);
  }
});

test("on the dashboard a page that came to nothing leads on to older ones", async () => {
  const cookie = await signIn(world.keys.read);
  const { html } = await open("/dashboard/payments?status=canceled", cookie);
  expect(textOf(html)).toContain("None among these.");
  expect(html).toMatch(/<a\b[^>]*status=canceled[^>]*rel="next"/);
  expect(textOf((await open("/dashboard/invoices?status=draft", cookie)).html)).toContain("No invoice fits.");
});
