import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { runChores } from "../../src/cron.ts";
import { forgetOldAnswers } from "../../src/http/idempotency.ts";
import { forgetOldMailContent } from "../../src/mail/forget-mail-content.ts";
import { readConfig } from "../../src/platform/config.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { forgetOldPayloads } from "../../src/webhooks/forget-old-payloads.ts";
import { insertEvent } from "../dashboard/rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";

const DAY = 24 * 60 * 60 * 1000;

// Cron goes through all environments: those of other tests are gone.
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM environments").run();
});

/** A deployment that keeps contents for so many days, so much later. */
function later(days: number, retentionDays?: number) {
  const deps = testDeps();
  const config = { ...deps.config, ...(retentionDays === undefined ? {} : { retentionDays }) };
  return { ...deps, config, now: () => Date.now() + days * DAY };
}

async function column<T>(scope: Scope, query: string): Promise<T[]> {
  const rows = await ledgerSql(scope).prepare(query).raw<[T]>();
  return rows.map(([value]) => value);
}

const payloadsOf = (scope: Scope) =>
  column<string>(scope, "SELECT stripe_event_id FROM webhook_payloads ORDER BY 1");

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
  expect(await forgetOldPayloads(later(29.99))).toBe(0);
  expect(await payloadsOf(world.scope)).toEqual(["evt_1"]);
  expect(await forgetOldPayloads(later(30.01))).toBe(1);
  expect((await world.api("GET", "/webhook_events/whe_1")).body).toEqual({ ...before, payload: null });
});

test("what failed, is dead or was set aside keeps its payload however old it is, and keeps nothing else from going", async () => {
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
  // More of the dead than a round takes, and older than all else.
  await fill(scope, "dead", 700);
  expect(await forgetOldPayloads(later(4000))).toBe(3);
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
      "INSERT INTO webhook_payloads (environment_id, stripe_event_id, payload, received_at_ms) VALUES (?, 'evt_early', '{}', ?)",
    )
    .bind(scope.environmentId, Date.now())
    .run();
  expect(await forgetOldPayloads(later(14, 1))).toBe(0);
  expect(await forgetOldPayloads(later(16, 1))).toBe(1);
});

test("a run forgets so much and no more, and the next one goes on", async () => {
  const { scope } = await createTenantWorld();
  await fill(scope, "processed", 5_200);
  expect(await forgetOldPayloads(later(31))).toBe(5_000);
  expect(await forgetOldPayloads(later(31))).toBe(200);
  expect(await payloadsOf(scope)).toEqual([]);
  expect(await column(scope, "SELECT COUNT(*) FROM webhook_events")).toEqual([5_200]);
});

test("RETENTION_DAYS says how many days, and none is 30", () => {
  const daysOf = (value?: string) => {
    const result = readConfig({ ...env, ...(value === undefined ? {} : { RETENTION_DAYS: value }) });
    return result.ok ? result.config.retentionDays : result.problems;
  };
  expect([daysOf(), daysOf(""), daysOf(" 90 "), daysOf("1"), daysOf("3650")]).toEqual([30, 30, 90, 1, 3650]);
});

test("a mail's content goes by age, unless the mail has not ended", async () => {
  const { scope } = await createTenantWorld();
  const now = Date.now();
  for (const status of ["sent", "failed", "pending", "sending"]) {
    await ledgerSql(scope)
      .prepare(
        `INSERT INTO mails (environment_id, id, invoice_id, kind, recipient, status, subject, text, html, created_at_ms, updated_at_ms)
         VALUES (?, ?, 'inv_1', 'invoice', 'ada@example.com', ?, 'Invoice', 'text', '<p>', ?, ?)`,
      )
      .bind(scope.environmentId, `inv_1/${status}`, status, now, now)
      .run();
  }
  expect(await forgetOldMailContent(later(8, 7))).toBe(2);
  expect(await column(scope, "SELECT status FROM mails WHERE html IS NOT NULL ORDER BY 1")).toEqual([
    "pending",
    "sending",
  ]);
});

test.each(["an environment", "root"])(
  "answers to repeated calls of %s go after 24 hours, and no more of them in one run than fit in it",
  async (whose) => {
    const now = Date.now();
    const { scope } = await createTenantWorld();
    const sql = whose === "root" ? env.DB : ledgerSql(scope);
    await sql
      .prepare(
        `INSERT INTO idempotency_keys (environment_id, key, fingerprint, created_at_ms)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5201)
       SELECT ?1, 'key' || i, 'f', CASE WHEN i = 5201 THEN ?2 ELSE ?2 - ?3 - 1 END FROM n`,
      )
      .bind(whose === "root" ? "root" : scope.environmentId, now, DAY)
      .run();
    const left = async () =>
      (await sql.prepare("SELECT COUNT(*) FROM idempotency_keys").raw<[number]>()).flat();
    expect(await forgetOldAnswers(later(0))).toBe(5_000);
    expect(await forgetOldAnswers(later(0))).toBe(200);
    expect(await left()).toEqual([1]);
    expect(await forgetOldAnswers(later(0.99))).toBe(0);
    await forgetOldAnswers(later(1.01));
    expect(await left()).toEqual([0]);
  },
);

test("mails' contents go so many a run and no more", async () => {
  const { scope } = await createTenantWorld();
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5200)";
  const [old, id] = [Date.now() - 60 * DAY, scope.environmentId];
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO mails (environment_id, id, invoice_id, kind, recipient, status, subject, text, html, created_at_ms, updated_at_ms)
       ${numbers} SELECT ?1, 'm' || i, 'inv', 'invoice', 'ada@example.com', 'sent', 's', 't', 'h', ?2, ?2 FROM n`,
    )
    .bind(id, old)
    .run();
  expect(await forgetOldMailContent(later(0))).toBe(5_000);
  expect(await forgetOldMailContent(later(0))).toBe(200);
});

test("cron does it", async () => {
  const { scope } = await createTenantWorld();
  await insertEvent(scope, { id: "evt_old", status: "processed", invoiceId: "inv_1" });
  await insertEvent(scope, { id: "evt_new", status: "processed", invoiceId: "inv_1" });
  await ledgerSql(scope)
    .prepare("UPDATE webhook_payloads SET received_at_ms = ? WHERE stripe_event_id = 'evt_old'")
    .bind(Date.now() - 8 * DAY)
    .run();
  await runChores({ ...env, RETENTION_DAYS: "7" });
  expect(await payloadsOf(scope)).toEqual(["evt_new"]);
});

/** So many events with their payloads, older than any other. */
async function fill(scope: Scope, status: string, count: number): Promise<void> {
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";
  const sql = ledgerSql(scope);
  await sql.batch([
    sql
      .prepare(
        `INSERT INTO webhook_events (environment_id, stripe_event_id, connection_id, type, livemode, status, source,
         delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms)
       ${numbers} SELECT ?2, 'evt_n' || i, 'conn_1', 'charge.succeeded', 0, ?3, 'webhook', '[]', 1, '[]', 1, 1, 1 FROM n`,
      )
      .bind(count, scope.environmentId, status),
    sql
      .prepare(
        `INSERT INTO webhook_payloads (environment_id, stripe_event_id, payload, received_at_ms) ${numbers} SELECT ?2, 'evt_n' || i, '{}', 1 FROM n`,
      )
      .bind(count, scope.environmentId),
  ]);
}
