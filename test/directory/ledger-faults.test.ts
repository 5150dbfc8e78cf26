// A ledger that cannot be used says so by itself: /readyz is red, and its words name environment and migration.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { LEDGER_MIGRATIONS } from "../../migrations/ledger/index.ts";
import { pokeOverdueLedgers } from "../../src/directory/poke-ledgers.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { callWith } from "../harness/call-with.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { changeLocale, pulseOf } from "../harness/pulse.ts";
import { createTenantWorld, eventually, testDeps } from "../harness/world.ts";

const PRESENT = LEDGER_MIGRATIONS.length;

afterEach(async () => {
  vi.useRealTimers();
  await env.DB.prepare("DELETE FROM pulses").run();
});

const stubOf = (scope: Scope) => env.LEDGER.getByName(ledgerName(scope));

/** As another version of the code has left it. */
async function setVersion(scope: Scope, version: number): Promise<void> {
  await runInDurableObject(stubOf(scope), (_: Ledger, { storage }) => {
    storage.sql.exec("UPDATE schema_version SET version = ?", version);
  });
}

async function ledgersCheck() {
  const { status, body } = await callWith({}, "GET", "/readyz", { key: env.ROOT_TOKEN });
  return { status, ...body.checks.find(({ name }: { name: string }) => name === "ledgers") };
}

const faultTold = (scope: Scope) =>
  eventually(
    () => pulseOf(scope),
    (row) => typeof row?.ledger_error === "string",
  );

test.each([
  [
    "whose migration fails",
    PRESENT - 1,
    new RegExp(
      `Number ${PRESENT} of migrations/ledger failed \\((duplicate column|table \\S+ already exists|there is already another table)`,
    ),
  ],
  ["that a newer version has written", PRESENT + 7, new RegExp(`The ledger is at version ${PRESENT + 7}`)],
])("a ledger %s refuses its calls and makes /readyz red until it is mended", async (_, version, words) => {
  const world = await createTenantWorld();
  await changeLocale(world.scope, "de");
  expect(await ledgersCheck()).toMatchObject({ status: 200, ok: true });
  await setVersion(world.scope, version);
  await evictDurableObject(stubOf(world.scope));

  const refused = await world.api("GET", "/settings");
  expect([refused.status, refused.body.code]).toEqual([503, "database_behind"]);
  expect(refused.body.detail).toMatch(words);
  await faultTold(world.scope);
  const red = await ledgersCheck();
  expect(red).toMatchObject({ status: 503, ok: false, detail: expect.stringMatching(words) });
  expect(red.detail).toContain(`${world.scope.environmentId} of ${world.scope.tenantId}`);
  const asAnybody = await callWith({ DB: guardedDatabase((run) => run()) }, "GET", "/readyz");
  expect([asAnybody.status, asAnybody.body.checks]).toEqual([
    503,
    [{ name: "ledgers", ok: false, detail: expect.stringContaining("ROOT_TOKEN") }],
  ]);

  // Nobody calls it: cron has it look again.
  await setVersion(world.scope, PRESENT);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  await pokeOverdueLedgers(testDeps());
  await runDurableObjectAlarm(stubOf(world.scope));
  await eventually(
    () => pulseOf(world.scope),
    (row) => row?.ledger_error === null,
  );
  expect(await ledgersCheck()).toMatchObject({ status: 200, ok: true });
  expect((await world.api("GET", "/settings")).body.locale).toBe("de");
});

test("a ledger in which a column is missing makes /readyz red until the call goes through", async () => {
  const world = await createTenantWorld();
  const rename = (from: string, to: string) =>
    ledgerSql(world.scope).prepare(`ALTER TABLE customers RENAME COLUMN ${from} TO ${to}`).run();
  await world.api("POST", "/customers", { name: "Ada" });
  await rename("phone", "other");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
  expect((await world.api("POST", "/customers", { name: "Ada" })).status).toBe(503);
  await faultTold(world.scope);
  expect(await ledgersCheck()).toMatchObject({
    status: 503,
    detail: expect.stringMatching(/phone.* number \d+ of migrations\/ledger/),
  });
  await rename("other", "phone");
  vi.setSystemTime(Date.now() + 61_000);
  expect((await world.api("POST", "/customers", { name: "Ada" })).status).toBe(201);
  await eventually(
    () => pulseOf(world.scope),
    (row) => row?.ledger_error === null,
  );
  expect(await ledgersCheck()).toMatchObject({ status: 200, ok: true });
});
