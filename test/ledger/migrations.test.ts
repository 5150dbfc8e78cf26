// What an earlier version has written is there after a deployment, all of it, and is read by every door.

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { LEDGER_MIGRATIONS } from "../../migrations/ledger/index.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import { writeIdentity } from "../../src/ledger/identity.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { migrate, schemaVersion } from "../../src/ledger/migrate.ts";
import { Sql } from "../../src/ledger/sql.ts";
import type { Json } from "../harness/api.ts";
import { call } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";
import { FILLED, type Filled, type Row } from "./filled/filled.ts";

type World = Awaited<ReturnType<typeof createTenantWorld>>;

/** A world whose ledger the code of an earlier version has made and filled, and which then meets this code. */
async function worldOf({ version, rows }: Filled): Promise<World> {
  const world = await createTenantWorld();
  const stub = env.LEDGER.getByName(ledgerName(world.scope));
  await runInDurableObject(stub, (_: Ledger, { storage }) => {
    storage.transactionSync(() => {
      migrate(storage, LEDGER_MIGRATIONS.slice(0, version));
      writeIdentity(new Sql(storage.sql), { ...world.scope, livemode: false }, 1);
      for (const [table, some] of Object.entries(rows))
        for (const row of some) {
          const marks = Object.keys(row).map(() => "?");
          const into = `${table} (${Object.keys(row).join(", ")})`;
          storage.sql.exec(`INSERT INTO ${into} VALUES (${marks.join(", ")})`, ...Object.values(row));
        }
    });
  });
  await evictDurableObject(stub);
  return world;
}

const rowsNow = async ({ scope }: World, table: string): Promise<Row[]> =>
  (await ledgerSql(scope).prepare(`SELECT * FROM ${table}`).all<Row>()).results;

const idsOf = (rows: readonly Row[] = []) => rows.map(({ id }) => String(id)).sort();

/** Where the rows of a table are listed and shown. */
const DOORS: Readonly<Record<string, string>> = {
  customers: "/customers",
  invoices: "/invoices",
  payments: "/payments",
  refunds: "/refunds",
  disputes: "/disputes",
  subscriptions: "/subscriptions",
};
const EXPORTS: Readonly<Record<string, string>> = { invoices: "invoices", payments: "payments" };

describe.each(FILLED)("a ledger that was filled at version $version", (filled) => {
  test("is at the present one after its first call, and keeps every value of every row", async () => {
    const world = await worldOf(filled);
    expect((await world.api("GET", "/settings")).status).toBe(200);
    const stub = env.LEDGER.getByName(ledgerName(world.scope));
    const version = await runInDurableObject(stub, (_: Ledger, { storage }) => schemaVersion(storage.sql));
    expect(version).toBe(LEDGER_MIGRATIONS.length);
    for (const [table, rows] of Object.entries(filled.rows)) {
      const now = await rowsNow(world, table);
      expect(now, table).toHaveLength(rows.length);
      for (const row of rows) expect(now, table).toContainEqual(expect.objectContaining(row));
    }
  });

  test("is read by lists, details and exports", async () => {
    const world = await worldOf(filled);
    for (const [table, path] of Object.entries(DOORS)) {
      const expected = idsOf(filled.rows[table]);
      const listed = await world.api("GET", `${path}?limit=100`);
      expect(idsOf(listed.body.data), path).toEqual(expected);
      for (const shown of listed.body.data as Json[]) {
        const { status, body } = await world.api("GET", `${path}/${shown.id}`);
        expect({ status, body: body.invoice ?? body }).toMatchObject({ status: 200, body: { id: shown.id } });
      }
    }
    for (const [table, name] of Object.entries(EXPORTS)) {
      const file = await call("GET", `/exports/${name}.csv`, { key: world.keys.read });
      const lines = String(file.body).trim().split(/\r?\n/);
      const column = lines[0]?.split(",").indexOf("id") ?? -1;
      const ids = lines.slice(1).map((line) => line.split(",")[column]);
      expect(ids.sort(), name).toEqual(idsOf(filled.rows[table]));
    }
    expect((await world.api("GET", "/webhook_events")).body.data).toHaveLength(
      filled.rows.webhook_events?.length ?? 0,
    );
  });
});

test("of the first version an invoice's events are found by it", async () => {
  const [first] = FILLED;
  if (!first) throw new Error("There is no first version.");
  const world = await worldOf(first);
  const { data } = (await world.api("GET", "/webhook_events?invoice_id=inv_1")).body;
  expect(data).toMatchObject([{ stripe_event_id: "evt_1" }]);
});

test("of the first version every payment is an invoice's, with its own money back", async () => {
  const [first] = FILLED;
  if (!first) throw new Error("There is no first version.");
  const world = await worldOf(first);
  const payment = (await world.api("GET", "/payments/pay_1")).body;
  expect(payment).toMatchObject({
    source: "invoice",
    invoice_id: "inv_1",
    customer_id: "cus_1",
    amount_refunded: 2_900,
    disputed: true,
    subscription_id: null,
  });
  expect((await world.api("GET", "/payments?customer_id=cus_1")).body.data).toHaveLength(3);
});
