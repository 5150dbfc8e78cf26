// Cron wakes ledgers whose alarm is overdue: their pulse says when it should have rung.

import { createScheduledController, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { pokeOverdueLedgers } from "../../src/directory/poke-ledgers.ts";
import worker from "../../src/index.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { changeLocale, firstPulse, pulseOf } from "../harness/pulse.ts";
import { createTenantWorld, eventually, testDeps } from "../harness/world.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const stubOf = (scope: Scope) => env.LEDGER.getByName(ledgerName(scope));

describe("cron", () => {
  const runCron = () => worker.scheduled(createScheduledController(), env);
  const alarmOf = (scope: Scope) =>
    runInDurableObject(stubOf(scope), (_: Ledger, { storage }) => storage.getAlarm());

  async function sleeping(lateMs: number): Promise<Scope> {
    const { scope } = await createTenantWorld();
    await changeLocale(scope, "de");
    await firstPulse(scope);
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
