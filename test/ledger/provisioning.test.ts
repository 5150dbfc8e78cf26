// Only the directory gives an environment its ledger: an object that was never provisioned keeps nothing.

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { VERBS, type VerbName } from "../../src/ledger/verbs.ts";
import type { Scope } from "../../src/platform/scope.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";

const nobody = (): Scope => ({ tenantId: "tenant_none", environmentId: `env_${crypto.randomUUID()}` });
const actor = { kind: "queue" as const, id: null, ip: null };

/** What an object has on its disk. */
function keptBy(scope: Scope) {
  return runInDurableObject(env.LEDGER.getByName(ledgerName(scope)), async (one: Ledger, state) => ({
    tables: state.storage.sql.exec("SELECT name FROM sqlite_schema").toArray(),
    written: one.rows.written,
    alarm: await state.storage.getAlarm(),
  }));
}

const NOTHING = { tables: [], written: 0, alarm: null };

test("a ledger that was never provisioned refuses every call and writes nothing", async () => {
  const scope = nobody();
  const stub = env.LEDGER.getByName(ledgerName(scope));
  for (const verb of Object.keys(VERBS) as VerbName[]) {
    const answer = await stub.call({ verb, input: {}, scope, actor, nowMs: Date.now(), sendsMail: false });
    expect(answer).toEqual({ ok: false, unprovisioned: true });
  }
  expect(await keptBy(scope)).toEqual(NOTHING);
  await evictDurableObject(stub);
  expect(await keptBy(scope)).toEqual(NOTHING);
});

test("an environment that the directory does not know is not found, and no ledger is made for it", async () => {
  const { scope } = await createTenantWorld();
  const beside = { tenantId: "tenant_other", environmentId: scope.environmentId };
  for (const stranger of [nobody(), beside]) {
    await expect(ledger(testDeps(), stranger).readSettings({})).rejects.toMatchObject({ code: "not_found" });
    expect(await keptBy(stranger)).toEqual(NOTHING);
  }
});

test("an environment has its ledger from the first call on, and it is nobody else's", async () => {
  const { scope } = await createTenantWorld();
  expect(await keptBy(scope)).toEqual(NOTHING);
  await ledger(testDeps(), scope).readSettings({});
  const kept = await keptBy(scope);
  expect(kept.tables.length).toBeGreaterThan(10);

  const inside = (work: (one: Ledger) => unknown) =>
    runInDurableObject(env.LEDGER.getByName(ledgerName(scope)), (one: Ledger) => work(one));
  await inside((one) => one.provision({ ...scope, livemode: false }, Date.now()));
  expect((await keptBy(scope)).written).toBe(kept.written);
  const call = {
    verb: "readSettings" as const,
    input: {},
    scope: nobody(),
    actor,
    nowMs: Date.now(),
    sendsMail: false,
  };
  for (const work of [
    (one: Ledger) => one.provision({ ...nobody(), livemode: false }, Date.now()),
    (one: Ledger) => one.call(call),
  ])
    await expect(inside(work)).rejects.toThrow("another environment's");
});
