// Bringing a customer to Stripe: which one, and what giving up leaves on it.

import type { Book } from "../book.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { syncWork, syncWorkOf } from "../outbox/work.ts";

export type CustomerSync = { customerId: string };

export const customerSync: KindOfWork<"sync_customer", CustomerSync> = {
  claim: (_book, { customerId }) => ({ customerId }),
  onGivenUp(book, { id, customerId }, error) {
    const customer = findCustomer(book, customerId);
    if (!customer) return;
    if (customer.deletedAtMs === null) {
      // Unless a newer one is to try that.
      if (customer.syncStatus === "pending" && !hasOther(book, id, customerId))
        setSync(book, customerId, "failed", error);
      return;
    }
    // Deleted while it ran: there is nothing left to write, and Stripe's words may name the address that was to
    // be forgotten. The work that takes it away at Stripe is a later one.
    if (id !== syncWork(customerId, customer.revision).id) endWork(book, id);
  },
  onRetried(book, { customerId }) {
    const customer = findCustomer(book, customerId);
    if (customer?.syncStatus === "failed" && customer.deletedAtMs === null)
      setSync(book, customerId, "pending", null);
  },
};

type KnownCustomer = { syncStatus: string; revision: number; deletedAtMs: number | null };

function findCustomer(book: Book, id: string): KnownCustomer | undefined {
  return book.sql.first<KnownCustomer>(
    `SELECT sync_status AS syncStatus, revision, deleted_at_ms AS deletedAtMs
     FROM customers WHERE environment_id = ? AND id = ?`,
    book.scope.environmentId,
    id,
  );
}

function hasOther(book: Book, workId: string, customerId: string): boolean {
  // A range on the key: `0` follows `/`.
  const found = book.sql.first(
    "SELECT 1 AS one FROM outbox WHERE id > ?1 || '/' AND id < ?1 || '0' AND id <> ?2 AND status <> 'dead'",
    syncWorkOf(customerId),
    workId,
  );
  return found !== undefined;
}

function setSync(book: Book, id: string, status: "pending" | "failed", error: string | null): void {
  book.sql.run(
    `UPDATE customers SET sync_status = ?, sync_error = ?, updated_at_ms = ?
     WHERE environment_id = ? AND id = ?`,
    status,
    error,
    book.nowMs,
    book.scope.environmentId,
    id,
  );
}
