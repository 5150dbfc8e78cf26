// Requests and answers of checkout sessions.

import * as z from "zod";
import { soughtField, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import { pageQuery } from "../http/list.ts";
import { currencyField, invoiceMetadata } from "../invoices/request-schema.ts";
import type { CheckoutSessionView } from "../ledger/checkout/read-checkout-sessions.ts";
import { formatDecimal } from "../platform/money.ts";
import { LOCALES, MOST, MOST_CHARACTERS } from "../platform/stripe-limits.ts";
import {
  CHECKOUT_MODES,
  CHECKOUT_PAYMENT_STATUSES,
  CHECKOUT_STATUSES,
} from "../platform/tables/checkout-sessions.ts";
import { mailAddressField, textField } from "../platform/text-field.ts";
import type { CheckoutSessionInput } from "./checkout-input.ts";
import { lineItem, readLine } from "./line-item-schema.ts";

const url = z.string().max(MOST_CHARACTERS.returnUrl, { error: "At most 5,000 characters." });

const discount = z.strictObject({
  coupon: textField(MOST_CHARACTERS.stripeId).min(1).optional().meta({ example: "launch20" }),
  promotion_code: textField(MOST_CHARACTERS.stripeId).min(1).optional().meta({
    description: "By Stripe's id (`promo_…`), not the words that payers type.",
  }),
});

export const createCheckoutSessionBody = z.strictObject({
  mode: z.enum(CHECKOUT_MODES),
  customer_id: soughtField.min(1).optional().meta({ description: "Who pays; made at Stripe if need be." }),
  line_items: z
    .array(lineItem)
    .max(MOST.sessionLines, { error: `At most ${MOST.sessionLines} lines.` })
    .optional()
    .meta({
      description:
        "At most 100 in mode payment, in mode subscription 20 that recur and 20 that do not; none in mode setup.",
    }),
  currency: currencyField
    .optional()
    .meta({ description: "Mode setup alone: what will be paid in. The account's own if left out." }),
  success_url: url.meta({
    description:
      "Where the payer goes when it is done. Stripe puts the session's id in place of `{CHECKOUT_SESSION_ID}`.",
    example: "https://app.example.com/thanks?session={CHECKOUT_SESSION_ID}",
  }),
  cancel_url: url.meta({
    description: "Where the payer goes back to.",
    example: "https://app.example.com/prices",
  }),
  client_reference_id: textField(MOST_CHARACTERS.clientReference)
    .min(1)
    .optional()
    .meta({ description: "The caller's own reference." }),
  metadata: invoiceMetadata.optional(),
  trial_days: z
    .int()
    .min(1, { error: "A trial has at least 1 day." })
    .max(MOST.trialDays, { error: `A trial has at most ${MOST.trialDays} days, as Stripe allows.` })
    .optional()
    .meta({ description: "Mode subscription alone: days until the first bill." }),
  customer_email: mailAddressField.optional().meta({
    description: "Filled in on Stripe's page. Not with `customer_id`, whose own address is used.",
  }),
  allow_promotion_codes: z
    .boolean()
    .optional()
    .meta({ description: "Lets payers type promotion codes. Not with `discounts`, and not in mode setup." }),
  discounts: z.array(discount).min(1).max(MOST.discounts, { error: "Stripe takes one." }).optional().meta({
    description:
      "One coupon or promotion code of the Stripe account. With 100 % off the session is completed as `no_payment_required`. Not in mode setup.",
  }),
  automatic_tax: z.strictObject({ enabled: z.boolean() }).optional().meta({
    description:
      "Lets Stripe Tax work out the tax. The address that a customer of yours gives is kept at Stripe. Not in mode setup.",
  }),
  tax_id_collection: z
    .strictObject({ enabled: z.boolean(), required: z.enum(["if_supported", "never"]).optional() })
    .optional()
    .meta({
      description:
        "Asks business payers for their tax id. The name and address that a customer of yours gives with it are kept at Stripe. Not in mode setup.",
    }),
  locale: z
    .string()
    .refine((locale) => LOCALES.includes(locale), { error: "Not a locale of Stripe's pages, such as de." })
    .meta({ enum: [...LOCALES] })
    .optional()
    .meta({ description: "The language of Stripe's page; the browser's if left out.", example: "de" }),
});

/** The API's body as the verb takes it. */
export function readBody(body: z.infer<typeof createCheckoutSessionBody>): CheckoutSessionInput {
  return {
    mode: body.mode,
    customerId: body.customer_id,
    lines: body.line_items?.map(readLine),
    currency: body.currency,
    successUrl: body.success_url,
    cancelUrl: body.cancel_url,
    clientReferenceId: body.client_reference_id,
    metadata: body.metadata ?? {},
    trialDays: body.trial_days,
    customerEmail: body.customer_email,
    allowPromotionCodes: body.allow_promotion_codes ?? false,
    discount: readDiscount(body.discounts),
    automaticTax: body.automatic_tax?.enabled ?? false,
    taxIdCollection: body.tax_id_collection?.enabled
      ? { required: body.tax_id_collection.required }
      : undefined,
    locale: body.locale,
  };
}

function readDiscount([one]: z.infer<typeof discount>[] = []): CheckoutSessionInput["discount"] {
  return one && { coupon: one.coupon, promotionCode: one.promotion_code };
}

export const listCheckoutSessionsQuery = pageQuery.extend({
  customer_id: soughtField.optional(),
  status: z.enum(CHECKOUT_STATUSES).optional(),
  mode: z.enum(CHECKOUT_MODES).optional(),
});

export const checkoutSessionSchema = z
  .object({
    id: z.string().meta({ description: "Stripe's own.", example: "cs_test_a1…" }),
    object: z.literal("checkout_session"),
    url: z.string().nullable().meta({ description: "Stripe's page; null once it is not open any more." }),
    mode: z.enum(CHECKOUT_MODES),
    status: z.enum(CHECKOUT_STATUSES),
    payment_status: z.enum(CHECKOUT_PAYMENT_STATUSES).meta({
      description:
        "A completed session may still be `unpaid`: a bank debit takes days, and `paid` follows. `no_payment_required`: nothing is due now.",
    }),
    customer_id: z.string().nullable(),
    amount_total: z
      .int()
      .nullable()
      .meta({ description: "Minor units due at the checkout; null in mode setup." }),
    amount_total_decimal: z.string().nullable(),
    currency: z.string().nullable(),
    client_reference_id: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    payment_id: z.string().nullable().meta({
      description:
        "Ours, of a completed session; null where nothing was to be paid. In mode subscription it is there once Stripe has told of the first invoice.",
      example: "pay_3Q…",
    }),
    subscription_id: z
      .string()
      .nullable()
      .meta({ description: "Stripe's, once mode subscription is completed." }),
    expires_at: timestampField.nullable(),
    completed_at: timestampField.nullable(),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "CheckoutSession" });

export function toCheckoutSession(row: CheckoutSessionView): z.infer<typeof checkoutSessionSchema> {
  const { amountTotalMinor, currency } = row;
  const isAmount = amountTotalMinor !== null && currency !== null;
  return {
    id: row.id,
    object: "checkout_session",
    url: row.url,
    mode: row.mode,
    status: row.status,
    payment_status: row.paymentStatus,
    customer_id: row.customerId,
    amount_total: amountTotalMinor,
    amount_total_decimal: isAmount ? formatDecimal(amountTotalMinor, currency) : null,
    currency,
    client_reference_id: row.clientReferenceId,
    metadata: row.metadata,
    payment_id: row.paymentId,
    subscription_id: row.subscriptionId,
    expires_at: timestampOrNull(row.expiresAtMs),
    completed_at: timestampOrNull(row.completedAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
