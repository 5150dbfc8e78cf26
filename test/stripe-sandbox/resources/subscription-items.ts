// Changes what a subscription is for: other prices, other quantities.

import type Stripe from "stripe";
import { noSuchParam } from "../errors.ts";
import { array, boolean, hash, integer, string } from "../parameters.ts";
import type { AccountWorld } from "../types.ts";
import { newItem } from "./subscription-object.ts";

export const itemChanges = array(
  hash({ deleted: boolean(), id: string(), price: string(), quantity: integer({ min: 0 }) }),
);
type Change = { deleted?: boolean; id?: string; price?: string; quantity?: number };

/** An item without an id is a new one. Throws 400 for an item or a price that is not there. */
export function changeItems(
  account: AccountWorld,
  subscription: Stripe.Subscription,
  changes: readonly Change[],
): void {
  for (const [index, change] of changes.entries()) {
    const price = change.price === undefined ? undefined : account.prices[change.price];
    if (change.price !== undefined && !price)
      throw noSuchParam("price", change.price, `items[${index}][price]`);
    const existing = subscription.items.data.find((item) => item.id === change.id);
    if (change.id !== undefined && !existing) {
      throw noSuchParam("subscription item", change.id, `items[${index}][id]`);
    }
    const fresh =
      price &&
      newItem(subscription.id, price, change.quantity ?? existing?.quantity ?? 1, periodOf(subscription));
    if (!existing) {
      if (fresh) subscription.items.data.push(fresh);
    } else if (change.deleted) {
      subscription.items.data.splice(subscription.items.data.indexOf(existing), 1);
    } else if (fresh) {
      Object.assign(existing, fresh, { id: existing.id });
    } else if (change.quantity !== undefined) {
      existing.quantity = change.quantity;
    }
  }
}

function periodOf(subscription: Stripe.Subscription): number {
  return (subscription.items.data[0]?.current_period_start ?? subscription.created) * 1000;
}
