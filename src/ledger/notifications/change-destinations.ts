// Makes, changes and deletes event destinations. What was still to be sent to one that is switched off or deleted
// has failed.

import { overBudget } from "../../platform/budgets.ts";
import type { AuditDetail } from "../../platform/tables/calls.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { presentBudgets } from "../budgets/budgets.ts";
import { eventDestinations } from "../tables/notifications.ts";
import { type DestinationView, viewOfDestination } from "./destination-view.ts";
import {
  allDestinations,
  type DestinationRow,
  findDestination,
  getDestination,
  saveDestination,
} from "./destinations.ts";
import { failPending } from "./fail-pending.ts";

/**
 * Of several tries of one call, which have one id, the first makes it.
 * @param input.url as it will be called; its secret is in the directory already
 * @throws AppError `conflict` when there are as many as the environment may have
 */
export function insertDestination(
  book: Book,
  input: Pick<DestinationRow, "id" | "url" | "eventTypes" | "description">,
): DestinationView {
  const made = findDestination(book, input);
  if (made) return viewOfDestination(book, made);
  const most = presentBudgets(book).event_destinations;
  if (allDestinations(book).length >= most)
    throw overBudget({ name: "event_destinations", most, freeAtMs: null }, book.nowMs, "conflict");
  const destination: DestinationRow = {
    ...input,
    tenantId: book.scope.tenantId,
    isActive: true,
    disabledReason: null,
    failingSinceMs: null,
    createdAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  };
  book.db.insert(eventDestinations).values(destination).run();
  note(book, destination.id, "created", { host: new URL(destination.url).host });
  return viewOfDestination(book, destination);
}

/** What is not named stays as it is. */
export type DestinationSet = {
  id: string;
  url?: string | undefined;
  eventTypes?: string[] | null | undefined;
  description?: string | null | undefined;
  isActive?: boolean | undefined;
};

/**
 * Switched on, or at a new address, it begins with a clean slate.
 * @throws AppError `not_found`
 */
export function updateDestination(book: Book, { id, ...change }: DestinationSet): DestinationView {
  const present = getDestination(book, { id });
  const { url, eventTypes, description, isActive } = change;
  const set: Partial<DestinationRow> = {
    ...(url === undefined || url === present.url ? {} : { url, failingSinceMs: null }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
    ...(description === undefined ? {} : { description }),
    ...(isActive === undefined ? {} : { isActive, disabledReason: null }),
    ...(isActive === true ? { failingSinceMs: null } : {}),
    updatedAtMs: book.nowMs,
  };
  const changed = saveDestination(book, { ...present, ...set });
  if (isActive === false) failPending(book, id, "The destination was switched off.");
  note(book, id, "changed", detailOf(present, changed));
  return viewOfDestination(book, changed);
}

/** @throws AppError `not_found` */
export function removeDestination(book: Book, { id }: { id: string }): void {
  const { url } = getDestination(book, { id });
  book.sql.run("DELETE FROM event_destinations WHERE id = ?", id);
  failPending(book, id, "The destination was deleted.");
  note(book, id, "deleted", { host: new URL(url).host });
}

function note(
  book: Book,
  objectId: string,
  act: "created" | "changed" | "deleted",
  detail: AuditDetail,
): void {
  writeAudit(book, { action: `event_destination.${act}`, object: "event_destination", objectId, detail });
}

// Hosts only: a path or a query may hold the receiver's own token.
function detailOf(from: DestinationRow, to: DestinationRow): AuditDetail {
  const types = (row: DestinationRow) => row.eventTypes?.join(", ") ?? "all";
  return {
    ...(from.url === to.url ? {} : { host: { from: new URL(from.url).host, to: new URL(to.url).host } }),
    ...(types(from) === types(to) ? {} : { event_types: { from: types(from), to: types(to) } }),
    ...(from.isActive === to.isActive ? {} : { is_active: { from: from.isActive, to: to.isActive } }),
  };
}
