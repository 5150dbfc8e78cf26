// SQL over the ledger's own database, in the same thread. Statements are cached by their text, so a text is a
// constant and values are always bound. What was read and written is counted: tests hold verbs to it. What a
// transaction asks again, with nothing written to that table in between, is answered from memory.

/** What SQLite stores. A boolean must be bound as 0 or 1: bound as it is, it becomes the text 'true'. */
export type Value = string | number | null;
export type Row = Record<string, SqlStorageValue>;

// What is asked again is one row or a few: a page is read once.
const MOST_KEPT = 5;
// The one view: its text does not name the tables that it is of.
const VIEW = "hourly_money";

/** Rows by a statement's values, for each text. */
type Known = Map<string, Map<string, Row[]>>;

export class Sql {
  readonly #sql: SqlStorage;
  /** Null: nothing is kept. */
  #known: Known | null = null;
  /** Rows read and written since the object began. */
  read = 0;
  written = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Keeps what is read until that table is written, for one transaction: none of its parts is rolled back by itself. */
  remembering<T>(transaction: () => T): T {
    this.#known = new Map();
    try {
      return transaction();
    } finally {
      this.#known = null;
    }
  }

  /** The storage for a query builder, so that what it writes is not taken for as it was read. */
  storageOf(storage: DurableObjectStorage): DurableObjectStorage {
    const exec: SqlStorage["exec"] = (query, ...values) => {
      this.#forget(query);
      return this.#sql.exec(query, ...values);
    };
    return new Proxy(storage, {
      get(target, name) {
        if (name === "sql") return { exec };
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** The size of the database. */
  get bytes(): number {
    return this.#sql.databaseSize;
  }

  all<T extends Row>(query: string, ...values: Value[]): T[] {
    if (this.#known === null) return this.#exec<T>(query, values);
    if (tableWritten(query) !== null) {
      this.#forget(query);
      return this.#exec<T>(query, values);
    }
    const ofQuery = this.#known.get(query) ?? new Map<string, Row[]>();
    this.#known.set(query, ofQuery);
    const key = JSON.stringify(values);
    const known = ofQuery.get(key);
    // Whoever changes what it was given changes its own.
    if (known) return known.map((row) => ({ ...row }) as T);
    const rows = this.#exec<T>(query, values);
    if (rows.length <= MOST_KEPT)
      ofQuery.set(
        key,
        rows.map((row) => ({ ...row })),
      );
    return rows;
  }

  #exec<T extends Row>(query: string, values: readonly Value[]): T[] {
    const cursor = this.#sql.exec<T>(query, ...values);
    const rows = cursor.toArray();
    this.read += cursor.rowsRead;
    this.written += cursor.rowsWritten;
    return rows;
  }

  #forget(query: string): void {
    const table = tableWritten(query);
    if (table === null || this.#known === null) return;
    for (const known of this.#known.keys())
      if (known.includes(table) || known.includes(VIEW)) this.#known.delete(known);
  }

  /** Rows as lists of values, with the names of their columns. */
  raw(query: string, values: readonly Value[]): { columns: string[]; rows: Value[][] } {
    const cursor = this.#sql.exec(query, ...values);
    const rows = [...cursor.raw<Value[]>()];
    this.read += cursor.rowsRead;
    this.written += cursor.rowsWritten;
    return { columns: cursor.columnNames, rows };
  }

  /** The first row, if there is one. */
  first<T extends Row>(query: string, ...values: Value[]): T | undefined {
    return this.all<T>(query, ...values)[0];
  }

  /** Runs a statement and returns how many rows of tables and indexes it wrote. */
  run(query: string, ...values: Value[]): number {
    const before = this.written;
    this.all(query, ...values);
    return this.written - before;
  }
}

const WRITES = /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"?(\w+)/i;
const tables = new Map<string, string | null>();

/** The table that a statement writes; empty where that cannot be told, and null for one that only reads. */
function tableWritten(query: string): string | null {
  const known = tables.get(query);
  if (known !== undefined) return known;
  const table = WRITES.exec(query)?.[1] ?? (/^\s*SELECT\b/i.test(query) ? null : "");
  tables.set(query, table);
  return table;
}
