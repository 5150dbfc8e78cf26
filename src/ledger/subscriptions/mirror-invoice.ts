// The mirror's row of one of Stripe's own invoices of a subscription, and what the platform is told of it. Events in
// any order, and twice, end in the same row.

import type { Book } from "../book.ts";
import type { SubscriptionInvoiceFact } from "../events/facts.ts";
import { announce } from "../notifications/announce.ts";
import type { PaymentOwner } from "../payments/payment-owner.ts";
import { type SubscriptionInvoiceRow, subscriptionInvoiceRows } from "./subscription-invoice-row.ts";
import { isFinished, isLater } from "./subscription-invoice-state.ts";

/** Called once the payments of the fact are recorded, since a message shows why the last one failed. */
export function mirrorInvoice(
  book: Book,
  fact: SubscriptionInvoiceFact,
  { customerId }: Pick<PaymentOwner, "customerId">,
): void {
  const { subscriptionInvoiceId: id, subscriptionId } = fact;
  const known = subscriptionInvoiceRows.find(book, id);
  const told: SubscriptionInvoiceRow = {
    ...fact.state,
    id,
    subscriptionId,
    customerId: customerId ?? known?.customerId ?? null,
    createdAtMs: known?.createdAtMs ?? fact.state.createdAtMs,
    updatedAtMs: book.nowMs,
  };
  const stands = known && !isLater(told, known) ? { ...known, customerId: told.customerId } : told;
  if (known) subscriptionInvoiceRows.update(book, known, stands);
  else subscriptionInvoiceRows.insert(book, stands);
  tell(book, fact, stands);
}

/** Each attempt is told, but none of an invoice that needs no payment any more: nobody is to be dunned for it. */
function tell(book: Book, { news, state }: SubscriptionInvoiceFact, row: SubscriptionInvoiceRow): void {
  const object = { kind: "subscription_invoice", id: row.id } as const;
  if (row.status === "paid") announce(book, { type: "subscription_invoice.paid", key: row.id, object });
  if (news === null || isFinished(row)) return;
  announce(book, {
    type: `subscription_invoice.${news}`,
    key: `${row.id}/${state.attemptCount}`,
    object,
  });
}
