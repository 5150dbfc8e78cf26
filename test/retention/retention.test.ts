import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { forgetRootAnswers } from "../../src/http/root-answers.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import { Ledger } from "../../src/ledger/ledger.ts";
import { readConfig } from "../../src/platform/config.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { insertEvent } from "../dashboard/rows.ts";
import { forgetAll, forgetSome } from "../harness/forget.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";

const DAY = 24 * 60 * 60 * 1000;

async function column<T>(scope: Scope, query: string): Promise<T[]> {
  const rows = await ledgerSql(scope).prepare(query).raw<[T]>();
  return rows.map(([value]) => value);
}

const payloadsOf = (scope: Scope) =>
  column<string>(scope, "SELECT stripe_event_id FROM webhook_events WHERE payload IS NOT NULL ORDER BY 1");

test("after 30 days a payload goes and its event stays, with what it came to", async () => {
  const world = await createTenantWorld();
  await insertEvent(world.scope, {
    id: "evt_1",
    status: "processed",
    invoiceId: "inv_1",
    payload: '{"id":"evt_1"}',
  });
  const before = (await world.api("GET", "/webhook_events/whe_1")).body;
  expect(before.payload).toEqual({ id: "evt_1" });
  await forgetAll(world.scope, 29.99);
  expect(await payloadsOf(world.scope)).toEqual(["evt_1"]);
  await forgetAll(world.scope, 30.01);
  expect((await world.api("GET", "/webhook_events/whe_1")).body).toEqual({ ...before, payload: null });
});

test("what failed, is dead or was set aside keeps its payload for a year and longer, and keeps nothing else from going", async () => {
  const { scope } = await createTenantWorld();
  for (const status of ["failed", "dead", "processed", "ignored"])
    await insertEvent(scope, { id: `evt_${status}`, status, invoiceId: "inv_1" });
  await insertEvent(scope, { id: "evt_aside", status: "ignored", invoiceId: "inv_1" });
  await insertEvent(scope, { id: "evt_waiting", status: "ignored", invoiceId: "inv_1" });
  const sql = ledgerSql(scope);
  await sql.batch([
    sql.prepare(
      "UPDATE webhook_events SET reason = 'connection_disabled' WHERE stripe_event_id = 'evt_aside'",
    ),
    sql.prepare("UPDATE webhook_events SET waits_for = 'pi_1' WHERE stripe_event_id = 'evt_waiting'"),
  ]);
  // More of the dead than an alarm takes, and older than all else.
  await fill(scope, "dead", 700);
  await forgetAll(scope, 366);
  const kept = (await payloadsOf(scope)).filter((id) => !id.startsWith("evt_n"));
  expect(kept).toEqual(["evt_aside", "evt_dead", "evt_failed"]);
  // Nothing waits that could not be read any more.
  expect(
    await column(scope, "SELECT stripe_event_id FROM webhook_events WHERE waits_for IS NOT NULL"),
  ).toEqual([]);
});

test("a payload that was kept before its event has a row waits for the queue to bring it", async () => {
  const { scope } = await createTenantWorld();
  await ledgerSql(scope)
    .prepare(
      "INSERT INTO large_payloads (stripe_event_id, payload, received_at_ms) VALUES ('evt_early', '{}', ?)",
    )
    .bind(Date.now())
    .run();
  const large = () => column<string>(scope, "SELECT stripe_event_id FROM large_payloads");
  await forgetAll(scope, 14, 1);
  expect(await large()).toEqual(["evt_early"]);
  await forgetAll(scope, 16, 1);
  expect(await large()).toEqual([]);
});

test("an alarm forgets so much and no more, and the next one goes on", async () => {
  const { scope } = await createTenantWorld();
  await fill(scope, "processed", 1_200);
  for (const left of [700, 200, 0]) {
    expect(await forgetSome(scope, { days: 31 })).toMatchObject({ more: left > 0 });
    expect(await payloadsOf(scope)).toHaveLength(left);
  }
  expect(await column(scope, "SELECT COUNT(*) FROM webhook_events")).toEqual([1_200]);
});

test("an event that was ignored goes whole after 30 days, and what was counted of it stays", async () => {
  const world = await createTenantWorld();
  for (const status of ["processed", "ignored"])
    await insertEvent(world.scope, { id: `evt_${status}`, status, invoiceId: "inv_1" });
  const events = () => column<string>(world.scope, "SELECT stripe_event_id FROM webhook_events ORDER BY 1");
  const counted = async () => (await world.api("GET", "/stats")).body.totals.events;
  const before = await counted();
  expect(before).toMatchObject({ received: 2, ignored: 1, processed: 1 });
  await forgetAll(world.scope, 29.99);
  expect(await events()).toEqual(["evt_ignored", "evt_processed"]);
  await forgetAll(world.scope, 30.01);
  expect(await events()).toEqual(["evt_processed"]);
  expect(await counted()).toEqual(before);
});

test("events go after 400 days with all that is left of them, what gave up and what was set aside as well", async () => {
  const { scope } = await createTenantWorld();
  for (const status of ["failed", "dead", "processed", "ignored"])
    await insertEvent(scope, { id: `evt_${status}`, status, invoiceId: "inv_1" });
  const count = () => column<number>(scope, "SELECT COUNT(*) FROM webhook_events");
  await forgetAll(scope, 399);
  expect(await count()).toEqual([3]);
  expect(await payloadsOf(scope)).toEqual(["evt_dead", "evt_failed"]);
  await forgetAll(scope, 401, 500);
  expect(await count()).toEqual([3]);
  await forgetAll(scope, 401);
  expect(await count()).toEqual([0]);
  expect(await payloadsOf(scope)).toEqual([]);
});

test("RETENTION_DAYS says how many days, and none is 30", () => {
  const daysOf = (value?: string) => {
    const result = readConfig({ ...env, ...(value === undefined ? {} : { RETENTION_DAYS: value }) });
    return result.ok ? result.config.retentionDays : result.problems;
  };
  expect([daysOf(), daysOf(""), daysOf(" 90 "), daysOf("1"), daysOf("3650")]).toEqual([30, 30, 90, 1, 3650]);
});

test("a mail's content goes by age, and the mail after 400 days, unless it has not ended", async () => {
  const { scope } = await createTenantWorld();
  const now = Date.now();
  for (const status of ["sent", "failed", "pending", "sending"]) {
    await ledgerSql(scope)
      .prepare(
        `INSERT INTO mails (id, invoice_id, kind, recipient, status, subject, text, html, created_at_ms, updated_at_ms)
         VALUES (?, 'inv_1', 'invoice', 'ada@example.com', ?, 'Invoice', 'text', '<p>', ?, ?)`,
      )
      .bind(`inv_1/${status}`, status, now, now)
      .run();
  }
  await forgetAll(scope, 8, 7);
  expect(await column(scope, "SELECT status FROM mails WHERE html IS NOT NULL ORDER BY 1")).toEqual([
    "pending",
    "sending",
  ]);
  await forgetAll(scope, 399);
  expect(await column(scope, "SELECT COUNT(*) FROM mails")).toEqual([4]);
  await forgetAll(scope, 401);
  expect(await column(scope, "SELECT status FROM mails ORDER BY 1")).toEqual(["pending", "sending"]);
});

test("an environment's answers to repeated calls go after 24 hours", async () => {
  const { scope } = await createTenantWorld();
  await insertAnswers(ledgerSql(scope), 3);
  const left = () => column<number>(scope, "SELECT COUNT(*) FROM idempotency_keys");
  await forgetAll(scope, 0);
  expect(await left()).toEqual([1]);
  await forgetAll(scope, 0.99);
  expect(await left()).toEqual([1]);
  await forgetAll(scope, 1.01);
  expect(await left()).toEqual([0]);
});

test("root's answers go after 24 hours, and no more of them in one run of cron than fit in it", async () => {
  await insertAnswers(env.DB, 5_200, { column: "environment_id, ", value: "'root', " });
  const at = (days: number) => testDeps({ now: () => Date.now() + days * DAY });
  expect(await forgetRootAnswers(at(0))).toBe(5_000);
  expect(await forgetRootAnswers(at(0))).toBe(200);
  expect(await forgetRootAnswers(at(0.99))).toBe(0);
  expect(await forgetRootAnswers(at(1.01))).toBe(1);
});

test("the ledger's alarm does it by itself, and as RETENTION_DAYS says", async () => {
  const { scope } = await createTenantWorld();
  await insertEvent(scope, { id: "evt_old", status: "processed", invoiceId: "inv_1" });
  await insertEvent(scope, { id: "evt_new", status: "processed", invoiceId: "inv_1" });
  await ledgerSql(scope)
    .prepare(
      "UPDATE webhook_events SET received_at_ms = ?1, seq = ?1 * 1000 WHERE stripe_event_id = 'evt_old'",
    )
    .bind(Date.now() - 8 * DAY)
    .run();
  const alarm = await runInDurableObject(env.LEDGER.getByName(ledgerName(scope)), async (_, state) => {
    const atMs = await state.storage.getAlarm();
    await new Ledger(state, { ...env, RETENTION_DAYS: "7" }).alarm();
    return atMs;
  });
  expect(alarm).toBeLessThanOrEqual(Date.now() + DAY);
  expect(await payloadsOf(scope)).toEqual(["evt_new"]);
});

/** So many answers that are past their age by a millisecond, and one of now. */
async function insertAnswers(
  database: Pick<D1Database, "prepare">,
  count: number,
  owner = { column: "", value: "" },
): Promise<void> {
  await database
    .prepare(
      `INSERT INTO idempotency_keys (${owner.column}key, fingerprint, created_at_ms)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= ?3)
       SELECT ${owner.value}'key' || i, 'f', CASE WHEN i > ?3 THEN ?1 ELSE ?1 - ?2 - 1 END FROM n`,
    )
    .bind(Date.now(), DAY, count)
    .run();
}

/** So many events with their payloads, older than any other. */
async function fill(scope: Scope, status: string, count: number): Promise<void> {
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";
  const receivedAtMs = Date.now() - 60_000;
  const sql = ledgerSql(scope);
  await sql
    .prepare(
      `INSERT INTO webhook_events (seq, stripe_event_id, connection_id, type, livemode, status, source,
         delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms, payload)
       ${numbers} SELECT ?3 * 1000 + i, 'evt_n' || i, 'conn_1', 'charge.succeeded', 0, ?2, 'webhook', '[]', 1, '[]',
         1, ?3, 1, '{}' FROM n`,
    )
    .bind(count, status, receivedAtMs)
    .run();
}
