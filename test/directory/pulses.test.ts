// Each ledger tells the directory how it stands, by itself; whoever looks after the installation reads that alone.

import { createScheduledController, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { pokeOverdueLedgers } from "../../src/directory/poke-ledgers.ts";
import worker from "../../src/index.ts";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { Sql } from "../../src/ledger/sql.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { signIn } from "../dashboard/browse.ts";
import { insertEvent, insertStuckJob } from "../dashboard/rows.ts";
import { type Json, root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { nextPulse, pulseOf } from "../harness/pulse.ts";
import { createTenantWorld, eventually, testDeps } from "../harness/world.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const stubOf = (scope: Scope) => env.LEDGER.getByName(ledgerName(scope));
const change = (scope: Scope, locale: string | null) => ledger(testDeps(), scope).changeSettings({ locale });
const told = (scope: Scope) =>
  eventually(
    () => pulseOf(scope),
    (row) => row !== null,
  );

describe("a ledger's pulse", () => {
  test("tells what gave up, what waits, what fails and how large it is", async () => {
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

  test("goes at most once a minute, and what came meanwhile goes by the alarm", async () => {
    const { scope } = await createTenantWorld();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    await change(scope, "de");
    expect(await told(scope)).toMatchObject({ at_ms: start, dead_work: 0 });
    for (const second of [1, 20, 59]) {
      vi.setSystemTime(start + second * 1000);
      await insertStuckJob(scope, { invoiceId: `inv_${second}` });
      await change(scope, second === 20 ? "en" : "fr");
    }
    const alarmAt = () => runInDurableObject(stubOf(scope), (_: Ledger, { storage }) => storage.getAlarm());
    expect(await alarmAt()).toBe(start + 60_000);
    expect(await pulseOf(scope)).toMatchObject({ at_ms: start, dead_work: 0 });
    vi.setSystemTime(start + 60_000);
    await runDurableObjectAlarm(stubOf(scope));
    const at = (row: Json) => row?.at_ms === start + 60_000;
    expect(await eventually(() => pulseOf(scope), at)).toMatchObject({ dead_work: 3 });
  });

  test("is silent while nothing that matters has changed, and writes nothing in the ledger", async () => {
    const { scope } = await createTenantWorld();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    await change(scope, "de");
    await told(scope);
    vi.setSystemTime(start + 14 * 60_000);
    await change(scope, "en");
    expect(await pulseOf(scope)).toMatchObject({ at_ms: start });
    const written = () => runInDurableObject(stubOf(scope), (one: Ledger) => one.rows.written);
    const before = await written();
    // Its size is told of every quarter of an hour.
    vi.setSystemTime(start + 15 * 60_000);
    await change(scope, "fr");
    await eventually(
      () => pulseOf(scope),
      (row) => row?.at_ms === start + 15 * 60_000,
    );
    // The settings and their entry in the audit log, as at any other time.
    const withPulse = (await written()) - before;
    await change(scope, "es");
    expect((await written()) - before - withPulse).toBe(withPulse);
  });

  test("reads nothing that grows: neither what is done nor what is on its way", async () => {
    const { scope } = await createTenantWorld();
    await change(scope, "de");
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
    await change(scope, "en");
    expect((await read()) - before).toBeLessThan(20);
  });

  test("keeps no caller waiting, and is told once the directory answers again", async () => {
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
    await change(scope, "de");
    expect(fail).toHaveLength(1);
    await runInDurableObject(stubOf(scope), (one: Ledger) => {
      Object.assign(one, { env });
      for (const rejects of fail) rejects();
    });
    expect(await pulseOf(scope)).toBeNull();
    expect(await nextPulse(scope)).toMatchObject({ dead_work: 0 });
  });

  test("is not taken of an erased environment, and an older one never replaces a newer", async () => {
    const { scope } = await createTenantWorld();
    await change(scope, "de");
    await told(scope);
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
});

describe("who looks after the installation", () => {
  // A ledger that is asked fails the call.
  const noLedger = {
    getByName: () => {
      throw new Error("A ledger was asked.");
    },
  } as unknown as typeof env.LEDGER;
  let later = 0;
  /** As root, and past the minute that an answer serves. */
  async function ask(path: string): Promise<Json> {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ++later * 3_600_000 });
    const answer = await callWith({ LEDGER: noLedger }, "GET", path, { key: env.ROOT_TOKEN });
    vi.useRealTimers();
    return answer.body;
  }
  const setPulse = (scope: Scope, set: string) =>
    env.DB.prepare(`UPDATE pulses SET ${set} WHERE environment_id = ?`).bind(scope.environmentId).run();

  async function toldWorld() {
    const world = await createTenantWorld();
    await change(world.scope, "de");
    await told(world.scope);
    // Its alarm may be past the hours of these tests.
    await setPulse(world.scope, "next_alarm_at_ms = NULL");
    return world;
  }

  test("is answered by /readyz and /stats from the pulses, and no ledger is asked", async () => {
    await env.DB.prepare("DELETE FROM pulses").run();
    const [well, ill] = [await toldWorld(), await toldWorld()];
    await setPulse(
      ill.scope,
      "dead_events = 2, dead_work = 3, failed_deliveries = 4, failing_destinations = 1",
    );
    const { checks } = await ask("/readyz");
    const check = checks.find(({ name }: Json) => name === "dead_letters");
    expect(check).toMatchObject({
      ok: false,
      detail: expect.stringContaining("2 webhook events, 3 jobs."),
    });
    const stats = await ask("/api/v1/stats");
    expect(stats).toMatchObject({
      object: "installation_stats",
      totals: { dead_events: 2, dead_jobs: 3, failed_deliveries: 4, failing_destinations: 1 },
      warnings: [],
    });
    expect(stats.environments).toBe(2);
    expect(stats.needy).toMatchObject([
      { tenant_id: ill.scope.tenantId, environment_id: ill.scope.environmentId, dead_jobs: 3 },
    ]);
    expect(JSON.stringify(stats)).not.toContain(well.scope.environmentId);
    const ranged = await root("GET", "/stats?from=2026-01-01T00:00:00Z");
    expect([ranged.status, ranged.body.errors[0].path]).toEqual([422, "from"]);
  });

  test("is warned of an environment that holds more than 70 % of 10 GB, by name only as root", async () => {
    const { scope } = await toldWorld();
    await setPulse(scope, "bytes = 7000000000");
    const storage = async () => (await ask("/readyz")).checks.find(({ name }: Json) => name === "storage");
    expect(await storage()).toMatchObject({ ok: true });
    await setPulse(scope, "bytes = 7200000000");
    const full = await storage();
    expect(full).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/1 environment holds more than 70 %/),
    });
    expect(full.detail).not.toContain(scope.environmentId);
    const { warnings, needy } = await ask("/api/v1/stats");
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^${scope.environmentId}: .*7\\.2 GB, of 10`)),
    ]);
    expect(needy.map((row: Json) => row.environment_id)).toContain(scope.environmentId);
    await setPulse(scope, "bytes = 1");
  });

  test("so is the environment itself, in its statistics and on its dashboard", async () => {
    const world = await createTenantWorld();
    const overview = async () => {
      const cookie = await signIn(world.keys.read);
      return (await callWith({}, "GET", "/dashboard", { headers: { cookie } })).body as string;
    };
    const calm = (await world.api("GET", "/stats")).body;
    expect(calm).toMatchObject({ warnings: [], present: { bytes_limit: 10_000_000_000 } });
    expect(calm.present.bytes).toBeGreaterThan(100_000);
    expect(await overview()).not.toContain("that it can");
    vi.spyOn(Sql.prototype, "bytes", "get").mockReturnValue(8_400_000_000);
    const full = (await world.api("GET", "/stats")).body;
    expect(full.warnings).toEqual([expect.stringMatching(/8\.4 GB, of 10 that it can.*RETENTION_DAYS/)]);
    expect(await overview()).toContain("8.4 GB, of 10 that it can");
  });
});

describe("cron", () => {
  const runCron = () => worker.scheduled(createScheduledController(), env);
  const alarmOf = (scope: Scope) =>
    runInDurableObject(stubOf(scope), (_: Ledger, { storage }) => storage.getAlarm());

  async function sleeping(lateMs: number): Promise<Scope> {
    const { scope } = await createTenantWorld();
    await change(scope, "de");
    await told(scope);
    await runInDurableObject(stubOf(scope), (_: Ledger, { storage }) => storage.deleteAlarm());
    await env.DB.prepare("UPDATE pulses SET next_alarm_at_ms = ?, dead_work = 9 WHERE environment_id = ?")
      .bind(Date.now() - lateMs, scope.environmentId)
      .run();
    return scope;
  }

  test("pokes a ledger whose alarm is minutes overdue, and it tells how it stands", async () => {
    const [late, soon] = [await sleeping(6 * 60_000), await sleeping(60_000)];
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    await runCron();
    await runDurableObjectAlarm(stubOf(late));
    const pulse = await eventually(
      () => pulseOf(late),
      (row) => row?.dead_work === 0,
    );
    expect(pulse?.next_alarm_at_ms ?? Number.POSITIVE_INFINITY).toBeGreaterThan(Date.now());
    expect(await alarmOf(soon)).toBeNull();
    expect(await pulseOf(soon)).toMatchObject({ dead_work: 9 });
  });

  test("pokes the others where one does not answer", async () => {
    const [broken, late] = [await sleeping(60 * 60_000), await sleeping(6 * 60_000)];
    const getByName = env.LEDGER.getByName.bind(env.LEDGER);
    const spy = vi.spyOn(env.LEDGER, "getByName").mockImplementation((name) => {
      if (name === ledgerName(broken)) throw new Error("No answer.");
      return getByName(name);
    });
    expect(await pokeOverdueLedgers(testDeps())).toBeGreaterThanOrEqual(2);
    spy.mockRestore();
    expect(await alarmOf(late)).not.toBeNull();
  });
});
