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

/**
 * The page of what a store returned.
 * @param positionOf where a row stands in the list's order
 * @returns its rows, and where the next page begins; null for the last
 */
export function cutPage<Row>(
  listed: Listed<Row>,
  limit: number,
  positionOf: (row: Row) => Position,
): { rows: Row[]; next: Position | null } {
  const { rows, stoppedAt } = "stoppedAt" in listed ? listed : { rows: listed, stoppedAt: null };
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? positionOf(last) : stoppedAt };
}

/** Rows that come after `after` when ordered by `time DESC, id DESC`; undefined for the first page. */
export function afterPosition(after: Position | null, time: SQLWrapper, id: SQLWrapper): SQL | undefined {
  // A row value, which SQLite answers from the index on (…, time, id).
  return after === null ? undefined : sql`(${time}, ${id}) < (${after.timeMs}, ${after.id})`;
}
