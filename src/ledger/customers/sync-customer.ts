// Bringing a customer to Stripe as it is now, or taking a deleted one away there. The work ends only when what was
// written is still what there is to write; so whatever order tries run in and wherever one is cut off, the last to
// write at Stripe has written the last state.

import { fullAddress } from "../../platform/full-address.ts";
import type { Scope } from "../../platform/scope.ts";
import { fieldsToPush, ownMetadata, type StripeField } from "../../platform/stripe-customer.ts";
import type { Address, StripeCustomerState } from "../../platform/tables/customers.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork, findOutboxRow, readWork } from "../outbox/outbox-row.ts";
import { syncWork, syncWorkOf, type WorkOf } from "../outbox/work.ts";
import { findCustomerEvenDeleted, stripeIdIn, updateCustomer } from "./customer-rows.ts";
import type { CustomerRow } from "./customer-state.ts";
import type { StripeSaid } from "./merge-said.ts";
import { isOutbound, presentWays } from "./outbound.ts";
import { noteSent } from "./push-all.ts";
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
  /** Stripe is asked what it has, also where there is nothing to write. */
  pulls: boolean;
  /** Of one that was deleted: the subscriptions that are canceled with it, by Stripe's ids; null: it was to have none. */
  cancels: string[] | null;
};

export const customerSync: KindOfWork<"sync_customer", CustomerSync> = {
  claim: claimSync,
  isOver: (book, work) => isSynced(book, work, findCustomerEvenDeleted(book, work.customerId)),
  onGivenUp(book, { id, customerId, ofRun }, error) {
    if (ofRun) noteSent(book, "failed");
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
  const pulls = work.pull ?? false;
  const nothing = { begun: null, fields: [], doubtful: [], cancels, pulls };
  const customer = findCustomerEvenDeleted(book, customerId);
  if (!customer || isSynced(book, work, customer)) {
    if (customer?.deletedAtMs === null && customer.syncStatus === "pending")
      updateCustomer(book, customerId, { syncStatus: "off", syncError: null });
    return null;
  }
  const connection = readConnection(book);
  if (customer.deletedAtMs !== null || !connection) return { customer, ...nothing };
  const { accountId } = connection;
  if (!connection.syncConfig.customer.outbound) {
    if (customer.syncStatus === "pending")
      updateCustomer(book, customerId, { syncStatus: "off", syncError: null });
    const stripeCustomerId = stripeIdIn(customer, accountId);
    return stripeCustomerId === null
      ? null
      : { customer, ...nothing, begun: { stripeCustomerId, accountId } };
  }
  const begun = { ...beginCreation(book, customer, accountId), accountId };
  const doubtful = askedBefore(book, customerId);
  const ways = presentWays(book);
  const fields = fieldsToPush(book.scope, customer, doubtful, (field) => ways[field].pushed);
  if ("stripeCustomerId" in begun) noteAsked(book, work.id, fields);
  return { customer, begun, fields, doubtful, cancels, pulls };
}

/** Whether there is nothing to bring to Stripe of it. */
function isSynced(
  book: Book,
  { cancels, pull }: WorkOf<"sync_customer">,
  customer: CustomerRow | undefined,
): boolean {
  if (!customer) return true;
  // Deleted while customers were not sent to Stripe: that one stays there, but what was to be canceled with it.
  if (customer.deletedAtMs !== null) return customer.syncStatus === "off" && !cancels?.length;
  const connection = readConnection(book);
  if (!connection || connection.syncConfig.customer.outbound) return false;
  const isPulled = pull === true && connection.syncConfig.customer.inbound;
  return !isPulled || stripeIdIn(customer, connection.accountId) === null;
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
  /** What Stripe answered that it has now; null: it was not asked. */
  said: Required<StripeSaid> | null;
  /** When Stripe answered, ms; null: it did not say. */
  seenAtMs: number | null;
};

/**
 * Notes a push, and ends the work if what was pushed is still what there is to push.
 * @param input.pushed null: its Stripe customer, or ours, was gone
 * @returns what is to be pushed once more, null where it is done; and the fields that changed here by Stripe's answer
 */
export function concludeSync(
  book: Book,
  { work, pushed }: { work: WorkOf<"sync_customer">; pushed: Pushed | null },
): { next: CustomerSync | null; taken: StripeField[] } {
  const customer = findCustomerEvenDeleted(book, work.customerId);
  const row = findOutboxRow(book, work.id);
  const outstanding = row && readWork(row);
  if (pushed && customer?.deletedAtMs === null && customer.revision === pushed.revision) {
    const taken = notePushed(book, customer, pushed);
    if (outstanding?.kind === "sync_customer" && outstanding.ofRun) noteSent(book, "pushed");
    endWork(book, work.id);
    // Those that gave up before are made good by it.
    for (const id of worksOf(book, customer.id, "status = 'dead'")) endWork(book, id);
    return { next: null, taken };
  }
  // Another try may have done it.
  if (outstanding?.kind !== "sync_customer") return { next: null, taken: [] };
  const next = claimSync(book, outstanding);
  if (!next) endWork(book, work.id);
  return { next, taken: [] };
}

/** What was written is in step. The rest of Stripe's answer is news from there, which no event may tell any more. */
function notePushed(book: Book, customer: CustomerRow, { fields, said, seenAtMs }: Pushed): StripeField[] {
  const isSent = isOutbound(book);
  const seen = Math.max(customer.stripeSeenAtMs ?? 0, seenAtMs ?? 0);
  const synced = {
    syncStatus: isSent ? ("synced" as const) : ("off" as const),
    syncError: null,
    ...(said && { stripeState: stateWritten(book.scope, customer, fields, said) }),
    stripeSeenAtMs: seen,
  };
  const { stripeCustomerId, stripeAccountId } = customer;
  if (!said || stripeCustomerId === null || stripeAccountId === null) {
    updateCustomer(book, customer.id, { ...synced, updatedAtMs: book.nowMs });
    return [];
  }
  updateCustomer(book, customer.id, isSent ? { ...synced, updatedAtMs: book.nowMs } : synced);
  const link = { stripeCustomerId, stripeAccountId };
  const row = { ...customer, ...synced };
  return takeOver(book, row, { link, said, seenAtMs: seen, putsBack: false }).fields;
}

/** Of an address and of metadata only what was changed here was written: the rest is as it was known. */
function stateWritten(
  scope: Scope,
  customer: CustomerRow,
  fields: readonly StripeField[],
  said: Required<StripeSaid>,
): StripeCustomerState {
  const known = customer.stripeState;
  if (known === null) return { ...said, pushedMetadata: ownOf(scope, customer, said.metadata) };
  const isWritten = (field: StripeField) => fields.includes(field);
  return {
    name: isWritten("name") ? said.name : known.name,
    email: isWritten("email") ? said.email : known.email,
    phone: isWritten("phone") ? said.phone : known.phone,
    address: isWritten("address") ? addressWritten(customer, known, said) : known.address,
    pushedMetadata: isWritten("metadata")
      ? metadataWritten(ownMetadata(scope, customer), known.pushedMetadata, said.metadata)
      : known.pushedMetadata,
  };
}

function addressWritten(
  { address }: CustomerRow,
  known: StripeCustomerState,
  said: Required<StripeSaid>,
): Address | null {
  const [mine, before, now] = [address, known.address, said.address].map(fullAddress);
  if (!mine || !before) return now ?? null;
  const parts = Object.keys(mine) as (keyof Address)[];
  const written = parts.map((part) => [part, (mine[part] === before[part] ? before : now)?.[part] ?? null]);
  return fullAddress(Object.fromEntries(written));
}

function metadataWritten(
  own: Record<string, string>,
  known: Record<string, string>,
  said: Record<string, string>,
): Record<string, string> {
  const keys = [...new Set([...Object.keys(own), ...Object.keys(known)])];
  const at = (key: string) => (own[key] === known[key] ? known : said)[key];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = at(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function ownOf(scope: Scope, customer: CustomerRow, said: Record<string, string>): Record<string, string> {
  const own = ownMetadata(scope, customer);
  return Object.fromEntries(Object.entries(said).filter(([key]) => Object.hasOwn(own, key)));
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
