// What an id leads to that names no object of ours: a payment link, an item of a subscription, the message of a
// notification, what a mail provider or the platform calls it. Where there is no index, among so many of the newest.

import { NEWEST_SEARCHED } from "../../platform/bounds.ts";
import type { Book } from "../book.ts";
import { newestWith } from "./among-newest.ts";
import {
  FOUND_EVENT,
  FOUND_INVOICE,
  FOUND_MAIL,
  FOUND_PAYMENT,
  FOUND_SESSION,
  FOUND_SUBSCRIPTION,
  type Found,
  foundDeliveries,
  foundRows,
} from "./found.ts";

export function namedBeside(book: Book, id: string): Found[] {
  const prefix = id.slice(0, id.indexOf("_") + 1);
  const ofPrefix = Object.hasOwn(OF_PREFIX, prefix) ? OF_PREFIX[prefix] : undefined;
  const found = ofPrefix?.(book, id) ?? [];
  return found.length > 0 ? found : asOthersCallIt(book, id);
}

const OF_PREFIX: Record<string, (book: Book, id: string) => Found[]> = {
  plink_: (book, id) => {
    const ofLink = "(SELECT invoice_id FROM payment_links WHERE stripe_payment_link_id = ?)";
    return foundRows(book, `${FOUND_INVOICE} WHERE id = ${ofLink}`, id);
  },
  pi_: (book, id) => foundRows(book, `${FOUND_SESSION} WHERE stripe_payment_intent_id = ?`, id),
  // Of a link: those that we made are found by themselves.
  cs_: (book, id) => newestWith(book, FOUND_PAYMENT, "payments", "checkout_session_id = ?", id),
  // Where subscriptions are not mirrored, their payments are here all the same.
  sub_: (book, id) => foundRows(book, `${FOUND_PAYMENT} WHERE subscription_id = ?`, id),
  in_: (book, id) => foundRows(book, `${FOUND_PAYMENT} WHERE subscription_invoice_id = ?`, id),
  si_: byItem,
  price_: byItem,
  prod_: byItem,
  cus_: (book, id) => [
    ...newestWith(book, FOUND_SUBSCRIPTION, "subscriptions", "stripe_customer_id = ?", id),
    ...newestWith(book, FOUND_SESSION, "checkout_sessions", "stripe_customer_id = ?", id),
  ],
  msg_: byMessage,
  dlv_: byArrival,
};

/** Of a subscription: one of its items, or what that costs. */
function byItem(book: Book, id: string): Found[] {
  return newestWith(book, FOUND_SUBSCRIPTION, "subscriptions", "instr(items, ?) > 0", JSON.stringify(id));
}

/** By the `webhook-id`, to each destination. */
function byMessage(book: Book, messageId: string): Found[] {
  const newest = `seq >= COALESCE((SELECT seq FROM deliveries WHERE destination_id = ?1
    ORDER BY seq DESC LIMIT 1 OFFSET ${NEWEST_SEARCHED - 1}), 0)`;
  return destinationsWithDeliveries(book).flatMap((id) =>
    foundDeliveries(book, `destination_id = ?1 AND ${newest} AND message_id = ?2`, id, messageId),
  );
}

/** Also of those that were deleted, as long as their deliveries are kept. */
function destinationsWithDeliveries(book: Book): string[] {
  const rows = book.sql.all<{ id: string }>(
    `WITH RECURSIVE lane(id) AS (SELECT MIN(destination_id) FROM deliveries
       UNION ALL SELECT (SELECT MIN(destination_id) FROM deliveries WHERE destination_id > lane.id) FROM lane
       WHERE lane.id IS NOT NULL)
     SELECT id FROM lane WHERE id IS NOT NULL LIMIT ${MOST_DESTINATIONS}`,
  );
  return rows.map(({ id }) => id);
}

const MOST_DESTINATIONS = 50;

/** By one of the times that Stripe sent an event, as the log calls it. */
function byArrival(book: Book, id: string): Found[] {
  const newest = `SELECT seq FROM webhook_events ORDER BY seq DESC LIMIT ${NEWEST_SEARCHED}`;
  const query = `${FOUND_EVENT} WHERE seq IN (${newest}) AND instr(delivery_ids, ?) > 0`;
  return foundRows(book, query, JSON.stringify(id));
}

/** What the platform calls a checkout session, and a mail provider a mail. */
function asOthersCallIt(book: Book, id: string): Found[] {
  return [
    ...newestWith(book, FOUND_SESSION, "checkout_sessions", "client_reference_id = ? COLLATE NOCASE", id),
    ...newestWith(book, FOUND_MAIL, "mails", "provider_message_id = ? COLLATE NOCASE", id),
  ];
}
