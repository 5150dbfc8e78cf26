// Customers as they are read: one, lists, and names for lists of other things.

import { AppError, notFound } from "../../platform/app-error.ts";
import type { Stretch } from "../../platform/paging.ts";
import { customers } from "../../platform/tables/customers.ts";
import type { Book } from "../book.ts";
import { among, type Page, pageOfRows } from "../page.ts";
import { soughtCustomers } from "../search/sought.ts";
import { findCustomer, findCustomerEvenDeleted } from "./customer-rows.ts";
import type { CustomerRow } from "./customer-state.ts";

export type CustomerFilter = {
  /** As somebody types it: an id, or the beginning of a name or a mail address. */
  search?: string | undefined;
};

/** @throws AppError `not_found`, also for one that was deleted */
export function getCustomer(book: Book, { id }: { id: string }): CustomerRow {
  const row = findCustomer(book, id);
  if (!row) throw notFound("customer", id);
  return row;
}

/** For what is made for a customer. @throws AppError `validation_failed` when there is none, or it was deleted */
export function requireCustomer(book: Book, { customerId }: { customerId: string }): void {
  if (findCustomer(book, customerId)) return;
  const message = `There is no customer '${customerId}' in this environment. Create it first with POST /api/v1/customers.`;
  throw new AppError("validation_failed", { detail: message, errors: [{ path: "customer_id", message }] });
}

/** The row, which outlives its customer. */
export function findCustomerRow(book: Book, { id }: { id: string }): CustomerRow | undefined {
  return findCustomerEvenDeleted(book, id);
}

/** Newest first, without those that were deleted. */
export function listCustomers(
  book: Book,
  { filter: { search }, page }: { filter: CustomerFilter; page: Page },
): Stretch<CustomerRow> {
  const few = among(search === undefined ? undefined : soughtCustomers(book, search));
  const asked = { along: [few], beside: [["deleted_at_ms IS NULL"] as const], isFew: few !== undefined };
  return pageOfRows(book, customers, asked, page);
}

/** The names of these customers by id. */
export function findCustomerNames(book: Book, { ids }: { ids: readonly string[] }): Map<string, string> {
  const rows = book.sql.all<{ id: string; name: string }>(
    "SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each(?))",
    JSON.stringify([...new Set(ids)]),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
