// Whether Stripe could charge the prices that are made on the spot, and what they come to. Pure.

import type { FieldError } from "../platform/app-error.ts";
import { checkChargeable, isSupportedCurrency } from "../platform/money.ts";
import { MOST_AMOUNT_MINOR } from "../platform/stripe-limits.ts";
import type { CheckoutLine, InlinePrice } from "./checkout-input.ts";

type InlineLine = { index: number; quantity: number; price: InlinePrice };

/** @param when.onTrial what recurs is not charged now @param when.isDiscounted how much is taken off, only Stripe knows */
export function checkoutAmountErrors(
  lines: readonly CheckoutLine[],
  { onTrial, isDiscounted }: { onTrial: boolean; isDiscounted: boolean },
): FieldError[] {
  const inline = lines.flatMap(({ inlinePrice, quantity }, index) =>
    inlinePrice ? [{ index, price: inlinePrice, quantity: quantity ?? 1 }] : [],
  );
  const ofPrices = [...currencyErrors(inline), ...inline.flatMap(priceErrors)];
  if (ofPrices.length > 0) return ofPrices;
  // What a price at Stripe costs, only Stripe knows: then it decides on the sum.
  return inline.length < lines.length || isDiscounted ? [] : sumErrors(inline, onTrial);
}

function currencyErrors(inline: readonly InlineLine[]): FieldError[] {
  const first = inline[0]?.price.currency;
  return inline.flatMap(({ index, price: { currency } }) => {
    const path = `line_items[${index}].price_data.currency`;
    if (!isSupportedCurrency(currency)) {
      const message = `Stripe does not charge in '${currency}'. Give one of its currencies, such as EUR.`;
      return [{ path, message }];
    }
    if (currency === first) return [];
    return [{ path, message: `One session has one currency: this is ${currency}, the first one ${first}.` }];
  });
}

/** A price of nothing may stand beside others; a sum has limits of its own. */
function priceErrors({ index, quantity, price }: InlineLine): FieldError[] {
  const { unitAmountMinor, currency } = price;
  const path = `line_items[${index}].price_data.unit_amount`;
  if (quantity * unitAmountMinor > MOST_AMOUNT_MINOR) {
    return [{ path, message: "Times its quantity it is too large: an amount has at most twelve digits." }];
  }
  if (unitAmountMinor === 0 || !isSupportedCurrency(currency)) return [];
  const chargeable = checkChargeable(unitAmountMinor, currency);
  if (chargeable.ok || chargeable.rule === "amount_below_minimum") return [];
  return [{ path, message: chargeable.detail }];
}

function sumErrors(inline: readonly InlineLine[], onTrial: boolean): FieldError[] {
  const dueNow = inline
    .filter(({ price }) => !(onTrial && price.recurring))
    .reduce((sum, { quantity, price }) => sum + quantity * price.unitAmountMinor, 0);
  // Nothing due is nothing to charge (https://docs.stripe.com/payments/checkout/no-cost-orders).
  const currency = inline[0]?.price.currency;
  if (dueNow === 0 || currency === undefined) return [];
  const chargeable = checkChargeable(dueNow, currency);
  return chargeable.ok ? [] : [{ path: "line_items", message: `Their sum: ${chargeable.detail}` }];
}
