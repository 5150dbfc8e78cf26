// Whoever looks after the installation reads of the ledgers in the directory alone.

import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Sql } from "../../src/ledger/sql.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { signIn } from "../dashboard/browse.ts";
import { type Json, root } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { changeLocale, firstPulse } from "../harness/pulse.ts";
import { createTenantWorld } from "../harness/world.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
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
    await changeLocale(world.scope, "de");
    await firstPulse(world.scope);
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
    expect(await overview()).not.toContain("came near");
    vi.spyOn(Sql.prototype, "bytes", "get").mockReturnValue(8_400_000_000);
    const full = (await world.api("GET", "/stats")).body;
    expect(full.warnings).toEqual([expect.stringMatching(/8\.4 GB, of 10 that it can.*RETENTION_DAYS/)]);
    expect(await overview()).toContain("came near its 9 GB of stored rows");
  });
});
