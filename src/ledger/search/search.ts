// Finds what somebody typed: an id of ours or of Stripe's, a number, the beginning of a customer's name or mail address,
// an amount. Along keys and indexes; what has none is looked for among so many of the newest rows.

import { disputeIdFor, paymentIdFor, stripeEventIdFor } from "../../platform/ids.ts";
import type { Book } from "../book.ts";
import { deliveryKey } from "../notifications/delivery-id.ts";
import { byAmount, byMailAddress, byReference, byStripeNumber } from "./among-newest.ts";
import {
  FOUND_CUSTOMER,
  FOUND_DELIVERY,
  FOUND_DESTINATION,
  FOUND_DISPUTE,
  FOUND_EVENT,
  FOUND_INVOICE,
  FOUND_MAIL,
  FOUND_PAYMENT,
  FOUND_REFUND,
  FOUND_SESSION,
  FOUND_SUBSCRIPTION,
  FOUND_SUBSCRIPTION_INVOICE,
  type Found,
  foundRows,
} from "./found.ts";

/** Exact ids first, then numbers and names, then amounts; nothing twice. */
export function search(book: Book, { text }: { text: string }): Found[] {
  const typed = text.trim();
  if (typed === "") return [];
  const found = [
    ...byId(book, typed),
    ...byNumber(book, typed),
    ...byStripeNumber(book, typed),
    ...byReference(book, typed),
    ...byName(book, typed),
    ...byMailAddress(book, typed),
    ...byAmount(book, typed),
  ];
  return [...new Map(found.map((one) => [`${one.kind}/${one.id}`, one])).values()];
}

function byId(book: Book, id: string): Found[] {
  const eventId = id.startsWith("whe_") ? stripeEventIdFor(id) : id;
  return [
    ...foundRows(book, `${FOUND_INVOICE} WHERE id = ?`, id),
    ...foundRows(
      book,
      `${FOUND_INVOICE} WHERE id = (SELECT invoice_id FROM payment_links WHERE stripe_payment_link_id = ?)`,
      id,
    ),
    ...foundRows(book, `${FOUND_CUSTOMER} WHERE id = ? AND deleted_at_ms IS NULL`, id),
    ...foundRows(book, `${FOUND_CUSTOMER} WHERE stripe_customer_id = ? AND deleted_at_ms IS NULL`, id),
    ...foundRows(book, `${FOUND_PAYMENT} WHERE id IN (?, ?)`, id, paymentIdFor(id)),
    ...foundRows(book, `${FOUND_PAYMENT} WHERE stripe_charge_id = ?`, id),
    ...foundRows(book, `${FOUND_PAYMENT} WHERE source <> 'invoice' AND checkout_session_id = ?`, id),
    ...foundRows(book, `${FOUND_REFUND} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_REFUND} WHERE stripe_refund_id = ?`, id),
    ...foundRows(book, `${FOUND_DISPUTE} WHERE id IN (?, ?)`, id, disputeIdFor(id)),
    ...foundRows(book, `${FOUND_SUBSCRIPTION} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_SUBSCRIPTION_INVOICE} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_PAYMENT} WHERE subscription_invoice_id = ?`, id),
    ...foundRows(book, `${FOUND_SESSION} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_EVENT} WHERE stripe_event_id = ?`, eventId),
    ...foundRows(book, `${FOUND_DESTINATION} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_MAIL} WHERE id = ?`, id),
    ...byDelivery(book, id),
  ];
}

function byDelivery(book: Book, id: string): Found[] {
  const key = deliveryKey(id);
  if (key === undefined) return [];
  const { destinationId, seq } = key;
  const query = `${FOUND_DELIVERY} WHERE destination_id = ? AND seq = ?`;
  return foundRows(book, query, destinationId, seq).map((found) => ({ ...found, id }));
}

/** The least text that no text beginning with this one is beyond. */
export function endOfBeginning(beginning: string): string {
  return `${beginning}\u{10ffff}`;
}

function byNumber(book: Book, text: string): Found[] {
  const query = `${FOUND_INVOICE} WHERE number COLLATE NOCASE >= ? AND number COLLATE NOCASE < ?
    ORDER BY number COLLATE NOCASE`;
  return foundRows(book, query, text, endOfBeginning(text));
}

function byName(book: Book, text: string): Found[] {
  const byPart = (column: string) =>
    `${FOUND_CUSTOMER} WHERE ${column} >= ? AND ${column} < ? AND deleted_at_ms IS NULL ORDER BY ${column}`;
  const emails = [...new Set([text, text.toLowerCase()])];
  return [
    ...foundRows(book, byPart("name COLLATE NOCASE"), text, endOfBeginning(text)),
    ...emails.flatMap((email) => foundRows(book, byPart("email"), email, endOfBeginning(email))),
  ];
}
