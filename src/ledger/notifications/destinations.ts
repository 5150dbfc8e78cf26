// Event destinations as they are stored. An environment has few, so they are read all at once.

import { notFound } from "../../platform/app-error.ts";
import { toRow } from "../../platform/table-row.ts";
import type { Book } from "../book.ts";
import { eventDestinations } from "../tables/notifications.ts";

export type DestinationRow = typeof eventDestinations.$inferSelect;

/** Oldest first; also those that are switched off. */
export function allDestinations(book: Book): DestinationRow[] {
  return book.sql
    .all("SELECT * FROM event_destinations")
    .map((raw) => toRow(eventDestinations, raw))
    .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
}

export function findDestination(book: Book, { id }: { id: string }): DestinationRow | undefined {
  const raw = book.sql.first("SELECT * FROM event_destinations WHERE id = ?", id);
  return raw && toRow(eventDestinations, raw);
}

/** @throws AppError `not_found` */
export function getDestination(book: Book, { id }: { id: string }): DestinationRow {
  const found = findDestination(book, { id });
  if (!found) throw notFound("event destination", id);
  return found;
}

/** Newest first, and one more than the limit where there are more. */
export function listDestinations(
  book: Book,
  page: { limit: number; after: { timeMs: number; id: string } | null },
): DestinationRow[] {
  const { limit, after } = page;
  const newestFirst = allDestinations(book).reverse();
  const isAfter = ({ createdAtMs, id }: DestinationRow) =>
    after === null || createdAtMs < after.timeMs || (createdAtMs === after.timeMs && id < after.id);
  return newestFirst.filter(isAfter).slice(0, limit + 1);
}

/** All that changes of one. */
export function saveDestination(book: Book, row: DestinationRow): DestinationRow {
  book.sql.run(
    `UPDATE event_destinations SET url = ?, event_types = ?, description = ?, is_active = ?, disabled_reason = ?,
       failing_since_ms = ?, updated_at_ms = ?
     WHERE id = ?`,
    row.url,
    row.eventTypes && JSON.stringify(row.eventTypes),
    row.description,
    row.isActive ? 1 : 0,
    row.disabledReason,
    row.failingSinceMs,
    row.updatedAtMs,
    row.id,
  );
  return row;
}
