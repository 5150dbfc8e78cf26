// A page of a list, newest first, in bounded work: rows are read along an index that has their order, and where that
// index does not know all that is asked for, so many of them are looked at and no more.

import { getTableColumns, getTableName, type InferSelectModel, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Position, ROWS_LOOKED_AT, type Stretch } from "../platform/paging.ts";
import { toRow } from "../platform/table-row.ts";
import type { Book } from "./book.ts";
import type { Value } from "./sql.ts";

/** @see afterPosition: rows come after it when ordered by time and then id, both descending */
export type Page = { limit: number; after: Position | null };

/** A condition in SQL with its values; undefined where it is not asked for. */
export type Condition = readonly [sql: string, ...values: Value[]] | undefined;

/** When the rows were made, ms: from then on, and before then. */
export type CreatedRange = { createdAfterMs?: number | undefined; createdBeforeMs?: number | undefined };

type Asked = {
  /** What an index answers that also has the order: by time, or by these and then time. */
  along?: readonly Condition[];
  /** What only the row itself tells. */
  beside?: readonly Condition[];
  range?: CreatedRange;
  /** `along` leaves a few rows: they are found by it and sorted. */
  isFew?: boolean;
};

/** `column = value`, where a value is asked for. @param condition such as `status = ?` */
export function given(condition: string, value: Value | undefined): Condition {
  return value === undefined ? undefined : [condition, value];
}

/** Rows that were found already. @param ids undefined where nothing was asked for by them */
export function among(ids: readonly string[] | undefined): Condition {
  return ids && ["id IN (SELECT value FROM json_each(?))", JSON.stringify(ids)];
}

/**
 * The ids of a page's rows, and of one more where there are more.
 * @param table has `created_at_ms` and `id`
 */
export function findPage(
  book: Book,
  table: string,
  { along = [], beside = [], range = {}, isFew = false }: Asked,
  { limit, after }: Page,
): Stretch<string> {
  const { from, before } = boundsOf(range, after);
  const isSearched = !isFew && beside.some((condition) => condition !== undefined);
  const end = isSearched
    ? endOfLook<Position>(book, [...along, before, notBefore(from)], {
        columns: `created_at_ms AS timeMs, id FROM ${table}`,
        order: "created_at_ms DESC, id DESC",
      })
    : null;
  const [where, values] = whereOf([...along, before, notBefore(end ?? from), ...beside.map(unindexed)]);
  // A plus keeps SQLite from taking an index on the column.
  const order = isFew ? "+created_at_ms DESC, +id DESC" : "created_at_ms DESC, id DESC";
  const found = book.sql.all<{ id: string }>(
    `SELECT id FROM ${table} ${where} ORDER BY ${order} LIMIT ?`,
    ...values,
    limit + 1,
  );
  return { rows: found.map(({ id }) => id), stoppedAt: end };
}

/** What follows the table of a page's rows; its value are their ids, as JSON. A plus keeps SQLite off the indexes. */
export const ON_THE_PAGE =
  "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY +created_at_ms DESC, +id DESC";

/** The rows of a page, newest first. @param table has `created_at_ms` and `id` */
export function pageOfRows<Table extends SQLiteTable>(
  book: Book,
  table: Table,
  asked: Asked,
  page: Page,
): Stretch<InferSelectModel<Table>> {
  const name = getTableName(table);
  const { rows: ids, stoppedAt } = findPage(book, name, asked, page);
  const columns = Object.values(getTableColumns(table)).map((column) => column.name);
  const raws = book.sql.all(`SELECT ${columns.join(", ")} FROM ${name} ${ON_THE_PAGE}`, JSON.stringify(ids));
  return { rows: raws.map((raw) => toRow(table, raw)), stoppedAt };
}

/** For the rows of a page that {@link findPage} has found. */
export function isIn(column: SQLiteColumn, ids: readonly (string | number)[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

/**
 * The two ends of what is read. Each is one condition: of two, SQLite takes one for its index and reads the rows
 * that the other leaves out.
 */
function boundsOf(
  { createdAfterMs, createdBeforeMs }: CreatedRange,
  after: Position | null,
): { from: Position | null; before: Condition } {
  const from = createdAfterMs === undefined ? null : { timeMs: createdAfterMs, id: "" };
  const isWithin = after && (createdBeforeMs === undefined || after.timeMs < createdBeforeMs);
  if (isWithin) return { from, before: ["(created_at_ms, id) < (?, ?)", after.timeMs, after.id] };
  return { from, before: given("created_at_ms < ?", createdBeforeMs) };
}

function notBefore(from: Position | null): Condition {
  return from ? ["(created_at_ms, id) >= (?, ?)", from.timeMs, from.id] : undefined;
}

/**
 * The last row that is looked at, of those that an index answers; null where those are all.
 * @param list.columns with the table: what stands between SELECT and WHERE
 */
export function endOfLook<Row extends Position>(
  book: Book,
  along: readonly Condition[],
  list: { columns: string; order: string },
): Row | null {
  const [where, values] = whereOf(along);
  const [last, next] = book.sql.all<Row>(
    `SELECT ${list.columns} ${where} ORDER BY ${list.order} LIMIT 2 OFFSET ?`,
    ...values,
    ROWS_LOOKED_AT - 1,
  );
  return last && next ? last : null;
}

function unindexed(condition: Condition): Condition {
  if (condition === undefined) return undefined;
  const [text, ...values] = condition;
  return [`+${text}`, ...values];
}

/** A WHERE of those that are asked for; empty where none is. */
export function whereOf(conditions: readonly Condition[]): [where: string, values: Value[]] {
  const [condition, values] = joinConditions(conditions);
  return [condition === "" ? "" : `WHERE ${condition}`, values];
}

/** Those that are asked for as one condition; empty where none is. */
export function joinConditions(conditions: readonly Condition[]): [condition: string, values: Value[]] {
  const asked = conditions.filter((condition) => condition !== undefined);
  return [asked.map(([text]) => text).join(" AND "), asked.flatMap(([, ...values]) => values)];
}
