// Fetching a customer's subscriptions: of which customer. Where it is given up, each subscription's next event
// tells of it all the same.

import type { KindOfWork } from "../outbox/kind-of-work.ts";

export type SubscriptionsMirror = { customerId: string };

export const subscriptionsMirror: KindOfWork<"mirror_subscriptions", SubscriptionsMirror> = {
  claim: (_book, { customerId }) => ({ customerId }),
};
