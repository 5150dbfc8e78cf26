// Work that gave up or waits, for those who look after it. The table holds only what is outstanding, so that it is
// read through.

import type { Book } from "../book.ts";
import { findOutboxRow, OUTBOX_COLUMNS, type OutboxRow } from "../outbox/outbox-row.ts";
import type { Value } from "../sql.ts";

export type StuckWorkFilter = {
  status?: "dead" | "waiting" | undefined;
  kind?: string | undefined;
  invoiceId?: string | undefined;
  customerId?: string | undefined;
};

/** Newest first. */
export function listStuckWork(
  book: Book,
  input: { filter: StuckWorkFilter; limit: number; after: { timeMs: number; id: string } | null },
): OutboxRow[] {
  const { filter, after } = input;
  const conditions: [sql: string, ...values: Value[]][] = [
    filter.status === undefined ? ["status IN ('dead', 'waiting')"] : ["status = ?", filter.status],
  ];
  if (filter.kind !== undefined) conditions.push(["kind = ?", filter.kind]);
  if (filter.invoiceId !== undefined) conditions.push([about("invoiceId"), filter.invoiceId]);
  if (filter.customerId !== undefined) conditions.push([about("customerId"), filter.customerId]);
  if (after) conditions.push(["(updated_at_ms, id) < (?, ?)", after.timeMs, after.id]);
  return book.sql.all<OutboxRow>(
    `SELECT ${OUTBOX_COLUMNS} FROM outbox WHERE ${conditions.map(([sql]) => sql).join(" AND ")}
     ORDER BY updated_at_ms DESC, id DESC LIMIT ?`,
    ...conditions.flatMap(([, ...values]) => values),
    input.limit,
  );
}

/** One that is outstanding, whatever its status. */
export function findWork(book: Book, { id }: { id: string }): OutboxRow | null {
  return findOutboxRow(book, id) ?? null;
}

function about(name: "invoiceId" | "customerId"): string {
  // What another version has written may be of any shape.
  return `CASE WHEN json_valid(subject) THEN subject ->> '${name}' END = ?`;
}
