// The one shape of a page's WHERE: rows after a position, newest first, by time and then id.

import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** Rows that come after `after` when ordered by `time DESC, id DESC`; undefined for the first page. */
export function afterPosition(
  after: { timeMs: number; id: string } | null,
  time: SQLWrapper,
  id: SQLWrapper,
): SQL | undefined {
  // A row value, which SQLite answers from the index on (…, time, id).
  return after === null ? undefined : sql`(${time}, ${id}) < (${after.timeMs}, ${after.id})`;
}
