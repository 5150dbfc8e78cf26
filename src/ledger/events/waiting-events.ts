// Events that came before the payment that they are about: a refund or dispute of an unknown payment, or an intent
// without metadata whose session has not told yet. Such an event is kept as ignored, with what it waits for, and
// brought again once that payment is known. Nothing of it is recorded before: in a shared Stripe account most of
// them are about somebody else's payments.

import { paymentIdFor } from "../../platform/ids.ts";
import { readJson, texts } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import { isOfCheckoutSession } from "../checkout/record-checkout-session.ts";
import { paymentRows } from "../payments/payment-row.ts";
import type { EventReading, WaitingEvent } from "./arrived-event.ts";

/** The payments of Stripe's that these facts make known. */
export function paymentsTold(reading: EventReading): string[] {
  if (!("facts" in reading)) return [];
  const ids = reading.facts.flatMap((fact) =>
    fact.kind === "payment" ? [fact.providerPaymentId, fact.owner.chargeId] : [],
  );
  return [...new Set(ids.filter((id) => id !== null))];
}

/** The events that wait for one of these payments, if it is known by now. */
export function readyEvents(book: Book, stripePaymentIds: readonly string[]): WaitingEvent[] {
  return stripePaymentIds.flatMap((id) => {
    const rows = book.sql.all<{
      id: string;
      connectionId: string;
      source: "webhook" | "reconciliation";
      receivedAtMs: number;
      deliveryIds: string;
      payload: string;
    }>(
      `SELECT stripe_event_id AS id, connection_id AS connectionId, source, received_at_ms AS receivedAtMs,
         delivery_ids AS deliveryIds, payload
       FROM webhook_events WHERE waits_for = ? AND payload IS NOT NULL`,
      id,
    );
    if (rows.length === 0 || !isKnown(book, id)) return [];
    return rows.map(({ deliveryIds, ...row }) => {
      // A receipt that was counted already: reading again is no further delivery.
      const [deliveryId = ""] = readJson(deliveryIds, texts);
      return { ...row, deliveryId };
    });
  });
}

/** A checkout session's payment is known too: as one that is no invoice's. */
function isKnown(book: Book, stripePaymentId: string): boolean {
  return (
    paymentRows.find(book, paymentIdFor(stripePaymentId)) !== undefined ||
    paymentRows.first(book, "WHERE stripe_charge_id = ?", stripePaymentId) !== undefined ||
    isOfCheckoutSession(book, stripePaymentId)
  );
}
