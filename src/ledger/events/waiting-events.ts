// Events that came before what they are about: a refund or dispute of an unknown payment, an intent without metadata
// whose session or invoice has not told yet, an invoice of an unknown subscription. Such an event is kept as ignored,
// with what it waits for, and brought again once that is known. Nothing of it is recorded before: in a shared Stripe
// account most of them are about somebody else's.

import { paymentIdFor } from "../../platform/ids.ts";
import { readJson, texts } from "../../platform/tables/json-column.ts";
import type { Book } from "../book.ts";
import { findSessionOfIntent, findSessionOfSubscription } from "../checkout/find-checkout-session.ts";
import { paymentRows } from "../payments/payment-row.ts";
import { findSubscription } from "../subscriptions/read-subscriptions.ts";
import type { EventReading, WaitingEvent } from "./arrived-event.ts";
import type { LedgerFact } from "./facts.ts";

/** The payments, invoices and subscriptions of Stripe's that these facts make known, once they are recorded. */
export function objectsTold(book: Book, reading: EventReading): string[] {
  if (!("facts" in reading)) return [];
  const ids = reading.facts.flatMap((fact) => toldBy(book, fact));
  return [...new Set(ids.filter((id) => id !== null))];
}

function toldBy(book: Book, fact: LedgerFact): (string | null)[] {
  switch (fact.kind) {
    case "payment":
      return [fact.providerPaymentId, fact.owner.chargeId];
    case "checkout_session":
      return [fact.stripePaymentIntentId, fact.subscriptionId];
    case "subscription":
      return [fact.subscriptionId];
    case "subscription_invoice":
      return [fact.subscriptionInvoiceId, ...paymentsOfInvoice(book, fact.subscriptionInvoiceId)];
    case "invoice_payment":
      return [fact.payment.paymentIntentId, fact.payment.chargeId];
    default:
      return [];
  }
}

/** Which they are, Stripe may have had to be asked. */
function paymentsOfInvoice(book: Book, subscriptionInvoiceId: string): (string | null)[] {
  return paymentRows
    .all(book, "WHERE subscription_invoice_id = ?", subscriptionInvoiceId)
    .flatMap(({ providerPaymentId, stripeChargeId }) => [providerPaymentId, stripeChargeId]);
}

/** The events that wait for one of these, if it is known by now. */
export function readyEvents(book: Book, stripeIds: readonly string[]): WaitingEvent[] {
  return stripeIds.flatMap((id) => {
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

function isKnown(book: Book, stripeId: string): boolean {
  return (
    paymentRows.find(book, paymentIdFor(stripeId)) !== undefined ||
    paymentRows.first(book, "WHERE stripe_charge_id = ?", stripeId) !== undefined ||
    paymentRows.first(book, "WHERE subscription_invoice_id = ?", stripeId) !== undefined ||
    findSubscription(book, { id: stripeId }) !== undefined ||
    findSessionOfIntent(book, stripeId) !== undefined ||
    findSessionOfSubscription(book, stripeId) !== undefined
  );
}
