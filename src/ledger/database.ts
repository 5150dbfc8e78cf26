// A ledger as the database of rooms that have not moved into it yet: D1's interface over one verb. It goes
// with the last of them.

import { drizzle } from "drizzle-orm/d1";
import { AppError } from "../platform/app-error.ts";
import type { Database } from "../platform/commit.ts";
import type { LedgerClient } from "./client.ts";
import type { RawResult, RawStatement } from "./statements.ts";

type Client = Pick<LedgerClient, "runStatements">;

export function ledgerDatabase(client: Client): Database {
  return drizzle(ledgerBinding(client));
}

/** The same as a binding, for those who write SQL by hand. */
export function ledgerBinding(client: Client): D1Database {
  const binding = {
    prepare: (sql: string) => new LedgerStatement(client, { sql, params: [] }),
    batch: async (statements: LedgerStatement[]) => {
      const results = await run(
        client,
        statements.map(({ statement }) => statement),
      );
      return results.map(toD1Result);
    },
  };
  return binding as unknown as D1Database;
}

class LedgerStatement {
  readonly #client: Client;
  readonly statement: RawStatement;

  constructor(client: Client, statement: RawStatement) {
    this.#client = client;
    this.statement = statement;
  }

  bind(...values: unknown[]): LedgerStatement {
    return new LedgerStatement(this.#client, { sql: this.statement.sql, params: values.map(toValue) });
  }

  async all() {
    return toD1Result(await this.#run());
  }

  async run() {
    return toD1Result(await this.#run());
  }

  async raw() {
    return (await this.#run()).rows;
  }

  async first(column?: string) {
    const [row] = toD1Result(await this.#run()).results;
    return (column === undefined ? row : row?.[column]) ?? null;
  }

  async #run(): Promise<RawResult> {
    const [result] = await run(this.#client, [this.statement]);
    return result ?? { columns: [], rows: [] };
  }
}

/** What the old stores know how to read is the words of SQLite. */
async function run(client: Client, statements: RawStatement[]): Promise<RawResult[]> {
  try {
    return await client.runStatements(statements);
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict") throw new Error(error.message);
    throw error;
  }
}

function toValue(value: unknown): RawStatement["params"][number] {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || typeof value === "number" || typeof value === "string") return value;
  throw new Error(`SQLite cannot store a ${typeof value}.`);
}

function toD1Result({ columns, rows }: RawResult) {
  const results = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])));
  return { success: true, results, meta: {} };
}
