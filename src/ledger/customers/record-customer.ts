// Takes in what Stripe says of a customer. Only what is news at Stripe changes anything here, so the echo of our
// own push changes nothing; of two events the later one stands, whatever their order, and at a tie Stripe is asked.

import { namesUs } from "../../platform/our-metadata.ts";
import type { Book } from "../book.ts";
import { type ConnectionCopy, readConnection } from "../connection/keep-connection.ts";
import { missed, OTHER_TENANT } from "../events/missed.ts";
import type { Answers, Ask, Missed, Recorded } from "../events/recorded.ts";
import { want } from "../outbox/want.ts";
import { mirrorWork } from "../outbox/work.ts";
import { findCustomerByStripeId, findCustomerEvenDeleted, stripeIdIn } from "./customer-rows.ts";
import {
  type CustomerFact,
  type CustomerRow,
  orderOf,
  type StripeSaid,
  saysNothingNew,
} from "./customer-state.ts";
import { takeOver, unlink } from "./take-over.ts";

type Ours = { row: CustomerRow; connection: ConnectionCopy; isLinked: boolean };

export function recordCustomer(book: Book, fact: CustomerFact, answers: Answers): Recorded | Missed | Ask {
  const ours = findOurs(book, fact);
  if ("missed" in ours) return ours;
  const recorded = recordOf(book, fact, ours, answers);
  // One that we have just asked for is new at Stripe; any other may have subscriptions there.
  const isNews = !ours.isLinked && ours.row.stripeCreation === null;
  if ("ask" in recorded || "missed" in recorded || !isNews) return recorded;
  want(book, mirrorWork(ours.row.id, fact.stripeCustomerId));
  return recorded;
}

function recordOf(
  book: Book,
  fact: CustomerFact,
  { row, connection, isLinked }: Ours,
  answers: Answers,
): Recorded | Missed | Ask {
  // A customer that is no more is of no use to any payment, so that is heard in any case.
  if (fact.deleted) return isLinked ? unlink(book, row, connection) : {};
  if (!connection.syncConfig.customer.inbound)
    return missed("inbound_off", "Customers are not taken over from Stripe (sync_config.customer.inbound).");
  const link = { stripeCustomerId: fact.stripeCustomerId, stripeAccountId: connection.accountId };
  if (row.syncStatus === "pending") {
    if (!isLinked) return takeOver(book, row, { link, said: {}, seenAtMs: null });
    return missed("change_pending", "A change made here is on its way to Stripe, and stands above this one.");
  }
  const order = orderOf(fact.occurredAtMs, isLinked ? row.stripeSeenAtMs : null);
  if (order === "older")
    return missed("older_than_known", "A later state of this customer has been taken over already.");
  if (order === "newer")
    return takeOver(book, row, { link, said: saidBy(fact), seenAtMs: fact.occurredAtMs });
  if (saysNothingNew(saidBy(fact), row.stripeState)) return {};
  return takeOverAnswer(book, row, connection, link, answers);
}

function findOurs(book: Book, fact: CustomerFact): Ours | Missed {
  const whose = namesUs(book.scope, fact.owner);
  if (whose === "another") return OTHER_TENANT;
  const linked = findCustomerByStripeId(book, fact.stripeCustomerId);
  const named = whose === "us" ? fact.owner.customerId : null;
  const row = linked ?? (named === null ? undefined : findCustomerEvenDeleted(book, named));
  const connection = readConnection(book);
  if (!row && named !== null)
    return missed("unknown_customer", "Its metadata names a customer that does not exist here.");
  if (!row || !connection) {
    const detail = "It carries no metadata of ours, and is not the Stripe customer of ours.";
    return missed("foreign_object", detail);
  }
  if (row.deletedAtMs !== null) return missed("customer_deleted", "This customer was deleted here.");
  const isLinked = linked !== undefined;
  if (!isLinked && stripeIdIn(row, connection.accountId) !== null)
    return missed("other_stripe_customer", "The customer that it names has another Stripe customer.");
  return { row, connection, isLinked };
}

function takeOverAnswer(
  book: Book,
  row: CustomerRow,
  connection: ConnectionCopy,
  link: { stripeCustomerId: string; stripeAccountId: string },
  answers: Answers,
): Recorded | Ask {
  const { stripeCustomerId: id } = link;
  const known = JSON.stringify([row.revision, row.syncStatus, row.stripeCustomerId, row.stripeSeenAtMs]);
  const answer = answers.customers?.[id];
  if (answer?.known !== known) return { ask: { kind: "customer", id, known } };
  if (answer.said === null) return unlink(book, row, connection);
  const seenAtMs = Math.max(row.stripeSeenAtMs ?? 0, answer.said.seenAtMs ?? 0);
  return takeOver(book, row, { link, said: answer.said.state, seenAtMs });
}

function saidBy({ name, email, phone, address }: CustomerFact): StripeSaid {
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(address !== undefined && { address }),
  };
}
