// Requests and answers of names of prices.

import * as z from "zod";
import { timestamp, timestampField } from "../http/fields.ts";
import type { PriceAliasRow } from "../ledger/checkout/price-aliases.ts";
import { formatPriceDecimal } from "../platform/money.ts";
import { MOST_CHARACTERS } from "../platform/stripe-limits.ts";
import { PRICE_INTERVALS } from "../platform/tables/price-aliases.ts";
import { textField } from "../platform/text-field.ts";
import { priceNameProblem } from "./price-names.ts";

export const priceAliasParams = z.object({
  id: z
    .string()
    .refine((name) => priceNameProblem(name) === null, {
      error: ({ input }) => priceNameProblem(String(input)) ?? undefined,
    })
    .meta({
      maxLength: 64,
      description: "The name: 1 to 64 small letters, digits or . _ -",
      example: "starter",
    }),
});

export const setPriceAliasBody = z.strictObject({
  // Ids of old plans are their makers' own; what begins with a point would be another path at Stripe.
  price: textField(MOST_CHARACTERS.stripeId)
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/, { error: "Give the id of a price at Stripe, such as price_1Q…" })
    .meta({
      description: "A price of the connected account, by Stripe's id.",
      example: "price_1QxR7aK2eZvKYlo2",
    }),
});

export const priceAliasSchema = z
  .object({
    id: z.string().meta({ description: "The name.", example: "starter" }),
    object: z.literal("price_alias"),
    price: z.string().meta({ example: "price_1Q…" }),
    type: z.enum(["one_time", "recurring"]),
    recurring: z
      .object({
        interval: z.enum(PRICE_INTERVALS),
        interval_count: z.int(),
        usage_type: z.enum(["licensed", "metered"]),
      })
      .nullable(),
    currency: z.string().meta({ example: "EUR" }),
    unit_amount: z.int().nullable().meta({
      description:
        "Minor units; null where the price has tiers, fractions of a minor unit or no fixed amount.",
    }),
    unit_amount_decimal: z.string().nullable().meta({
      description: "The major unit, with the fractions of a minor unit that the price may have.",
      example: "29.00",
    }),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "PriceAlias", description: "As Stripe said when it was named." });

export const deletedPriceAliasSchema = z
  .object({ id: z.string(), object: z.literal("price_alias"), deleted: z.literal(true) })
  .meta({ id: "DeletedPriceAlias" });

export function toPriceAlias(row: PriceAliasRow): z.infer<typeof priceAliasSchema> {
  const { interval, unitAmount, currency } = row;
  const usage_type = row.isMetered ? "metered" : "licensed";
  return {
    id: row.id,
    object: "price_alias",
    price: row.priceId,
    type: interval === null ? "one_time" : "recurring",
    recurring: interval && { interval, interval_count: row.intervalCount ?? 1, usage_type },
    currency,
    unit_amount: unitAmount !== null && /^\d{1,15}$/.test(unitAmount) ? Number(unitAmount) : null,
    unit_amount_decimal: unitAmount && formatPriceDecimal(unitAmount, currency),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
