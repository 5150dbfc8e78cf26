// A page of a list, newest first.

import type { Value } from "./sql.ts";

/** @see afterPosition: rows come after it when ordered by time and then id, both descending */
export type Page = { limit: number; after: { timeMs: number; id: string } | null };

/** A condition in SQL with its values; undefined where it is not asked for. */
type Condition = readonly [sql: string, ...values: Value[]] | undefined;

/** `column = value`, where a value is asked for. @param condition such as `status = ?` */
export function given(condition: string, value: Value | undefined): Condition {
  return value === undefined ? undefined : [condition, value];
}

/**
 * What follows the table for a page of rows that have `created_at_ms` and `id`, and one row more.
 * @param page.isFew the conditions leave a few rows: they are found by those and sorted. Else the index by time is
 * read, which is in order.
 */
export function selectPage(
  conditions: readonly Condition[],
  { limit, after, isFew }: Page & { isFew: boolean },
): [sql: string, ...values: Value[]] {
  // A plus keeps SQLite from taking the index on the column.
  const [time, id] = isFew ? ["+created_at_ms", "+id"] : ["created_at_ms", "id"];
  const position: Condition = after ? [`(${time}, ${id}) < (?, ?)`, after.timeMs, after.id] : undefined;
  const asked = [...conditions, position].filter((one) => one !== undefined);
  const where = asked.length > 0 ? `WHERE ${asked.map(([sql]) => sql).join(" AND ")}` : "";
  const values = asked.flatMap(([, ...bound]) => bound);
  return [`${where} ORDER BY ${time} DESC, ${id} DESC LIMIT ?`, ...values, limit + 1];
}
