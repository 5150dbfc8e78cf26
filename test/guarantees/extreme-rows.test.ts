// No row can break a list: whatever has come to be stored, by an older version, by hand or by a fault, every list,
// page, export and statistic is still answered.

import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { makeObjects } from "../access-objects.ts";
import { type Ids, ROUTES, type RouteAccess } from "../access-table.ts";
import { open, signIn } from "../dashboard/browse.ts";
import { call, ORIGIN } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { visitUrl } from "../pay/pay-fixture.ts";

type Value = string | number | null;
type Column = {
  database: D1Database;
  table: string;
  name: string;
  type: string;
  isKey: boolean;
  isRequired: boolean;
};

let world: TestWorld;
let ids: Ids;
let cookie: string;
let paymentUrls: string[];
let columns: Column[];
let kept: { database: D1Database; table: string; rows: Record<string, Value>[] }[];

beforeAll(async () => {
  world = await createWorld();
  ids = await makeObjects(world);
  cookie = await signIn(world.keys.admin);
  const invoices = (await call("GET", "/invoices?limit=100", { key: world.keys.admin })).body.data;
  paymentUrls = invoices.flatMap(({ payment_url: url }: { payment_url: string | null }) => url ?? []);
  const databases = [ledgerSql(world.scope), env.DB];
  columns = (await Promise.all(databases.map(columnsOf))).flat();
  await fillEmpty(columns);
  const tables = Map.groupBy(columns, ({ table, database }) => `${databases.indexOf(database)}/${table}`);
  kept = await Promise.all([...tables.values()].flatMap(([column]) => (column ? [keep(column)] : [])));
});

/** A row in each table that the objects have left empty: any that the table takes. */
async function fillEmpty(all: readonly Column[]): Promise<void> {
  for (const ofTable of Map.groupBy(
    all,
    ({ database, table }) => `${databaseName(database)}/${table}`,
  ).values()) {
    const [first] = ofTable;
    if (!first || (await first.database.prepare(`SELECT 1 FROM ${first.table}`).first())) continue;
    const { database, table } = first;
    const made = await database
      .prepare("SELECT sql FROM sqlite_schema WHERE name = ?")
      .bind(table)
      .first<{ sql: string }>();
    const take = (some: readonly Column[]) => insert(some, made?.sql ?? "");
    // A CHECK may want some of them together, or none.
    const required = ofTable.filter(({ isRequired }) => isRequired);
    const withOne = ofTable.filter(({ isRequired }) => !isRequired).map((one) => [...required, one]);
    for (const some of [ofTable, required, ...withOne]) if (await take(some)) break;
  }
}

/** @returns whether the table takes it */
async function insert(some: readonly Column[], made: string): Promise<boolean> {
  const [first] = some;
  if (!first) return false;
  const names = some.map(({ name }) => name).join(", ");
  const values = some.map((column) => plainValue(column, made));
  const statement = `INSERT INTO ${first.table} (${names}) VALUES (${names.replaceAll(/\w+/g, "?")})`;
  const written = first.database
    .prepare(statement)
    .bind(...values)
    .run();
  return written.then(
    () => true,
    () => false,
  );
}

const databaseName = (database: D1Database) => (database === env.DB ? "directory" : "ledger");

/** One of the words that a CHECK names, or of the column's type. */
function plainValue({ name, type }: Column, made: string): Value {
  const [, word] = new RegExp(`\\b${name}"? IN \\('([^']*)'`).exec(made) ?? [];
  if (word !== undefined) return word;
  if (name === "environment_id") return world.scope.environmentId;
  if (name === "tenant_id") return world.scope.tenantId;
  return type.toLowerCase() === "text" ? "{}" : 1;
}

async function keep({ database, table }: Column): Promise<(typeof kept)[number]> {
  const { results } = await database.prepare(`SELECT * FROM ${table}`).all<Record<string, Value>>();
  return { database, table, rows: results };
}

// Who the ledger is, which tables there are, and who may call: without those nobody is answered.
const NOT_DATA = ["identity", "schema_version", "d1_migrations", "api_keys", "secrets"];

const OF_SCOPE = ["tenant_id", "environment_id"];

async function columnsOf(database: D1Database): Promise<Column[]> {
  const { results } = await database
    .prepare(
      `SELECT t.name AS "table", c.name AS name, c.type AS type, c.pk AS pk, c."notnull" AS required FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
       WHERE t.type = 'table' AND t.name NOT LIKE '\\_cf%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'`,
    )
    .all<{ table: string; name: string; type: string; pk: number; required: number }>();
  return results
    .filter(({ table }) => !NOT_DATA.includes(table))
    .map(({ pk, required, ...column }) => {
      const isKey = pk > 0 || OF_SCOPE.includes(column.name);
      return { ...column, database, isKey, isRequired: pk > 0 || required === 1 };
    });
}

const NUMBERS = [
  0,
  -1,
  1.5,
  -0.5,
  2 ** 53,
  -(2 ** 53),
  9e18,
  -9e18,
  1e300,
  8.64e15,
  8.64e15 + 1,
  -62_167_219_200_001,
];
const TEXTS = [
  "",
  " ",
  "x",
  "x\0y",
  "😀",
  "EURO",
  "e1",
  "../../etc",
  "<script>",
  '"',
  "not json",
  "{",
  "9".repeat(20_000),
];
const JSONS = [
  "null",
  "0",
  '"x"',
  "[]",
  "{}",
  "[null]",
  "[1]",
  '["x"]',
  '[{"x":1}]',
  '{"x":null}',
  '{"id":1,"url":2}',
];
const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, ...NUMBERS),
  fc.constantFrom<Value>(...TEXTS),
  fc.constantFrom<Value>(...JSONS),
);

/** What SQLite itself does not take there, it refuses. */
async function store({ database, table, name }: Column, value: Value): Promise<void> {
  await database
    .prepare(`UPDATE ${table} SET ${name} = ?`)
    .bind(value)
    .run()
    .catch(() => undefined);
}

async function restore(changed: readonly Column[]): Promise<void> {
  const isChanged = (one: (typeof kept)[number]) =>
    changed.some(({ database, table }) => database === one.database && table === one.table);
  for (const { database: sql, table, rows } of kept.filter(isChanged)) {
    const statements = rows.map((row) => {
      const names = Object.keys(row);
      const into = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
      return sql.prepare(into).bind(...Object.values(row));
    });
    await sql.batch([sql.prepare(`DELETE FROM ${table}`), ...statements]);
  }
}

const READS = Object.entries(ROUTES).filter(
  ([route, { access }]) => route.startsWith("GET ") && access !== "public" && access !== "stripe",
);

async function statusOf(route: string, { access, of }: RouteAccess): Promise<number> {
  const path = route
    .slice(4)
    .replace(":tenant_id", world.scope.tenantId)
    .replace(":environment_id", world.scope.environmentId)
    .replace(":id", encodeURIComponent(of === undefined ? "" : ids[of]));
  if (path.startsWith("/dashboard")) return (await open(path, cookie)).status;
  // Not by call(): of a row that nothing here could have written, an answer may say what the document does not have.
  const headers = { authorization: `Bearer ${access === "root" ? env.ROOT_TOKEN : world.keys.admin}` };
  const response = await exports.default.fetch(new Request(`${ORIGIN}${path}`, { headers }));
  await response.text();
  return response.status;
}

async function broken(): Promise<string[]> {
  const statuses = await Promise.all(
    READS.map(async ([route, access]) => `${await statusOf(route, access)} ${route}`),
  );
  const pages = await Promise.all(paymentUrls.map(async (url) => `${(await visitUrl(url)).status} ${url}`));
  return [...statuses, ...pages].filter((said) => said.startsWith("5"));
}

test("every table has a row", () => {
  expect(kept.filter(({ rows }) => rows.length === 0).map(({ table }) => table)).toEqual([]);
});

test("of rows as they are written every list, page, export and statistic is answered", async () => {
  expect(await broken()).toEqual([]);
});

// Of each kind one; what several of them do together is tried at random below.
const EXTREMES: Value[] = [
  null,
  -1,
  9e18,
  1e300,
  "",
  "x\0y",
  "9".repeat(20_000),
  "null",
  "[null]",
  '{"x":null}',
];
// A row whose every column is wrong is not found: so many columns apart stand right beside each.
const APART = 4;

test.each(
  EXTREMES.flatMap((value) =>
    Array.from({ length: APART }, (_, turn) => [String(value).slice(0, 20), turn, value] as const),
  ),
)(
  "with %s in every fourth column, from the one at %i, all of them are answered",
  async (_, turn, value) => {
    const stored = columns.filter(({ isKey }, index) => !isKey && index % APART === turn);
    for (const column of stored) await store(column, value);
    try {
      expect(await broken()).toEqual([]);
    } finally {
      await restore(stored);
    }
  },
  600_000,
);

test("and of rows with whatever else SQLite takes in their place", async () => {
  const anyRows = fc.array(fc.record({ at: fc.nat(10_000), value: anyValue }), {
    minLength: 1,
    maxLength: 25,
  });
  await fc.assert(
    fc.asyncProperty(anyRows, async (changes) => {
      const stored = changes.flatMap(({ at, value }) => {
        const column = columns[at % columns.length];
        return column && !column.isKey ? [{ column, value }] : [];
      });
      for (const { column, value } of stored) await store(column, value);
      try {
        expect([
          await broken(),
          stored.map(({ column, value }) => [column.table, column.name, value]),
        ]).toEqual([[], expect.anything()]);
      } finally {
        await restore(stored.map(({ column }) => column));
      }
    }),
    { numRuns: 10, endOnFailure: true },
  );
}, 600_000);
