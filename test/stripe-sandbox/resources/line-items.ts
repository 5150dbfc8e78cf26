// The line items of a link or a session, and what they come to.

import type Stripe from "stripe";
import { ADJUSTABLE } from "../../../src/platform/stripe-limits.ts";
import { checkTotal } from "../amounts.ts";
import type { SandboxContext } from "../context.ts";
import { invalidRequest, missingParameter, noSuchParam } from "../errors.ts";
import { newId } from "../ids.ts";
import { related } from "../place.ts";
import type { AccountWorld } from "../types.ts";
import type { LineItemParameters } from "./checkout-parameters.ts";
import { createPrice } from "./prices.ts";

/** A set of line items in one currency. */
export type Cart = {
  items: Stripe.LineItem[];
  currency: string;
  /** In minor units. */
  total: number;
  mode: "payment" | "subscription";
};

/** Makes the line items. `max` is how many there may be. Throws 400 as Stripe does. */
export function createCart(
  context: SandboxContext,
  accountId: string,
  account: AccountWorld,
  asked: readonly LineItemParameters[],
  max: number,
): Cart {
  if (asked.length === 0) throw missingParameter("line_items");
  if (asked.length > max) {
    const message = `Array line_items exceeded maximum ${max} allowed elements.`;
    throw invalidRequest(message, { param: "line_items" });
  }
  const items = asked.map((params, index) =>
    createLineItem(context, accountId, account, params, `line_items[${index}]`),
  );
  return countCart(items);
}

/** What the items come to. Throws 400 for two currencies, and for a total that cannot be charged. */
export function checkCart(items: Stripe.LineItem[]): Cart {
  const cart = countCart(items);
  // Nothing due is nothing to charge: https://docs.stripe.com/payments/checkout/no-cost-orders
  if (cart.total > 0) checkTotal(cart.total, cart.currency);
  return cart;
}

/** The same before it is known what is taken off. */
export function countCart(items: Stripe.LineItem[]): Cart {
  const currencies = [...new Set(items.map((item) => item.currency))];
  const [currency = "usd", other] = currencies;
  if (other !== undefined) {
    const message = `All prices must have the same currency. This one has ${currencies.join(" and ")}.`;
    throw invalidRequest(message, { param: "line_items" });
  }
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  const mode = items.some((item) => item.price?.recurring) ? "subscription" : "payment";
  return { items, currency, total, mode };
}

/** The cart while a trial runs: what recurs is not due yet. */
export function onTrial(cart: Cart): Cart {
  const items = cart.items.map((item) =>
    item.price?.recurring ? { ...item, amount_subtotal: 0, amount_total: 0 } : item,
  );
  return countCart(items);
}

/** So many of a price, in full. */
export function newLineItem(
  products: Record<string, Stripe.Product>,
  price: Stripe.Price,
  quantity: number,
): Stripe.LineItem {
  const item: Stripe.LineItem = {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: 0,
    amount_tax: 0,
    amount_total: 0,
    currency: price.currency,
    description: related(products, price.product)?.name ?? null,
    metadata: {},
    price,
    quantity,
  };
  return withQuantity(item, quantity);
}

/** The item at another quantity, without what was taken off before. */
export function withQuantity(item: Stripe.LineItem, quantity: number): Stripe.LineItem {
  const amount = (item.price?.unit_amount ?? 0) * quantity;
  return { ...item, quantity, amount_discount: 0, amount_subtotal: amount, amount_total: amount };
}

function createLineItem(
  context: SandboxContext,
  accountId: string,
  account: AccountWorld,
  params: LineItemParameters,
  name: string,
): Stripe.LineItem {
  const price = priceOf(context, accountId, account, params, name);
  if (params.quantity === undefined) throw missingParameter(`${name}[quantity]`);
  if (params.quantity === 0) {
    const message = "This value must be greater than or equal to 1.";
    throw invalidRequest(message, { code: "parameter_invalid_integer", param: `${name}[quantity]` });
  }
  const adjustable_quantity = adjustableQuantity(params, params.quantity, name);
  return { ...newLineItem(account.products, price, params.quantity), adjustable_quantity };
}

function priceOf(
  context: SandboxContext,
  accountId: string,
  account: AccountWorld,
  params: LineItemParameters,
  name: string,
): Stripe.Price {
  if (params.price !== undefined && params.price_data !== undefined) {
    const message = "You may only specify one of these parameters: price, price_data.";
    throw invalidRequest(message, { param: name });
  }
  if (params.price_data) {
    const price = createPrice(context, accountId, params.price_data, `${name}[price_data]`);
    account.prices[price.id] = price;
    return price;
  }
  if (params.price === undefined) throw missingParameter(`${name}[price]`);
  const price = account.prices[params.price];
  if (!price) throw noSuchParam("price", params.price, `${name}[price]`);
  if (!price.active) {
    const message = `The price specified is inactive. This field only accepts active prices.`;
    throw invalidRequest(message, { code: "price_inactive", param: `${name}[price]` });
  }
  return price;
}

function adjustableQuantity(
  { adjustable_quantity: asked }: LineItemParameters,
  quantity: number,
  name: string,
): Stripe.LineItem.AdjustableQuantity | null {
  if (!asked) return null;
  const { enabled, maximum = ADJUSTABLE.maximum, minimum = ADJUSTABLE.minimum } = asked;
  if (enabled && minimum > maximum) {
    const message = "The minimum adjustable quantity must be less than or equal to the maximum.";
    throw invalidRequest(message, { param: `${name}[adjustable_quantity][minimum]` });
  }
  if (enabled && (quantity < minimum || quantity > maximum)) {
    const message = `The quantity must be between the adjustable minimum ${minimum} and maximum ${maximum}.`;
    throw invalidRequest(message, { param: `${name}[quantity]` });
  }
  return { enabled, maximum, minimum };
}
