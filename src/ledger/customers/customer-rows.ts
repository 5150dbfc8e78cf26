// Customers as rows. A row outlives its customer, because the invoices are history.

import { and, asc, eq, gt, isNull } from "drizzle-orm";
import { customers } from "../../platform/tables/customers.ts";
import type { Book } from "../book.ts";
import type { CustomerRow } from "./customer-state.ts";

export function findCustomerEvenDeleted(book: Book, id: string): CustomerRow | undefined {
  return book.db.select().from(customers).where(eq(customers.id, id)).get();
}

/** Undefined for one that was deleted, too. */
export function findCustomer(book: Book, id: string): CustomerRow | undefined {
  const row = findCustomerEvenDeleted(book, id);
  return row?.deletedAtMs === null ? row : undefined;
}

/** Our customer of a Stripe customer. One that was deleted is found as well: what is Stripe's stays its history. */
export function findCustomerByStripeId(book: Book, stripeCustomerId: string): CustomerRow | undefined {
  return book.db.select().from(customers).where(eq(customers.stripeCustomerId, stripeCustomerId)).get();
}

/** Those that have exactly this mail address, two at the most, without those that were deleted. */
export function findCustomersByEmail(book: Book, email: string): CustomerRow[] {
  return book.db
    .select()
    .from(customers)
    .where(and(eq(customers.email, email), isNull(customers.deletedAtMs)))
    .limit(2)
    .all();
}

/** In the order of their ids, without those that were deleted. */
export function findCustomersAfter(book: Book, id: string, limit: number): CustomerRow[] {
  return book.db
    .select()
    .from(customers)
    .where(and(gt(customers.id, id), isNull(customers.deletedAtMs)))
    .orderBy(asc(customers.id))
    .limit(limit)
    .all();
}

export function updateCustomer(book: Book, id: string, set: Partial<Omit<CustomerRow, "id">>): void {
  book.db.update(customers).set(set).where(eq(customers.id, id)).run();
}

/** The id of its Stripe customer, if that lives in this account; one of another account counts as none. */
export function stripeIdIn(row: CustomerRow, accountId: string): string | null {
  return row.stripeAccountId === accountId ? row.stripeCustomerId : null;
}
