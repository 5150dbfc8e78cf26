// What of a checkout session's request is about its lines.

import * as z from "zod";
import { currencyField, quantity } from "../invoices/request-schema.ts";
import {
  ADJUSTABLE,
  MOST,
  MOST_AMOUNT_MINOR,
  MOST_CHARACTERS,
  TAX_BEHAVIORS,
} from "../platform/stripe-limits.ts";
import { textField } from "../platform/text-field.ts";
import { urlProblem } from "../platform/url-problem.ts";
import type { CheckoutLine } from "./checkout-input.ts";

const priceData = z
  .strictObject({
    currency: currencyField,
    unit_amount: z
      .int({ error: "An amount is a whole number of minor units: 12900 for 129.00 EUR." })
      .min(0, { error: "An amount is not negative." })
      .max(MOST_AMOUNT_MINOR, { error: "An amount has at most twelve digits." })
      .meta({ description: "Minor units." }),
    product_data: z.strictObject({
      name: textField(MOST_CHARACTERS.productName).min(1, { error: "Say what it is." }),
      description: textField(1000).min(1).optional(),
      images: z
        .array(
          textField(MOST_CHARACTERS.imageUrl).refine((url) => urlProblem(url, "https") === null, {
            error: ({ input }) => urlProblem(String(input), "https") ?? undefined,
          }),
        )
        .max(MOST.images, { error: `At most ${MOST.images} images.` })
        .optional(),
    }),
    recurring: z
      .strictObject({
        interval: z.enum(["day", "week", "month", "year"]),
        interval_count: z.int().min(1).max(MOST.intervals.day).default(1),
      })
      .optional()
      .meta({ description: "Mode subscription alone. At most three years from one bill to the next." }),
    tax_behavior: z.enum(TAX_BEHAVIORS).optional().meta({
      description:
        "With `automatic_tax`: whether the amount holds the tax. The account's own default if left out.",
    }),
  })
  .meta({ description: "A price made on the spot." });

const adjustableQuantity = z
  .strictObject({
    enabled: z.boolean(),
    minimum: z
      .int()
      .min(0, { error: "From 0." })
      .max(MOST.quantity, { error: `At most ${MOST.quantity}.` })
      .optional()
      .meta({ description: `${ADJUSTABLE.minimum} if left out.` }),
    maximum: z
      .int()
      .min(ADJUSTABLE.leastMaximum, {
        error: `From ${ADJUSTABLE.leastMaximum}: else there is nothing to choose.`,
      })
      .max(MOST.quantity, { error: `At most ${MOST.quantity}.` })
      .optional()
      .meta({ description: `${ADJUSTABLE.maximum} if left out.` }),
  })
  .meta({ description: "Whether payers may change the quantity on Stripe's page, and between which." });

export const lineItem = z
  .strictObject({
    price: textField(MOST_CHARACTERS.stripeId).min(1).optional().meta({
      description:
        "A price of the Stripe account, by its id (`price_…`) or by the name that it was given under Price aliases.",
      example: "starter",
    }),
    price_data: priceData.optional(),
    quantity: quantity.optional().meta({ description: "Left out for a metered price, which has none." }),
    adjustable_quantity: adjustableQuantity.optional(),
  })
  .meta({ description: "Either `price` or `price_data`." });

/** A line of the API's body as the verb takes it. */
export function readLine(line: z.infer<typeof lineItem>): CheckoutLine {
  const { price, price_data, quantity, adjustable_quantity: adjustable } = line;
  const recurring = price_data?.recurring;
  return {
    quantity,
    price,
    adjustableQuantity: adjustable?.enabled
      ? { minimum: adjustable.minimum, maximum: adjustable.maximum }
      : undefined,
    inlinePrice: price_data && {
      currency: price_data.currency,
      unitAmountMinor: price_data.unit_amount,
      product: {
        name: price_data.product_data.name,
        description: price_data.product_data.description,
        images: price_data.product_data.images,
      },
      taxBehavior: price_data.tax_behavior,
      recurring: recurring && { interval: recurring.interval, intervalCount: recurring.interval_count },
    },
  };
}
