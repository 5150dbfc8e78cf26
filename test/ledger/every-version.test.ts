// A deployment may come from any earlier version, with whatever is stored by then: objects of every kind are put back
// into the tables of each version, as far as it had a place for them, and are all there after the migrations.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { DIRECTORY_MIGRATIONS } from "../../migrations/directory/index.ts";
import { LEDGER_MIGRATIONS } from "../../migrations/ledger/index.ts";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { makeObjects } from "../access-objects.ts";
import { createWorld } from "../harness/world.ts";

type Row = Record<string, SqlStorageValue>;
type Tables = Map<string, Row[]>;

// SQLite's own tables and those of the runtime are in every database.
const ALL_TABLES = `SELECT name FROM sqlite_schema WHERE type = 'table'
  AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!'`;
const TABLES = `${ALL_TABLES} AND name NOT IN ('schema_version', 'd1_migrations')`;

/** By the present name, what a table was called before. */
const FORMER_NAMES: Record<string, string> = {
  past_money_hours: "hourly_money",
  currency_counts: "invoice_counts",
};

let ledger: Tables;
let directory: Tables;

beforeAll(async () => {
  const world = await createWorld();
  await makeObjects(world);
  const stub = env.LEDGER.getByName(ledgerName(world.scope));
  ledger = await runInDurableObject(stub, (_: Ledger, { storage }) => allRows(storage.sql));
  const { results } = await env.DB.prepare(TABLES).all<{ name: string }>();
  directory = new Map();
  for (const { name } of results)
    directory.set(name, (await env.DB.prepare(`SELECT * FROM ${name}`).all<Row>()).results);
});

test("what is stored in a ledger of any version is there after the migrations", async () => {
  await inEmptyStorage((storage, empty) => {
    migrate(storage);
    const tables = withPlainRows(storage.sql, ledger);
    for (let version = 1; version < LEDGER_MIGRATIONS.length; version++) {
      empty();
      migrate(storage, LEDGER_MIGRATIONS.slice(0, version));
      const stored = putBack(storage.sql, tables);
      migrate(storage);
      expectAll(allRows(storage.sql), stored, `version ${version}`);
    }
  });
});

test("what is stored in a directory of any version is there after the migrations", async () => {
  expect(env.TEST_MIGRATIONS.map(({ name }) => name)).toEqual(DIRECTORY_MIGRATIONS);
  const queries = env.TEST_MIGRATIONS.map((migration) => migration.queries);
  await inEmptyStorage(({ sql }, empty) => {
    for (const query of queries.flat()) sql.exec(query);
    const tables = withPlainRows(sql, directory);
    for (let version = 1; version < queries.length; version++) {
      empty();
      for (const query of queries.slice(0, version).flat()) sql.exec(query);
      const stored = putBack(sql, tables);
      for (const query of queries.slice(version).flat()) sql.exec(query);
      expectAll(allRows(sql), stored, `version ${version}`);
    }
  });
});

/** In a database of SQLite that is nobody's. @param work is given what empties it */
async function inEmptyStorage(
  work: (storage: DurableObjectStorage, empty: () => void) => void,
): Promise<void> {
  const stub = env.LEDGER.getByName(`tenant_before/env_${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_: Ledger, { storage }) => {
    work(storage, () => {
      const views = storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'view'");
      for (const { name } of views.toArray()) storage.sql.exec(`DROP VIEW ${name}`);
      const tables = storage.sql.exec<{ name: string }>(ALL_TABLES).toArray();
      for (const { name } of tables) storage.sql.exec(`DROP TABLE ${name}`);
    });
    await storage.deleteAll();
  });
}

function allRows(sql: SqlStorage): Tables {
  const names = sql.exec<{ name: string }>(TABLES).toArray();
  return new Map(names.map(({ name }) => [name, sql.exec<Row>(`SELECT * FROM ${name}`).toArray()]));
}

/** Where the objects have left a table empty, a row that it takes. @param sql of the present version */
function withPlainRows(sql: SqlStorage, tables: Tables): Tables {
  return new Map(
    [...tables].map(([table, rows]) => [table, rows.length > 0 ? rows : [plainRow(sql, table)]]),
  );
}

function plainRow(sql: SqlStorage, table: string): Row {
  const made = sql.exec<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE name = ?", table).one().sql;
  const columns = sql.exec<{ name: string; type: string }>(
    `SELECT name, type FROM pragma_table_info('${table}')`,
  );
  const values = columns.toArray().map(({ name, type }): [string, SqlStorageValue] => {
    const [, allowed] = new RegExp(`\\b${name} IN \\('([^']*)'`).exec(made) ?? [];
    return [name, type.toLowerCase() === "integer" ? 1 : (allowed ?? name)];
  });
  return Object.fromEntries(values);
}

/**
 * What the version has no column for is left out, and so is a row that it cannot hold.
 * @returns what is stored then
 */
function putBack(sql: SqlStorage, tables: Tables): Tables {
  for (const [present, rows] of tables) {
    const isThere = sql.exec("SELECT 1 FROM sqlite_schema WHERE name = ?", present).toArray().length > 0;
    const table = isThere ? present : (FORMER_NAMES[present] ?? present);
    const columns = sql.exec<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).toArray();
    for (const row of columns.length === 0 ? [] : rows) {
      const known = columns.filter(({ name }) => name in row).map(({ name }) => name);
      const marks = known.map(() => "?");
      const values = known.map((name) => row[name] ?? null);
      sql.exec(`INSERT OR IGNORE INTO ${table} (${known}) VALUES (${marks})`, ...values);
    }
  }
  return allRows(sql);
}

function expectAll(present: Tables, stored: Tables, version: string): void {
  for (const [table, rows] of stored) {
    const [first = {}] = rows;
    const presentName = Object.keys(FORMER_NAMES).find((name) => FORMER_NAMES[name] === table) ?? table;
    const now = (present.get(presentName) ?? []).map((row) =>
      Object.fromEntries(Object.keys(first).map((name) => [name, row[name]])),
    );
    expect(now, `${table} of ${version}`).toHaveLength(rows.length);
    expect(now, `${table} of ${version}`).toEqual(expect.arrayContaining(rows));
    expect(rows, `${table} of ${version}`).not.toEqual([]);
  }
}
