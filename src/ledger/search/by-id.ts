// What an id names, ours or Stripe's: each along a key or an index.

import { disputeIdFor, paymentIdFor, stripeEventIdFor } from "../../platform/ids.ts";
import { readPaymentToken } from "../../platform/payment-url.ts";
import type { Book } from "../book.ts";
import { deliveryKey } from "../notifications/delivery-id.ts";
import {
  FOUND_AUDIT_ENTRY,
  FOUND_CUSTOMER,
  FOUND_DESTINATION,
  FOUND_DISPUTE,
  FOUND_EVENT,
  FOUND_INVOICE,
  FOUND_JOB,
  FOUND_MAIL,
  FOUND_PAYMENT,
  FOUND_REFUND,
  FOUND_SESSION,
  FOUND_SUBSCRIPTION,
  FOUND_SUBSCRIPTION_INVOICE,
  type Found,
  foundDeliveries,
  foundRows,
} from "./found.ts";

export function byId(book: Book, id: string): Found[] {
  const eventId = id.startsWith("whe_") ? stripeEventIdFor(id) : id;
  return [
    ...foundRows(book, `${FOUND_INVOICE} WHERE id = ?`, id),
    ...byPaymentToken(book, id),
    ...foundRows(book, `${FOUND_CUSTOMER} WHERE id = ? AND deleted_at_ms IS NULL`, id),
    ...foundRows(book, `${FOUND_CUSTOMER} WHERE stripe_customer_id = ? AND deleted_at_ms IS NULL`, id),
    ...foundRows(book, `${FOUND_PAYMENT} WHERE id IN (?, ?)`, id, paymentIdFor(id)),
    ...foundRows(book, `${FOUND_PAYMENT} WHERE stripe_charge_id = ?`, id),
    ...foundRows(book, `${FOUND_REFUND} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_REFUND} WHERE stripe_refund_id = ?`, id),
    ...foundRows(book, `${FOUND_DISPUTE} WHERE id IN (?, ?)`, id, disputeIdFor(id)),
    ...foundRows(book, `${FOUND_SUBSCRIPTION} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_SUBSCRIPTION_INVOICE} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_SESSION} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_EVENT} WHERE stripe_event_id = ?`, eventId),
    ...foundRows(book, `${FOUND_DESTINATION} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_MAIL} WHERE id = ?`, id),
    ...foundRows(book, `${FOUND_JOB} WHERE id = ? AND status IN ('waiting', 'dead')`, id),
    ...foundRows(book, `${FOUND_AUDIT_ENTRY} WHERE id = ?`, id),
    ...byDelivery(book, id),
  ];
}

/** The token of an invoice's own address says when the invoice was made. */
function byPaymentToken(book: Book, token: string): Found[] {
  const read = readPaymentToken(token);
  if (read === null) return [];
  const query = `${FOUND_INVOICE} WHERE created_at_ms = ? AND payment_token = ?`;
  return foundRows(book, query, read.createdAtMs, token);
}

function byDelivery(book: Book, id: string): Found[] {
  const key = deliveryKey(id);
  if (key === undefined) return [];
  return foundDeliveries(book, "destination_id = ? AND seq = ?", key.destinationId, key.seq);
}
