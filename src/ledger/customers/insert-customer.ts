// A customer begins, wherever it comes from: its row, its place in the audit log, and the message to the platform are
// written together.

import { customers } from "../../platform/tables/customers.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { announce } from "../notifications/announce.ts";
import type { CustomerRow } from "./customer-state.ts";

type NewCustomer = Pick<
  CustomerRow,
  "id" | "name" | "email" | "phone" | "address" | "metadata" | "syncStatus"
> &
  Partial<Pick<CustomerRow, "stripeCustomerId" | "stripeAccountId" | "stripeSeenAtMs" | "stripeState">>;

/** The id must be free. */
export function insertCustomer(book: Book, customer: NewCustomer): CustomerRow {
  const row: CustomerRow = {
    stripeCustomerId: null,
    stripeAccountId: null,
    stripeSeenAtMs: null,
    stripeState: null,
    ...customer,
    stripeCreation: null,
    syncError: null,
    revision: 1,
    deletedAtMs: null,
    createdAtMs: book.nowMs,
    updatedAtMs: book.nowMs,
  };
  book.db.insert(customers).values(row).run();
  const { id } = row;
  announce(book, { type: "customer.created", key: id, object: { kind: "customer", id } });
  // Its id alone: the audit log outlives the customer's data.
  writeAudit(book, { action: "customer.created", object: "customer", objectId: id });
  return row;
}
