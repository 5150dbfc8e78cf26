// What a payer changes on the page before paying: a promotion code that is typed in, and how many of what may be
// changed.

import type Stripe from "stripe";
import { invalidRequest } from "../errors.ts";
import { type Discount, discounted, findCode, findDiscount } from "../resources/discounts.ts";
import { checkCart, countCart, withQuantity } from "../resources/line-items.ts";
import { totals } from "../resources/session-object.ts";
import type { AccountWorld, Payer } from "../types.ts";

/** Throws 400 for a code that is not good, and for a quantity beyond what the session allows. */
export function changeOrder(
  account: AccountWorld,
  session: Stripe.Checkout.Session,
  { promotionCode, quantity }: Payer,
): void {
  if (promotionCode === undefined && quantity === undefined) return;
  const items = account.sessionLineItems[session.id] ?? [];
  const changed = quantity === undefined ? items : items.map((item) => atQuantity(item, quantity));
  const cart = countCart(changed);
  const discount = discountOf(account, session, promotionCode);
  if (discount) session.discounts = [discount.shown];
  const due = checkCart((discount ? discounted(cart, discount) : cart).items);
  account.sessionLineItems[session.id] = due.items;
  Object.assign(session, totals(due));
}

/** The one that is typed in, or the one that the session began with. */
function discountOf(
  account: AccountWorld,
  session: Stripe.Checkout.Session,
  promotionCode: string | undefined,
): Discount | undefined {
  if (promotionCode !== undefined) {
    if (session.allow_promotion_codes) return findCode(account, promotionCode);
    throw invalidRequest("This session takes no promotion codes.", { param: "promotion_code" });
  }
  const { coupon, promotion_code } = session.discounts?.[0] ?? {};
  if (!coupon && !promotion_code) return undefined;
  return findDiscount(account, {
    ...(coupon && { coupon: String(coupon) }),
    ...(promotion_code && { promotion_code: String(promotion_code) }),
  });
}

function atQuantity(item: Stripe.LineItem, quantity: number): Stripe.LineItem {
  const limits = item.adjustable_quantity;
  if (!limits?.enabled) return item;
  if (quantity < (limits.minimum ?? 0) || quantity > (limits.maximum ?? quantity))
    throw invalidRequest(`The quantity must be between ${limits.minimum} and ${limits.maximum}.`);
  return withQuantity(item, quantity);
}
