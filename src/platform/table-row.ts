// Rows as SQLite gives them, in the form of their table: names as the code has them, JSON parsed, booleans as
// such. For statements that are written as text, or run where Drizzle does not.

import { getTableColumns, type InferSelectModel } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** @param raw at least all columns of the table, under their own names: `SELECT *` */
export function toRow<Table extends SQLiteTable>(
  table: Table,
  raw: Readonly<Record<string, unknown>>,
): InferSelectModel<Table> {
  const columns = Object.entries(getTableColumns(table));
  const values = columns.map(([name, column]) => {
    const value = raw[column.name];
    return [name, value === null ? null : column.mapFromDriverValue(value)] as const;
  });
  return Object.fromEntries(values) as InferSelectModel<Table>;
}
