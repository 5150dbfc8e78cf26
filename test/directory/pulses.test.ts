// Each ledger tells the directory how it stands, by itself.

import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { insertEvent, insertStuckJob } from "../dashboard/rows.ts";
import { type Json, root } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { changeLocale, firstPulse, nextPulse, pulseOf } from "../harness/pulse.ts";
import { createTenantWorld, eventually, testDeps } from "../harness/world.ts";

afterEach(() => {
  vi.useRealTimers();
});

const stubOf = (scope: Scope) => env.LEDGER.getByName(ledgerName(scope));

test("a ledger's pulse tells what gave up, what waits, what fails and how large it is", async () => {
  const { scope } = await createTenantWorld();
  await insertEvent(scope, { id: "evt_dead", status: "dead", invoiceId: "inv_1" });
  await insertEvent(scope, { id: "evt_failed", status: "failed", invoiceId: "inv_1" });
  await insertStuckJob(scope, { invoiceId: "inv_1" });
  await insertStuckJob(scope, { invoiceId: "inv_2" });
  await ledgerSql(scope).prepare("UPDATE outbox SET status = 'waiting' WHERE id LIKE '%inv_2%'").run();
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO event_destinations (id, tenant_id, url, is_active, failing_since_ms, created_at_ms, updated_at_ms)
       VALUES ('dest_on', ?1, 'https://203.0.113.9', 1, 1, 1, 1), ('dest_off', ?1, 'https://203.0.113.9', 0, 1, 1, 1),
         ('dest_well', ?1, 'https://203.0.113.9', 1, NULL, 1, 1)`,
    )
    .bind(scope.tenantId)
    .run();
  const pulse = await nextPulse(scope);
  expect(pulse).toMatchObject({
    environment_id: scope.environmentId,
    tenant_id: scope.tenantId,
    dead_events: 1,
    dead_work: 1,
    waiting_work: 1,
    failing_destinations: 1,
    oldest_unfinished_at_ms: expect.any(Number),
  });
  expect(pulse.bytes).toBeGreaterThan(100_000);
});

test("a ledger's pulse goes at most once a minute, and what came meanwhile goes by the alarm", async () => {
  const { scope } = await createTenantWorld();
  const start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  await changeLocale(scope, "de");
  expect(await firstPulse(scope)).toMatchObject({ at_ms: start, dead_work: 0 });
  for (const second of [1, 20, 59]) {
    vi.setSystemTime(start + second * 1000);
    await insertStuckJob(scope, { invoiceId: `inv_${second}` });
    await changeLocale(scope, second === 20 ? "en" : "fr");
  }
  const alarmAt = () => runInDurableObject(stubOf(scope), (_: Ledger, { storage }) => storage.getAlarm());
  expect(await alarmAt()).toBe(start + 60_000);
  expect(await pulseOf(scope)).toMatchObject({ at_ms: start, dead_work: 0 });
  vi.setSystemTime(start + 60_000);
  await runDurableObjectAlarm(stubOf(scope));
  const at = (row: Json) => row?.at_ms === start + 60_000;
  expect(await eventually(() => pulseOf(scope), at)).toMatchObject({ dead_work: 3 });
});

test("a ledger's pulse is silent while nothing that matters has changed, and writes nothing in the ledger", async () => {
  const { scope } = await createTenantWorld();
  const start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  await changeLocale(scope, "de");
  await firstPulse(scope);
  vi.setSystemTime(start + 14 * 60_000);
  await changeLocale(scope, "en");
  expect(await pulseOf(scope)).toMatchObject({ at_ms: start });
  const written = () => runInDurableObject(stubOf(scope), (one: Ledger) => one.rows.written);
  const before = await written();
  // Its size is told of every quarter of an hour.
  vi.setSystemTime(start + 15 * 60_000);
  await changeLocale(scope, "fr");
  await eventually(
    () => pulseOf(scope),
    (row) => row?.at_ms === start + 15 * 60_000,
  );
  // The settings and their entry in the audit log, as at any other time.
  const withPulse = (await written()) - before;
  await changeLocale(scope, "es");
  expect((await written()) - before - withPulse).toBe(withPulse);
});

test("a ledger's pulse reads nothing that grows: neither what is done nor what is on its way", async () => {
  const { scope } = await createTenantWorld();
  await changeLocale(scope, "de");
  const rows = (sql: string) => ledgerSql(scope).prepare(sql).run();
  await rows(`INSERT INTO webhook_events (stripe_event_id, connection_id, type, livemode, status, source,
      delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    SELECT 'evt_' || i, 'conn_1', 'charge.succeeded', 0, 'processed', 'webhook', '[]', 1, '[]', 1, i, 1 FROM n`);
  await rows(`INSERT INTO outbox (id, kind, subject, status, created_at_ms, updated_at_ms)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    SELECT 'reconcile/' || i, 'reconcile', '{}', 'wanted', 1, 1 FROM n`);
  const read = () => runInDurableObject(stubOf(scope), (one: Ledger) => one.rows.read);
  const before = await read();
  await changeLocale(scope, "en");
  expect((await read()) - before).toBeLessThan(20);
});

test("a ledger's pulse keeps no caller waiting, and is told once the directory answers again", async () => {
  const { scope } = await createTenantWorld();
  await ledger(testDeps(), scope).readSettings({});
  const fail: (() => void)[] = [];
  const hanging = {
    prepare: () => ({
      bind: () => ({ run: () => new Promise((_, reject) => fail.push(() => reject(new Error("gone")))) }),
    }),
  };
  await runInDurableObject(stubOf(scope), (one: Ledger) => {
    Object.assign(one, { env: { ...env, DB: hanging } });
  });
  await changeLocale(scope, "de");
  expect(fail).toHaveLength(1);
  await runInDurableObject(stubOf(scope), (one: Ledger) => {
    Object.assign(one, { env });
    for (const rejects of fail) rejects();
  });
  expect(await pulseOf(scope)).toBeNull();
  expect(await nextPulse(scope)).toMatchObject({ dead_work: 0 });
});

test("a ledger's pulse is not taken of an erased environment, and an older one never replaces a newer", async () => {
  const { scope } = await createTenantWorld();
  await changeLocale(scope, "de");
  await firstPulse(scope);
  const newer = { ...(await pulseOf(scope)), at_ms: Date.now() + 3_600_000, dead_work: 7 };
  await env.DB.prepare("UPDATE pulses SET at_ms = ?, dead_work = 7 WHERE environment_id = ?")
    .bind(newer.at_ms, scope.environmentId)
    .run();
  await insertStuckJob(scope, { invoiceId: "inv_1" });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  await runDurableObjectAlarm(stubOf(scope));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await pulseOf(scope)).toMatchObject({ dead_work: 7, at_ms: newer.at_ms });
  vi.useRealTimers();

  const path = `/tenants/${scope.tenantId}/environments/${scope.environmentId}`;
  const stub = stubOf(scope);
  await root("DELETE", path, { confirm: "test" });
  expect(await pulseOf(scope)).toBeNull();
  await stub.poke({ ...scope });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await pulseOf(scope)).toBeNull();
});
