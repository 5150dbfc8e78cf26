// What of a session's options goes together at Stripe. Pure: every failing place is named, with what to send instead.

import type { FieldError } from "../platform/app-error.ts";
import { ADJUSTABLE } from "../platform/stripe-limits.ts";
import type { CheckoutLine, CheckoutSessionInput } from "./checkout-input.ts";

export function optionErrors(input: CheckoutSessionInput): FieldError[] {
  const errors: FieldError[] = [];
  if (input.customerId !== undefined && input.customerEmail !== undefined) {
    const message = "Stripe takes one of the two: leave it out where customer_id says who pays.";
    errors.push({ path: "customer_email", message });
  }
  // https://github.com/stripe/stripe-node/issues/2248
  if (input.allowPromotionCodes && input.discount) {
    const message = "Stripe takes either a discount or a code that the payer types: leave one of them out.";
    errors.push({ path: "allow_promotion_codes", message });
  }
  if (
    input.discount &&
    (input.discount.coupon === undefined) === (input.discount.promotionCode === undefined)
  ) {
    const message = "Give either coupon or promotion_code, by Stripe's id, but not both.";
    errors.push({ path: "discounts[0]", message });
  }
  return [...errors, ...(input.mode === "setup" ? nothingSoldErrors(input) : [])];
}

/** Stripe refuses each of these in mode setup (https://github.com/invertase/stripe-firebase-extensions/issues/519). */
function nothingSoldErrors(input: CheckoutSessionInput): FieldError[] {
  const { allowPromotionCodes, discount, automaticTax, taxIdCollection } = input;
  const asked = {
    allow_promotion_codes: allowPromotionCodes,
    discounts: discount !== undefined,
    automatic_tax: automaticTax,
    tax_id_collection: taxIdCollection !== undefined,
  };
  return Object.entries(asked).flatMap(([path, isAsked]) =>
    isAsked ? [{ path, message: "In mode setup nothing is sold: leave it out." }] : [],
  );
}

/** @param path of the line */
export function adjustableErrors(
  { adjustableQuantity, quantity }: Pick<CheckoutLine, "adjustableQuantity" | "quantity">,
  path: string,
): FieldError[] {
  if (!adjustableQuantity) return [];
  if (quantity === undefined) {
    const message = "There is no quantity to change: give one, or leave this out.";
    return [{ path: `${path}.adjustable_quantity`, message }];
  }
  const { minimum = ADJUSTABLE.minimum, maximum = ADJUSTABLE.maximum } = adjustableQuantity;
  if (minimum > maximum) {
    const message = `It is above the maximum, which is ${maximum}.`;
    return [{ path: `${path}.adjustable_quantity.minimum`, message }];
  }
  if (quantity >= minimum && quantity <= maximum) return [];
  const message = `Payers may choose ${minimum} to ${maximum}: begin with one of these, or say another minimum or maximum under adjustable_quantity.`;
  return [{ path: `${path}.quantity`, message }];
}
