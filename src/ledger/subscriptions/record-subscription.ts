// Records what an event tells of a subscription: the mirror's row, and what the platform is told. An event that may
// not be the newest only makes Stripe be asked, and nothing that is known to have ended comes back.

import { eq } from "drizzle-orm";
import { subscriptions } from "../../platform/tables/subscriptions.ts";
import type { Book } from "../book.ts";
import { readConnection } from "../connection/keep-connection.ts";
import { findCustomer, findCustomerByStripeId } from "../customers/customer-rows.ts";
import { missed, OTHER_TENANT } from "../events/missed.ts";
import type { Answers, Ask, Missed, Recorded, SubscriptionTold } from "../events/recorded.ts";
import { announce } from "../notifications/announce.ts";
import { findSubscription } from "./read-subscriptions.ts";
import { newsOf, rowOf, type SubscriptionRow } from "./subscription-row.ts";
import { isSurelyNewer, settleSnapshot } from "./subscription-state.ts";

/** @param cause names what told it, as the key of what is announced: Stripe's event */
export function recordSubscription(
  book: Book,
  cause: string,
  told: SubscriptionTold,
  answers: Answers,
): Recorded | Missed | Ask {
  if (told.namedBy === "another") return OTHER_TENANT;
  const { snapshot } = told;
  const known = findSubscription(book, { id: snapshot.subscriptionId });
  const customerId = findOwner(book, told);
  if (!known && customerId === null && told.namedBy === "nobody") return FOREIGN;
  if (readConnection(book)?.syncConfig.subscription.inbound === false) return INBOUND_OFF;

  const recorded: Recorded = { change: { object: "subscription", id: snapshot.subscriptionId } };
  // An event shows ten items; Stripe is asked for all of them.
  if (isSurelyNewer(known, snapshot) && !snapshot.hasMoreItems) {
    writeSubscription(book, cause, known, rowOf(known, snapshot, customerId, book.nowMs));
    return recorded;
  }
  const answer = answers.subscriptions?.[snapshot.subscriptionId];
  const asked = String(known?.revision);
  if (answer?.known !== asked)
    return { ask: { kind: "subscription", id: snapshot.subscriptionId, known: asked } };
  if (answer.said?.namedBy === "another") return OTHER_TENANT;
  // The answer is of this moment or later, and of no earlier one than what is known, whatever our clock says.
  const occurredAtMs = Math.max(book.nowMs, known?.snapshotAtMs ?? 0, snapshot.occurredAtMs);
  const stands = settleSnapshot(known, snapshot, answer.said && { ...answer.said.snapshot, occurredAtMs });
  if (stands) writeSubscription(book, cause, known, rowOf(known, stands, customerId, book.nowMs));
  return recorded;
}

const FOREIGN = missed("foreign_object", "It carries no metadata of ours, and its customer is none of ours.");
const INBOUND_OFF = missed(
  "inbound_off",
  "The connection does not mirror subscriptions: sync_config.subscription.inbound is off.",
);

/**
 * Our customer: the one that is Stripe's customer, else the one that our own metadata names. One that was only made
 * here because Stripe has it, under its own id, says nothing of whose it is: then the metadata goes before.
 */
function findOwner(book: Book, { snapshot, namedBy, customerId }: SubscriptionTold): string | null {
  const { stripeCustomerId } = snapshot;
  const linked = stripeCustomerId === null ? undefined : findCustomerByStripeId(book, stripeCustomerId);
  const isSurelyIts = linked !== undefined && linked.id !== stripeCustomerId;
  if (isSurelyIts || namedBy !== "us" || customerId === null) return linked?.id ?? null;
  return findCustomer(book, customerId)?.id ?? linked?.id ?? null;
}

/** Keeps the mirror's row, and announces what of it is news. @param cause as of {@link recordSubscription} */
export function writeSubscription(
  book: Book,
  cause: string,
  known: SubscriptionRow | undefined,
  row: SubscriptionRow,
): void {
  const { id, ...set } = row;
  if (known) book.db.update(subscriptions).set(set).where(eq(subscriptions.id, id)).run();
  else book.db.insert(subscriptions).values(row).run();
  if (known?.customerId === null && row.customerId !== null) giveToCustomer(book, id, row.customerId);
  for (const type of newsOf(known, row)) {
    const key = type === "subscription.updated" ? cause : id;
    announce(book, { type, key, object: { kind: "subscription", id } });
  }
}

const COMES_OF_IT = ["subscription_invoices", "checkout_sessions", "payments"];

// What came of a subscription before it was known whose it is, is theirs too.
function giveToCustomer(book: Book, id: string, customerId: string): void {
  for (const table of COMES_OF_IT)
    book.sql.run(
      `UPDATE ${table} SET customer_id = ?1, updated_at_ms = ?2 WHERE subscription_id = ?3 AND customer_id IS NULL`,
      customerId,
      book.nowMs,
      id,
    );
}
