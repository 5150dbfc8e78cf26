// Bringing a customer to Stripe as it is now, or taking a deleted one away there. The work ends only when what was
// written is still what there is to write; so whatever order tries run in and wherever one is cut off, the last to
// write at Stripe has written the last state.

import { fieldsToPush, ownMetadata, type StripeField } from "../../platform/stripe-customer.ts";
import type { StripeCustomerState } from "../../platform/tables/customers.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork, findOutboxRow, readWork } from "../outbox/outbox-row.ts";
import { syncWork, syncWorkOf, type WorkOf } from "../outbox/work.ts";
import { findCustomerEvenDeleted, updateCustomer } from "./customer-rows.ts";
import type { CustomerRow } from "./customer-state.ts";
import { type BegunCreation, beginCreation } from "./stripe-creation.ts";
import { takeOver } from "./take-over.ts";

export type CustomerSync = {
  customer: CustomerRow;
  /** Its Stripe customer in the account that was connected when it was claimed; null for one that was deleted. */
  begun: (BegunCreation & { accountId: string }) | null;
  /** What is to be written of it, where it has its Stripe customer. */
  fields: StripeField[];
  /** What an earlier try may have written unheard. */
  doubtful: string[];
  /** Of one that was deleted: the subscriptions that are canceled with it, by Stripe's ids; null: it was to have none. */
  cancels: string[] | null;
};

export const customerSync: KindOfWork<"sync_customer", CustomerSync> = {
  claim: claimSync,
  isOver: (book, work) => isSynced(book, work, findCustomerEvenDeleted(book, work.customerId)),
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

function claimSync(book: Book, work: WorkOf<"sync_customer">): CustomerSync | null {
  const { customerId } = work;
  const cancels = work.cancels ?? null;
  const nothing = { begun: null, fields: [], doubtful: [], cancels };
  const customer = findCustomerEvenDeleted(book, customerId);
  if (!customer || isSynced(book, work, customer)) {
    if (customer?.deletedAtMs === null && customer.syncStatus === "pending")
      updateCustomer(book, customerId, { syncStatus: "off", syncError: null });
    return null;
  }
  const connection = readConnection(book);
  if (customer.deletedAtMs !== null || !connection) return { customer, ...nothing };
  const { accountId } = connection;
  const begun = { ...beginCreation(book, customer, accountId), accountId };
  const doubtful = askedBefore(book, customerId);
  const fields = fieldsToPush(book.scope, customer, doubtful);
  if ("stripeCustomerId" in begun) noteAsked(book, work.id, fields);
  return { customer, begun, fields, doubtful, cancels };
}

/** Whether there is nothing to bring to Stripe of it. */
function isSynced(
  book: Book,
  { cancels }: WorkOf<"sync_customer">,
  customer: CustomerRow | undefined,
): boolean {
  if (!customer) return true;
  // Deleted while customers were not sent to Stripe: that one stays there, but what was to be canceled with it.
  if (customer.deletedAtMs !== null) return customer.syncStatus === "off" && !cancels?.length;
  return readConnection(book)?.syncConfig.customer.outbound === false;
}

/** What tries of this customer's outstanding work may have written at Stripe, also late. */
function askedBefore(book: Book, customerId: string): string[] {
  const works = worksOf(book, customerId).map((id) => findOutboxRow(book, id));
  const asked = works.flatMap((row) => {
    const work = row && readWork(row);
    return work?.kind === "sync_customer" ? (work.asked ?? []) : [];
  });
  return [...new Set(asked)];
}

function noteAsked(book: Book, workId: string, fields: readonly string[]): void {
  book.sql.run(
    "UPDATE outbox SET subject = json_set(subject, '$.asked', json(?)) WHERE id = ?",
    JSON.stringify(fields),
    workId,
  );
}

export type Pushed = {
  revision: number;
  /** What was written. */
  fields: readonly StripeField[];
  /** What Stripe answered that it has now; null: nothing had to be written. */
  said: Omit<StripeCustomerState, "pushedMetadata"> | null;
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
    notePushed(book, customer, pushed);
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

/** What was written is in step. The rest of Stripe's answer is news from there, which no event may tell any more. */
function notePushed(book: Book, customer: CustomerRow, { fields, said, seenAtMs }: Pushed): void {
  const known = customer.stripeState;
  const written = (field: StripeField) => fields.includes(field);
  const state = said && {
    name: known && !written("name") ? known.name : said.name,
    email: known && !written("email") ? known.email : said.email,
    phone: known && !written("phone") ? known.phone : said.phone,
    address: known && !written("address") ? known.address : said.address,
    pushedMetadata: written("metadata") ? ownMetadata(book.scope, customer) : (known?.pushedMetadata ?? {}),
  };
  const synced = {
    syncStatus: "synced" as const,
    syncError: null,
    ...(state && { stripeState: state }),
    stripeSeenAtMs: Math.max(customer.stripeSeenAtMs ?? 0, seenAtMs ?? 0),
    updatedAtMs: book.nowMs,
  };
  updateCustomer(book, customer.id, synced);
  const { stripeCustomerId, stripeAccountId } = customer;
  if (!said || stripeCustomerId === null || stripeAccountId === null) return;
  if (!readConnection(book)?.syncConfig.customer.inbound) return;
  const news = Object.fromEntries(
    Object.entries(said).filter(([name]) => !fields.some((one) => one === name)),
  );
  const link = { stripeCustomerId, stripeAccountId };
  takeOver(book, { ...customer, ...synced }, { link, said: news, seenAtMs: synced.stripeSeenAtMs });
}

function hasOther(book: Book, workId: string, customerId: string): boolean {
  return worksOf(book, customerId, "status <> 'dead'").some((id) => id !== workId);
}

function worksOf(
  book: Book,
  customerId: string,
  which: "status = 'dead'" | "status <> 'dead'" | "TRUE" = "TRUE",
): string[] {
  // A range on the key: `0` follows `/`.
  const rows = book.sql.all<{ id: string }>(
    `SELECT id FROM outbox WHERE id > ?1 || '/' AND id < ?1 || '0' AND ${which}`,
    syncWorkOf(customerId),
  );
  return rows.map(({ id }) => id);
}
