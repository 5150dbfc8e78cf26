// Takes in a Stripe customer as it is now, whoever asked for it: an event that tells of one that is not linked yet, an
// import, or a look at all. It changes ours, is linked to ours, or becomes a customer here, one and no more.

import { CUSTOMER_KEY, ENVIRONMENT_KEY, TENANT_KEY } from "../../platform/our-metadata.ts";
import type { Book } from "../book.ts";
import type { ConnectionCopy } from "../connection/keep-connection.ts";
import { missed } from "../events/missed.ts";
import type { Missed } from "../events/recorded.ts";
import { want } from "../outbox/want.ts";
import { mirrorWork } from "../outbox/work.ts";
import { type CustomerFact, type CustomerRow, orderOf } from "./customer-state.ts";
import { ALL_TAKEN } from "./field-ways.ts";
import { findCounterpart, type Sought } from "./find-counterpart.ts";
import { insertCustomer } from "./insert-customer.ts";
import { mergeSaid, type StripeSaid, saysNothingNew } from "./merge-said.ts";
import { presentWays } from "./outbound.ts";
import { wantPull } from "./pull.ts";
import { type StripeLink, takeOver } from "./take-over.ts";

/** A Stripe customer as Stripe answered. */
export type PresentCustomer = {
  stripeCustomerId: string;
  said: StripeSaid;
  /** When it answered, ms; null: it did not say. */
  seenAtMs: number | null;
  /** Whether it alone has its mail address at Stripe; undefined: nobody has asked. */
  isOnlyOne?: boolean | undefined;
};

export type TakenIn = { outcome: "created" | "linked" | "changed" | "unchanged"; id: string };

export const FOREIGN_CUSTOMER = missed(
  "foreign_object",
  "It carries no metadata of ours, and is not the Stripe customer of ours.",
);

/**
 * @param options.creates whether one without a counterpart becomes a customer here
 * @param options.mirrors whether the subscriptions of one that is new here are to be fetched
 * @returns `count_email`: whether it is linked depends on how many at Stripe have its mail address
 */
export function takeIn(
  book: Book,
  connection: ConnectionCopy,
  present: PresentCustomer,
  options: { creates: boolean; mirrors: boolean },
): TakenIn | Missed | "count_email" {
  const { stripeCustomerId } = present;
  const found = findCounterpart(book, connection, soughtBy(present));
  if (found === "count_email") return found;
  if (found !== null && "missed" in found) return found;
  if (found === null && !options.creates) return FOREIGN_CUSTOMER;
  const link = { stripeCustomerId, stripeAccountId: connection.accountId };
  if (found?.isLinked) return refresh(book, found.row, link, present);
  const id = found ? linkTo(book, found.row, link, present) : create(book, connection, link, present);
  if (options.mirrors) want(book, mirrorWork(id, stripeCustomerId));
  return { outcome: found ? "linked" : "created", id };
}

export function soughtBy({ stripeCustomerId, said, isOnlyOne }: PresentCustomer): Sought {
  const { email = null, metadata = {} } = said;
  return { stripeCustomerId, email, owner: ownerOf(metadata), isOnlyOne };
}

/** An answer that is older than what was seen since says nothing. */
function refresh(book: Book, row: CustomerRow, link: StripeLink, present: PresentCustomer): TakenIn {
  const { id } = row;
  const seenAtMs = present.seenAtMs ?? book.nowMs;
  const unchanged = { outcome: "unchanged" as const, id };
  if (orderOf(seenAtMs, row.stripeSeenAtMs) === "older") return unchanged;
  if (saysNothingNew(row, present.said, presentWays(book))) return unchanged;
  if (row.syncStatus === "pending") {
    wantPull(book, id);
    return unchanged;
  }
  const newest = Math.max(row.stripeSeenAtMs ?? 0, seenAtMs);
  const { fields } = takeOver(book, row, { link, said: present.said, seenAtMs: newest });
  return fields.length > 0 ? { outcome: "changed", id } : unchanged;
}

/** Of a change made here that is on its way, all is written there. */
function linkTo(book: Book, row: CustomerRow, link: StripeLink, present: PresentCustomer): string {
  const isPending = row.syncStatus === "pending";
  takeOver(book, row, {
    link,
    said: isPending ? {} : present.said,
    seenAtMs: isPending ? null : (present.seenAtMs ?? book.nowMs),
  });
  return row.id;
}

/** Its id here is Stripe's own: so it is never made twice, and whoever reads it finds it there. */
function create(
  book: Book,
  connection: ConnectionCopy,
  link: StripeLink,
  { stripeCustomerId: id, said, seenAtMs }: PresentCustomer,
): string {
  const name = said.name ?? said.email ?? `Customer ${id}`;
  const nobody = { name, email: null, phone: null, address: null, metadata: {} };
  const { change, state } = mergeSaid(nobody, said, null, ALL_TAKEN);
  insertCustomer(book, {
    ...{ id, ...nobody, ...change, ...link },
    stripeState: state,
    stripeSeenAtMs: seenAtMs ?? book.nowMs,
    syncStatus: connection.syncConfig.customer.outbound ? "synced" : "off",
  });
  return id;
}

function ownerOf(metadata: Record<string, string>): CustomerFact["owner"] {
  const named = (key: string) => (metadata[key]?.trim() ? metadata[key] : null);
  return {
    tenantId: named(TENANT_KEY),
    environmentId: named(ENVIRONMENT_KEY),
    customerId: named(CUSTOMER_KEY),
    invoiceId: null,
  };
}
