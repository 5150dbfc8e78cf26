// Takes in what one of Stripe's events says of a customer. Only what is news at Stripe changes anything here, so the
// echo of our own push changes nothing; of two events the later one stands, whatever their order. At a tie, and where a
// customer is new here or newly linked, Stripe is asked what it has now: that one may be gone there again.

import type { Book } from "../book.ts";
import { type ConnectionCopy, readConnection } from "../connection/keep-connection.ts";
import { missed } from "../events/missed.ts";
import type { Answers, Ask, Missed, Recorded } from "../events/recorded.ts";
import { type CustomerFact, type CustomerRow, orderOf } from "./customer-state.ts";
import { hearsStripe } from "./field-ways.ts";
import { findCounterpart } from "./find-counterpart.ts";
import { type StripeSaid, saysNothingNew } from "./merge-said.ts";
import { presentWays } from "./outbound.ts";
import { wantPull } from "./pull.ts";
import { FOREIGN_CUSTOMER, takeIn } from "./take-in-customer.ts";
import { takeOver, unlink } from "./take-over.ts";

const INBOUND_OFF = missed(
  "inbound_off",
  "Customers are not taken over from Stripe (sync_config.customer.inbound).",
);
const CHANGE_PENDING = missed(
  "change_pending",
  "A change made here is on its way to Stripe, and stands above this one.",
);

export function recordCustomer(book: Book, fact: CustomerFact, answers: Answers): Recorded | Missed | Ask {
  const connection = readConnection(book);
  if (!connection) return FOREIGN_CUSTOMER;
  const found = findCounterpart(book, connection, { ...fact, email: fact.email ?? null });
  if (found !== null && found !== "count_email" && "missed" in found) return found;
  if (found !== null && found !== "count_email" && found.isLinked)
    return recordLinked(book, fact, found.row, connection, answers);
  const row = found === null || found === "count_email" ? null : found.row;
  // One that is no more is of no use, and was of none.
  if (fact.deleted) return row ? {} : FOREIGN_CUSTOMER;
  if (!connection.syncConfig.customer.inbound) return row ? INBOUND_OFF : FOREIGN_CUSTOMER;
  if (row?.stripeCreation?.accountId === connection.accountId) return recordMade(book, fact, row, connection);
  return recordNew(book, fact, connection, { row, countsEmail: found === "count_email" }, answers);
}

function recordLinked(
  book: Book,
  fact: CustomerFact,
  row: CustomerRow,
  connection: ConnectionCopy,
  answers: Answers,
): Recorded | Missed | Ask {
  // A customer that is no more is of no use to any payment, so that is heard in any case.
  if (fact.deleted) return unlink(book, row, connection);
  const ways = presentWays(book);
  if (!hearsStripe(ways)) return INBOUND_OFF;
  const said = saidBy(fact);
  if (row.syncStatus === "pending") {
    if (!saysNothingNew(row, said, ways)) wantPull(book, row.id);
    return CHANGE_PENDING;
  }
  const order = orderOf(fact.occurredAtMs, row.stripeSeenAtMs);
  if (order === "older")
    return missed("older_than_known", "A later state of this customer has been taken over already.");
  const { stripeCustomerId } = fact;
  const link = { stripeCustomerId, stripeAccountId: connection.accountId };
  if (order === "newer") return recorded(takeOver(book, row, { link, said, seenAtMs: fact.occurredAtMs }));
  if (saysNothingNew(row, said, ways)) return {};
  const known = JSON.stringify([row.revision, row.syncStatus, row.stripeCustomerId, row.stripeSeenAtMs]);
  const answer = answers.customers?.[stripeCustomerId];
  if (answer?.known !== known) return { ask: { kind: "customer", id: stripeCustomerId, known } };
  if (answer.said === null) return unlink(book, row, connection);
  const seenAtMs = Math.max(row.stripeSeenAtMs ?? 0, answer.said.seenAtMs ?? 0);
  return recorded(takeOver(book, row, { link, said: answer.said.state, seenAtMs }));
}

/** The one that we have asked for, whose answer has not been heard yet, or never will be. */
function recordMade(book: Book, fact: CustomerFact, row: CustomerRow, connection: ConnectionCopy): Recorded {
  const link = { stripeCustomerId: fact.stripeCustomerId, stripeAccountId: connection.accountId };
  if (row.syncStatus === "pending") return recorded(takeOver(book, row, { link, said: {}, seenAtMs: null }));
  return recorded(takeOver(book, row, { link, said: saidBy(fact), seenAtMs: fact.occurredAtMs }));
}

function recordNew(
  book: Book,
  { stripeCustomerId }: CustomerFact,
  connection: ConnectionCopy,
  { row, countsEmail }: { row: CustomerRow | null; countsEmail: boolean },
  answers: Answers,
): Recorded | Missed | Ask {
  const ask = (counts: boolean): Ask => {
    const known = JSON.stringify(["not linked", row?.id ?? null, row?.revision ?? null, counts]);
    return { ask: { kind: "customer", id: stripeCustomerId, known, countsEmail: counts } };
  };
  const answer = answers.customers?.[stripeCustomerId];
  const isAnswered = [true, false].some((counts) => answer?.known === ask(counts).ask.known);
  if (!answer || !isAnswered) return ask(countsEmail);
  if (answer.said === null) return missed("deleted_at_stripe", "Stripe has no such customer any more.");
  const { state: said, ...rest } = answer.said;
  const present = { stripeCustomerId, said, ...rest };
  const taken = takeIn(book, connection, present, { creates: true, mirrors: true });
  if (taken === "count_email") return ask(true);
  return "missed" in taken ? taken : { change: { object: "customer", id: taken.id } };
}

function recorded({ change }: Recorded): Recorded {
  return change ? { change } : {};
}

function saidBy({ name, email, phone, address, metadata }: CustomerFact): StripeSaid {
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(address !== undefined && { address }),
    metadata,
  };
}
