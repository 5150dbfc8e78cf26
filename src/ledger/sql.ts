// SQL over the ledger's own database, in the same thread. Statements are cached by their text, so a text is a
// constant and values are always bound. What was read and written is counted: tests hold verbs to it.

/** What SQLite stores. A boolean must be bound as 0 or 1: bound as it is, it becomes the text 'true'. */
export type Value = string | number | null;
export type Row = Record<string, SqlStorageValue>;

export class Sql {
  readonly #sql: SqlStorage;
  /** Rows read and written since the object began. */
  read = 0;
  written = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The size of the database. */
  get bytes(): number {
    return this.#sql.databaseSize;
  }

  all<T extends Row>(query: string, ...values: Value[]): T[] {
    const cursor = this.#sql.exec<T>(query, ...values);
    const rows = cursor.toArray();
    this.read += cursor.rowsRead;
    this.written += cursor.rowsWritten;
    return rows;
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
