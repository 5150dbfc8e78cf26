// Tables whose rows are read and written by their names in TypeScript, with constant SQL: for what is done for
// every event, where building a query would cost more than running it.

import type { Stretch } from "../platform/paging.ts";
import type { Book } from "./book.ts";
import { ON_THE_PAGE } from "./page.ts";
import type { Value } from "./sql.ts";

/** A row that was changed says when. */
type Row = { updatedAtMs: number } & Record<string, Value>;

export class Rows<R extends Row, Key extends keyof R & string> {
  readonly #key: Key;
  readonly #table: string;
  readonly #columns: Record<keyof R & string, string>;
  readonly #names: (keyof R & string)[];
  readonly #select: string;
  readonly #insert: string;

  /** @param key by which one row is found */
  constructor(table: string, key: Key, columns: Record<keyof R & string, string>) {
    this.#key = key;
    this.#table = table;
    this.#columns = columns;
    this.#names = Object.keys(columns) as (keyof R & string)[];
    const selected = this.#names.map((name) => `${columns[name]} AS ${name}`);
    this.#select = `SELECT ${selected.join(", ")} FROM ${table}`;
    const written = this.#names.map((name) => columns[name]);
    this.#insert = `INSERT INTO ${table} (${written.join(", ")}) VALUES (${written.map(() => "?").join(", ")})`;
  }

  /** @param which what follows the table, such as `WHERE id = ?` */
  all(book: Book, which: string, ...values: Value[]): R[] {
    return book.sql.all<R>(`${this.#select} ${which}`, ...values);
  }

  first(book: Book, which: string, ...values: Value[]): R | undefined {
    return this.all(book, which, ...values)[0];
  }

  find(book: Book, id: string): R | undefined {
    return this.first(book, `WHERE ${this.#columns[this.#key]} = ?`, id);
  }

  /** The rows of a page whose ids were found, newest first. */
  page(book: Book, { rows: ids, stoppedAt }: Stretch<string>): Stretch<R> {
    return { rows: this.all(book, ON_THE_PAGE, JSON.stringify(ids)), stoppedAt };
  }

  insert(book: Book, row: R): void {
    const values = this.#names.map((name) => row[name] as Value);
    book.sql.run(this.#insert, ...values);
  }

  /** Writes what differs, and nothing where nothing does. */
  update(book: Book, before: R, after: R): void {
    const changed = this.#names.filter((name) => after[name] !== before[name] && name !== "updatedAtMs");
    if (changed.length === 0) return;
    const set = [...changed, "updatedAtMs" as const].map((name) => `${this.#columns[name]} = ?`);
    book.sql.run(
      `UPDATE ${this.#table} SET ${set.join(", ")} WHERE ${this.#columns[this.#key]} = ?`,
      ...changed.map((name) => after[name] as Value),
      after.updatedAtMs,
      before[this.#key] as Value,
    );
  }

  delete(book: Book, id: string): void {
    book.sql.run(`DELETE FROM ${this.#table} WHERE ${this.#columns[this.#key]} = ?`, id);
  }
}
