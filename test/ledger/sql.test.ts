// What a transaction reads again is answered from memory, and never otherwise than the database would answer.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { beforeAll, expect, test } from "vitest";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { Sql } from "../../src/ledger/sql.ts";
import { priceAliases } from "../../src/platform/tables/price-aliases.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});

/** In a transaction of the world's ledger that is taken back. */
async function inTransaction(work: (sql: Sql, storage: DurableObjectStorage) => void): Promise<void> {
  const undone = new Error("Undone, as the test asked.");
  await runInDurableObject(env.LEDGER.getByName(ledgerName(world.scope)), (_: Ledger, { storage }) => {
    const sql = new Sql(storage.sql);
    try {
      storage.transactionSync(() => {
        sql.remembering(() => work(sql, storage));
        throw undone;
      });
    } catch (error) {
      if (error !== undone) throw error;
    }
  });
}

const PRESENT = "SELECT settings, planned_up_to FROM environment";
const readsOf = (sql: Sql, work: () => void): number => {
  const before = sql.read;
  work();
  return sql.read - before;
};

test("the same statement with the same values is not run again", async () => {
  await inTransaction((sql) => {
    const first = sql.first(PRESENT);
    let again: unknown;
    expect(readsOf(sql, () => (again = sql.first(PRESENT)))).toBe(0);
    expect(again).toEqual(first);
    const byKey = "SELECT ? AS value FROM environment";
    expect([sql.first(byKey, 1), sql.first(byKey, "1"), sql.first(byKey, null)]).toEqual([
      { value: 1 },
      { value: "1" },
      { value: null },
    ]);
  });
});

test.each([
  ["UPDATE environment SET planned_up_to = 'changed'", "changed"],
  ["  update environment set planned_up_to = 'lower case'", "lower case"],
  ["UPDATE OR IGNORE environment SET planned_up_to = 'or'", "or"],
  ["WITH one AS (SELECT 1) UPDATE environment SET planned_up_to = 'with'", "with"],
])("what was written since is read: %s", async (write, expected) => {
  await inTransaction((sql) => {
    sql.first(PRESENT);
    sql.run(write);
    expect(sql.first(PRESENT)).toMatchObject({ planned_up_to: expected });
  });
});

test("what a query builder has written since is read", async () => {
  await inTransaction((sql, storage) => {
    const db = drizzle(sql.storageOf(storage));
    const row = {
      id: "starter",
      priceId: "price_1",
      currency: "EUR",
      isMetered: false,
      createdAtMs: 1,
      updatedAtMs: 1,
    };
    db.insert(priceAliases).values(row).run();
    const read = () => sql.first("SELECT price_id AS id FROM price_aliases WHERE id = 'starter'");
    expect(read()).toEqual({ id: "price_1" });
    db.update(priceAliases).set({ priceId: "price_2" }).where(eq(priceAliases.id, "starter")).run();
    expect(read()).toEqual({ id: "price_2" });
    db.transaction((part) => part.delete(priceAliases).run());
    expect(read()).toBeUndefined();
  });
});

test("a view is read again after any of its tables was written", async () => {
  await inTransaction((sql) => {
    const hours = () => sql.all("SELECT currency, paid_sum FROM hourly_money WHERE currency = 'XTS'");
    expect(hours()).toEqual([]);
    sql.run("INSERT INTO currency_counts (currency, hour_ms, hour_paid_sum) VALUES ('XTS', 3600000, 5)");
    expect(hours()).toEqual([{ currency: "XTS", paid_sum: 5 }]);
    sql.run("INSERT INTO past_money_hours VALUES (0, 'XTS', 1, 7, 0, 0, 0, 0)");
    expect(hours()).toHaveLength(2);
  });
});

test("who changes a row that was read changes nobody else's", async () => {
  await inTransaction((sql) => {
    const first = sql.first<{ planned_up_to: string }>(PRESENT);
    if (first) first.planned_up_to = "mine";
    const second = sql.all(PRESENT);
    second.pop();
    expect(sql.first(PRESENT)).not.toMatchObject({ planned_up_to: "mine" });
  });
});

test("nothing is kept beyond the transaction", async () => {
  await inTransaction((_, { sql: storage }) => {
    const sql = new Sql(storage);
    sql.remembering(() => sql.first(PRESENT));
    expect(readsOf(sql, () => sql.first(PRESENT))).toBe(1);
  });
});
