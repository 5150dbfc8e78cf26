// Bringing a customer to Stripe as it is now, or taking a deleted one away there. The work ends only when what was
// written is still what there is to write; so whatever order tries run in and wherever one is cut off, the last to
// write at Stripe has written the last state.

import type { StripeCustomerState } from "../../platform/tables/customers.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork, findOutboxRow } from "../outbox/outbox-row.ts";
import { syncWork, syncWorkOf, type WorkOf } from "../outbox/work.ts";
import { findCustomerEvenDeleted, updateCustomer } from "./customer-rows.ts";
import type { CustomerRow } from "./customer-state.ts";
import { type BegunCreation, beginCreation } from "./stripe-creation.ts";

export type CustomerSync = {
  customer: CustomerRow;
  /** Its Stripe customer in the account that was connected when it was claimed; null for one that was deleted. */
  begun: (BegunCreation & { accountId: string }) | null;
};

export const customerSync: KindOfWork<"sync_customer", CustomerSync> = {
  claim: claimSync,
  onGivenUp(book, { id, customerId }, error) {
    const customer = findCustomerEvenDeleted(book, customerId);
    if (!customer) return;
    if (customer.deletedAtMs === null) {
      // Unless a newer one is to try that.
      if (customer.syncStatus === "pending" && !hasOther(book, id, customerId))
        updateCustomer(book, customerId, { syncStatus: "failed", syncError: error, updatedAtMs: book.nowMs });
      return;
    }
    // Deleted while it ran: there is nothing left to write, and Stripe's words may name the address that was to
    // be forgotten. The work that takes it away at Stripe is a later one.
    if (id !== syncWork(customerId, customer.revision).id) endWork(book, id);
  },
  onRetried(book, { customerId }) {
    const customer = findCustomerEvenDeleted(book, customerId);
    if (customer?.syncStatus === "failed" && customer.deletedAtMs === null)
      updateCustomer(book, customerId, { syncStatus: "pending", syncError: null });
  },
};

function claimSync(book: Book, { customerId }: WorkOf<"sync_customer">): CustomerSync | null {
  const customer = findCustomerEvenDeleted(book, customerId);
  if (!customer) return null;
  // Deleted while customers were not sent to Stripe: that one stays there.
  if (customer.deletedAtMs !== null) return customer.syncStatus === "off" ? null : { customer, begun: null };
  const connection = readConnection(book);
  if (connection && !connection.syncConfig.customer.outbound) {
    if (customer.syncStatus === "pending")
      updateCustomer(book, customerId, { syncStatus: "off", syncError: null });
    return null;
  }
  if (!connection) return { customer, begun: null };
  const { accountId } = connection;
  return { customer, begun: { ...beginCreation(book, customer, accountId), accountId } };
}

export type Pushed = {
  revision: number;
  /** What Stripe has now; null where that is kept already. */
  state: StripeCustomerState | null;
  /** When Stripe answered, ms; null: it did not say. */
  seenAtMs: number | null;
};

/**
 * Notes a push, and ends the work if what was pushed is still what there is to push.
 * @param input.pushed null: its Stripe customer, or ours, was gone
 * @returns what is to be pushed once more; null where it is done
 */
export function concludeSync(
  book: Book,
  { work, pushed }: { work: WorkOf<"sync_customer">; pushed: Pushed | null },
): CustomerSync | null {
  const customer = findCustomerEvenDeleted(book, work.customerId);
  if (pushed && customer?.deletedAtMs === null && customer.revision === pushed.revision) {
    const { state, seenAtMs } = pushed;
    updateCustomer(book, customer.id, {
      syncStatus: "synced",
      syncError: null,
      ...(state && { stripeState: state }),
      stripeSeenAtMs: Math.max(customer.stripeSeenAtMs ?? 0, seenAtMs ?? 0),
      updatedAtMs: book.nowMs,
    });
    endWork(book, work.id);
    // Those that gave up before are made good by it.
    for (const id of worksOf(book, customer.id, "status = 'dead'")) endWork(book, id);
    return null;
  }
  // Another try may have done it.
  if (!findOutboxRow(book, work.id)) return null;
  const next = claimSync(book, work);
  if (!next) endWork(book, work.id);
  return next;
}

function hasOther(book: Book, workId: string, customerId: string): boolean {
  return worksOf(book, customerId, "status <> 'dead'").some((id) => id !== workId);
}

function worksOf(book: Book, customerId: string, which: "status = 'dead'" | "status <> 'dead'"): string[] {
  // A range on the key: `0` follows `/`.
  const rows = book.sql.all<{ id: string }>(
    `SELECT id FROM outbox WHERE id > ?1 || '/' AND id < ?1 || '0' AND ${which}`,
    syncWorkOf(customerId),
  );
  return rows.map(({ id }) => id);
}
