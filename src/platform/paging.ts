// Lists in pages, newest first, by time and then id.

import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** Where a row stands in a list, or where a page begins: after this row. */
export type Position = { timeMs: number; id: string };

/** So many rows are looked at for a page whose filter has no index. */
export const ROWS_LOOKED_AT = 1_000;

/** What was found in a stretch of a list. */
export type Stretch<Row> = {
  /** Up to one more than the page's limit. */
  rows: Row[];
  /** The last row that was looked at, where the list goes on; null: all of it was. */
  stoppedAt: Position | null;
};

/** A page as it was read: one row more than its limit says that there are more. */
export type Listed<Row> = readonly Row[] | Stretch<Row>;

/** Rows that come after `after` when ordered by `time DESC, id DESC`; undefined for the first page. */
export function afterPosition(after: Position | null, time: SQLWrapper, id: SQLWrapper): SQL | undefined {
  // A row value, which SQLite answers from the index on (…, time, id).
  return after === null ? undefined : sql`(${time}, ${id}) < (${after.timeMs}, ${after.id})`;
}
