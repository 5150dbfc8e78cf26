import { applyD1Migrations, evictAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ledgerName } from "../src/ledger/client.ts";
import type { Ledger } from "../src/ledger/ledger.ts";
import { watchBindings } from "./harness/worker-bindings.ts";
import { createOpenInvoice, createWorld } from "./harness/world.ts";

// SQLite's own tables and those of the runtime are in every database.
const TABLES = `SELECT name FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!'`;

test("the next file in a worker finds nothing of this one, nor of what was put away as idle", async () => {
  const settings = { ...env };
  const end = watchBindings();
  const world = await createWorld();
  await createOpenInvoice(world);
  Object.assign(env, { EMAIL_PROVIDER: "resend", RESEND_API_KEY: "re_test" });
  await evictAllDurableObjects();

  await end();
  expect((await env.DB.prepare(TABLES).all()).results).toEqual([]);
  const ledger = env.LEDGER.getByName(ledgerName(world.scope));
  const left = await runInDurableObject(ledger, async (_: Ledger, { storage }) => ({
    alarm: await storage.getAlarm(),
    tables: storage.sql.exec(TABLES).toArray(),
  }));
  expect(left).toEqual({ alarm: null, tables: [] });
  expect({ ...env }).toEqual(settings);

  // For the end of this file itself.
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});
