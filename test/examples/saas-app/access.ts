// What each customer may use. It is granted by Quittance's signed messages alone, never by what a browser says. A
// real product keeps it in its database, and the ids of messages beside it, in one transaction.

import type { CheckoutSession } from "./quittance.ts";

export type Access = {
  plan: { name: string; subscriptionId: string } | null;
  products: readonly string[];
};

export type AccessBook = ReturnType<typeof createAccessBook>;

const NOTHING: Access = { plan: null, products: [] };

export function createAccessBook() {
  const access = new Map<string, Access>();
  const seen = new Set<string>();
  const of = (customerId: string): Access => access.get(customerId) ?? NOTHING;

  return {
    of,
    /** Whether a message is new: each may come more than once. */
    isNew: (messageId: string): boolean => !seen.has(messageId),
    done: (messageId: string): void => void seen.add(messageId),

    /** Grants what a session was about, once it is paid, or nothing was to be paid. */
    grant({ customer_id: customerId, payment_status, subscription_id, metadata }: CheckoutSession): void {
      const { bought } = metadata;
      if (payment_status === "unpaid" || customerId === null || bought === undefined) return;
      const present = of(customerId);
      const next =
        subscription_id === null
          ? { ...present, products: [...new Set([...present.products, bought])] }
          : { ...present, plan: { name: bought, subscriptionId: subscription_id } };
      access.set(customerId, next);
    },

    /** Takes the plan away that a subscription has given. */
    end(customerId: string, subscriptionId: string): void {
      const present = of(customerId);
      if (present.plan?.subscriptionId === subscriptionId) access.set(customerId, { ...present, plan: null });
    },
  };
}
