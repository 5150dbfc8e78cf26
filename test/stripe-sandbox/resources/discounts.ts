// What a coupon or a promotion code takes off a session.

import type Stripe from "stripe";
import { invalidRequest, noSuchParam } from "../errors.ts";
import { hash, type Parsed, string } from "../parameters.ts";
import type { AccountWorld } from "../types.ts";
import { type Cart, countCart } from "./line-items.ts";

export const discountParameters = hash({ coupon: string(), promotion_code: string() });
type DiscountParameters = Parsed<{
  coupon: ReturnType<typeof string>;
  promotion_code: ReturnType<typeof string>;
}>;

/** What a session says of its discount, with the coupon that is behind it. */
export type Discount = { shown: Stripe.Checkout.Session.Discount; coupon: Stripe.Coupon };

/** Throws 400 for one that is not there or not valid any more. */
export function findDiscount(account: AccountWorld, asked: DiscountParameters): Discount {
  const { coupon: couponId, promotion_code: codeId } = asked;
  if ((couponId === undefined) === (codeId === undefined)) {
    const message = "You must pass exactly one of these parameters: coupon, promotion_code.";
    throw invalidRequest(message, { param: "discounts[0]" });
  }
  if (codeId === undefined) {
    const coupon = couponOf(account, couponId ?? "", "discounts[0][coupon]");
    return { shown: { coupon: coupon.id, promotion_code: null }, coupon };
  }
  const param = "discounts[0][promotion_code]";
  const code = Object.hasOwn(account.promotionCodes, codeId) ? account.promotionCodes[codeId] : undefined;
  if (!code) throw noSuchParam("promotion code", codeId, param);
  return discountOf(account, code, param);
}

/** By the words that a payer types. Throws 400 for a code that is not there. */
export function findCode(account: AccountWorld, typed: string): Discount {
  const code = Object.values(account.promotionCodes).find(
    (one) => one.code.toLowerCase() === typed.toLowerCase(),
  );
  if (!code) throw invalidRequest("This code is invalid.", { param: "promotion_code" });
  return discountOf(account, code, "promotion_code");
}

/** The cart with what is taken off. Throws 400 for another currency. */
export function discounted(cart: Cart, { coupon }: Discount): Cart {
  if (coupon.amount_off !== null && coupon.currency !== cart.currency) {
    const message = `The coupon cannot be applied because it is in ${coupon.currency} and the session in ${cart.currency}.`;
    throw invalidRequest(message, { param: "discounts[0][coupon]" });
  }
  let left = coupon.amount_off ?? 0;
  const items = cart.items.map((item) => {
    const off =
      coupon.percent_off === null
        ? Math.min(left, item.amount_subtotal)
        : Math.round((item.amount_subtotal * coupon.percent_off) / 100);
    left -= off;
    return { ...item, amount_discount: off, amount_total: item.amount_subtotal - off };
  });
  return countCart(items);
}

function discountOf(account: AccountWorld, code: Stripe.PromotionCode, param: string): Discount {
  if (!code.active) throw invalidRequest("This promotion code is inactive.", { param });
  const coupon = couponOf(account, String(code.promotion.coupon), param);
  return { shown: { coupon: null, promotion_code: code.id }, coupon };
}

function couponOf(account: AccountWorld, id: string, param: string): Stripe.Coupon {
  const coupon = Object.hasOwn(account.coupons, id) ? account.coupons[id] : undefined;
  if (!coupon) throw noSuchParam("coupon", id, param);
  if (!coupon.valid) throw invalidRequest(`Coupon expired: ${id}`, { code: "coupon_expired", param });
  return coupon;
}
