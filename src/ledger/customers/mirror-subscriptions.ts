// Fetching a customer's subscriptions, once it is known which Stripe customer it is. Where that is given up, each
// subscription's next event tells of it all the same.

import type { Book } from "../book.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { findCustomer } from "./customer-rows.ts";

export type SubscriptionsMirror = { stripeCustomerId: string; stripeAccountId: string | null };

export const subscriptionsMirror: KindOfWork<"mirror_subscriptions", SubscriptionsMirror> = {
  claim: findMirrored,
  isOver: (book, work) => findMirrored(book, work) === null,
};

function findMirrored(book: Book, { customerId }: { customerId: string }): SubscriptionsMirror | null {
  const customer = findCustomer(book, customerId);
  if (!customer || customer.stripeCustomerId === null) return null;
  const { stripeCustomerId, stripeAccountId } = customer;
  return { stripeCustomerId, stripeAccountId };
}
