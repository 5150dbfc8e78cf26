// A checkout session as it is stored, found by its own id or by what it has led to at Stripe.

import { eq } from "drizzle-orm";
import { checkoutSessions } from "../../platform/tables/checkout-sessions.ts";
import type { Book } from "../book.ts";

export type CheckoutSessionRow = typeof checkoutSessions.$inferSelect;

/** @param input.id Stripe's own */
export function findCheckoutSession(book: Book, { id }: { id: string }): CheckoutSessionRow | undefined {
  return book.db.select().from(checkoutSessions).where(eq(checkoutSessions.id, id)).get();
}

type SessionOwner = { id: string; customerId: string | null; stripeInvoiceId: string | null };
const SESSION_OWNER = "id, customer_id AS customerId, stripe_invoice_id AS stripeInvoiceId";

/** The session of ours that has made this intent of Stripe's. */
export function findSessionOfIntent(book: Book, paymentIntentId: string): SessionOwner | undefined {
  return book.sql.first(
    `SELECT ${SESSION_OWNER} FROM checkout_sessions WHERE stripe_payment_intent_id = ? ORDER BY id`,
    paymentIntentId,
  );
}

/** The session of ours by which a subscription of Stripe's has come to be. */
export function findSessionOfSubscription(book: Book, subscriptionId: string): SessionOwner | undefined {
  return book.sql.first(
    `SELECT ${SESSION_OWNER} FROM checkout_sessions WHERE subscription_id = ? ORDER BY id`,
    subscriptionId,
  );
}
