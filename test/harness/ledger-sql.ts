// An environment's own database, read and written by hand: for what a test has to see or set behind the verbs.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { schemaVersion } from "../../src/ledger/migrate.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { testDeps } from "./world.ts";

type Value = string | number | null;
type Asked = { sql: string; values: Value[] };
type Found = { columns: string[]; rows: Value[][] };

/** The ledger of a scope, in the form of a D1 database: `ledgerSql(world.scope).prepare(…).bind(…).all()`. */
export function ledgerSql(scope: Scope): D1Database {
  const database = {
    prepare: (sql: string) => new Statement(scope, { sql, values: [] }),
    batch: async (statements: Statement[]) => {
      const asked = statements.map((statement) => statement.asked);
      return (await run(scope, asked)).map(toResult);
    },
  };
  return database as unknown as D1Database;
}

class Statement {
  readonly #scope: Scope;
  readonly asked: Asked;

  constructor(scope: Scope, asked: Asked) {
    this.#scope = scope;
    this.asked = asked;
  }

  bind(...values: unknown[]): Statement {
    return new Statement(this.#scope, { sql: this.asked.sql, values: values.map(toValue) });
  }

  async all() {
    return toResult(await this.#run());
  }

  async run() {
    return toResult(await this.#run());
  }

  async raw() {
    return (await this.#run()).rows;
  }

  async first(column?: string) {
    const [row] = toResult(await this.#run()).results;
    return (column === undefined ? row : row?.[column]) ?? null;
  }

  async #run(): Promise<Found> {
    const [found] = await run(this.#scope, [this.asked]);
    return found ?? { columns: [], rows: [] };
  }
}

/** All of them or none. A ledger that nobody has called yet is called first, so that it is there. */
async function run(scope: Scope, statements: readonly Asked[]): Promise<Found[]> {
  const found = await runInside(scope, statements);
  if (found) return found;
  await ledger(testDeps(), scope).readSettings({});
  return (await runInside(scope, statements)) ?? [];
}

function runInside(scope: Scope, statements: readonly Asked[]): Promise<Found[] | null> {
  return runInDurableObject(env.LEDGER.getByName(ledgerName(scope)), (_: Ledger, { storage }) => {
    if (schemaVersion(storage.sql) === 0) return null;
    return storage.transactionSync(() =>
      statements.map(({ sql, values }) => {
        const cursor = storage.sql.exec(sql, ...values);
        const rows = [...cursor.raw<Value[]>()];
        return { columns: cursor.columnNames, rows };
      }),
    );
  });
}

function toValue(value: unknown): Value {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || typeof value === "number" || typeof value === "string") return value;
  throw new Error(`SQLite cannot store a ${typeof value}.`);
}

function toResult({ columns, rows }: Found) {
  const results = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
  return { success: true, results, meta: {} };
}
