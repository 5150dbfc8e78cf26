import { beforeEach, expect, test, vi } from "vitest";
import type { Json } from "../harness/api.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually } from "../harness/world.ts";
import { check, DAY, HOUR, linkOf, openWorld, setLinks } from "./quiet-links-fixture.ts";
import { reader } from "./reconcile-fixture.ts";

// Nothing is delivered: the test hands each event over itself.
beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

test("of 2,000 open links of which 3 are due, a step reads tens of rows", async () => {
  const { world, invoice } = await openWorld();
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
  const later = Date.now() + 5 * HOUR;
  const sql = ledgerSql(world.scope);
  await sql.batch([
    sql
      .prepare(
        `${numbers} INSERT INTO payment_links (invoice_id, revision, status, stripe_payment_link_id,
         next_check_at_ms, created_at_ms, updated_at_ms)
       SELECT 'inv_' || i, 1, 'active', 'plink_' || i, ?1, 1, 1 FROM n`,
      )
      .bind(later),
    sql.prepare(
      `${numbers} INSERT INTO webhook_events (stripe_event_id, connection_id, type, livemode, status,
         source, delivery_ids, attempts, changes, invoice_id, created_at_ms, received_at_ms, updated_at_ms)
       SELECT 'evt_' || i, 'conn_1', 'payment_intent.payment_failed', 0, 'processed', 'webhook', '["d"]', 1, '[]',
         'inv_' || i, 1, 1, 1 FROM n`,
    ),
    sql
      .prepare("UPDATE payment_links SET next_check_at_ms = 2 WHERE invoice_id IN ('inv_7', 'inv_8', ?)")
      .bind(invoice.id),
  ]);
  await setLinks(world, "created_at_ms = 1");
  const { read } = await ledgerRows(world.scope, async () => {
    expect(await check(world, Date.now())).toMatchObject({ asked: 3, more: false });
  });
  expect(read).toBeGreaterThan(3);
  expect(read).toBeLessThan(60);
  expect(await linkOf(world)).toMatchObject({ checked_at_ms: expect.any(Number) });
  const { count } = (await sql
    .prepare("SELECT COUNT(*) AS count FROM payment_links WHERE checked_at_ms IS NOT NULL")
    .first<{ count: number }>()) ?? { count: 0 };
  expect(count).toBe(3);
});

test("a link that stays unpaid is asked about after 6, 12 and 24 hours, then daily, and weekly after 30 days", async () => {
  const { world } = await openWorld();
  const begun = Date.now();
  let at = begun;
  const waits: number[] = [];
  while (at < begun + 60 * DAY) {
    const { next_check_at_ms: next } = await linkOf(world);
    if (next === null) throw new Error("It is forgotten.");
    waits.push(Math.round((next - at) / HOUR));
    at = next;
    expect(await check(world, at - 1)).toMatchObject({ asked: 0 });
    expect(await check(world, at)).toMatchObject({ asked: 1 });
  }
  expect(waits.slice(0, 4)).toEqual([6, 12, 24, 24]);
  expect(new Set(waits.slice(3, 30))).toEqual(new Set([24]));
  expect(new Set(waits.slice(-3))).toEqual(new Set([168]));
  expect(waits.length).toBeLessThan(40);
});

test("a link is looked at from when it can be paid, and not before", async () => {
  const world = await createWorld();
  sandbox.world.faults.push({ method: "POST", path: "/v1/payment_links", times: 1, kind: "rate_limit" });
  const { id } = await createOpenInvoice(world);
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
  sandbox.world.faults.length = 0;
  await eventually(reader(world, id), (seen) => seen.payment_link.status === "active");
  const { next_check_at_ms: next } = await linkOf(world);
  expect(Math.abs(Number(next) - Date.now() - 6 * HOUR)).toBeLessThan(60_000);
});

test("what was heard of the invoice puts its link off, without a call to Stripe", async () => {
  const { world, invoice } = await openWorld();
  const now = Date.now() + 7 * HOUR;
  const heard = now - HOUR;
  const sql = ledgerSql(world.scope);
  await sql.batch([
    sql
      .prepare(
        `INSERT INTO webhook_events (seq, stripe_event_id, connection_id, type, livemode, status, source,
         delivery_ids, attempts, changes, invoice_id, created_at_ms, received_at_ms, updated_at_ms)
       VALUES (?1 * 1000, 'evt_1', 'conn_1', 'payment_intent.payment_failed', 0, 'processed', 'webhook', '["d"]', 1,
         '[]', ?2, ?1, ?1, ?1)`,
      )
      .bind(heard, invoice.id),
    sql
      .prepare("INSERT INTO invoice_event_times (invoice_id, from_ms) VALUES (?2, ?1 - ?1 % 10000)")
      .bind(heard, invoice.id),
  ]);
  const calls = vi.spyOn(sandbox, "fetch");
  expect(await check(world, now)).toMatchObject({ asked: 0, more: false });
  expect(calls).not.toHaveBeenCalled();
  calls.mockRestore();
  expect(await linkOf(world)).toMatchObject({ next_check_at_ms: heard + 6 * HOUR, checked_at_ms: null });
});

test("a link that is gone at Stripe, or was made in another account, does not hold up the others", async () => {
  const { world } = await openWorld();
  await createOpenInvoice(world);
  await createOpenInvoice(world);
  await eventually(
    async () => (await world.api("GET", "/invoices")).body.data,
    (seen: Json[]) => seen.every((one) => one.payment_link.status === "active"),
  );
  const ids = (await world.api("GET", "/invoices")).body.data.map((one: Json) => one.id);
  const set = (what: string, id: string) =>
    ledgerSql(world.scope).prepare(`UPDATE payment_links SET ${what} WHERE invoice_id = ?`).bind(id).run();
  await set("account_id = 'acct_other'", ids[0]);
  await set("stripe_payment_link_id = 'plink_gone'", ids[1]);
  const gone = sandbox.fetch;
  vi.spyOn(sandbox, "fetch").mockImplementation(async (request) =>
    request.url.includes("plink_gone")
      ? Response.json(
          { error: { type: "invalid_request_error", code: "resource_missing", param: "payment_link" } },
          { status: 400 },
        )
      : gone(request),
  );
  const at = Date.now() + 7 * HOUR;
  expect(await check(world, at)).toMatchObject({ asked: 2, more: false });
  vi.restoreAllMocks();
  const { results } = await ledgerSql(world.scope)
    .prepare("SELECT next_check_at_ms AS next FROM payment_links")
    .all<{ next: number }>();
  for (const { next } of results) expect(next).toBeGreaterThan(at);
});
