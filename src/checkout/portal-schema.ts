// Requests and answers of billing portal sessions.

import type Stripe from "stripe";
import * as z from "zod";
import { soughtField, timestamp, timestampField } from "../http/fields.ts";
import { MOST_CHARACTERS, PORTAL_FLOWS, PORTAL_LOCALES } from "../platform/stripe-limits.ts";
import { textField } from "../platform/text-field.ts";
import type { PortalSessionInput } from "./check-portal-session.ts";

const flow = z.strictObject({
  type: z.enum(PORTAL_FLOWS),
  subscription_id: textField(MOST_CHARACTERS.stripeId).min(1).optional().meta({
    description: "Of the flows that begin with `subscription_`: one of this customer's, by Stripe's id.",
  }),
});

export const createPortalSessionBody = z.strictObject({
  customer_id: soughtField.min(1).meta({ description: "Whose portal it is; made at Stripe if need be." }),
  return_url: z.string().max(MOST_CHARACTERS.returnUrl, { error: "At most 5,000 characters." }).meta({
    description: "Where the portal leads back to.",
    example: "https://app.example.com/account",
  }),
  flow: flow.optional().meta({
    description: "What the customer is led to at once, by Stripe's name. Left out: the portal's own page.",
  }),
  locale: z
    .string()
    .refine((locale) => PORTAL_LOCALES.includes(locale), {
      error: "Not a locale of Stripe's portal, such as de.",
    })
    .meta({ enum: [...PORTAL_LOCALES] })
    .optional()
    .meta({
      description: "The portal's language; the customer's or the browser's if left out.",
      example: "de",
    }),
});

/** The API's body as the verb takes it. */
export function readPortalBody(body: z.infer<typeof createPortalSessionBody>): PortalSessionInput {
  return {
    customerId: body.customer_id,
    returnUrl: body.return_url,
    flow: body.flow && { type: body.flow.type, subscriptionId: body.flow.subscription_id },
    locale: body.locale,
  };
}

export const portalSessionSchema = z
  .object({
    id: z.string().meta({ description: "Stripe's own.", example: "bps_1Q…" }),
    object: z.literal("billing_portal_session"),
    url: z.string().meta({
      description:
        "Send the customer there at once: Stripe lets it live for minutes, and whoever has it is let in.",
    }),
    customer_id: z.string(),
    return_url: z.string(),
    flow: z.object({ type: z.enum(PORTAL_FLOWS), subscription_id: z.string().nullable() }).nullable(),
    created_at: timestampField,
    updated_at: timestampField.meta({ description: "As created_at: it is not kept." }),
  })
  .meta({ id: "BillingPortalSession" });

export function toPortalSession(
  made: Stripe.BillingPortal.Session,
  { customerId, returnUrl, flow }: PortalSessionInput,
): z.infer<typeof portalSessionSchema> {
  const createdAt = timestamp(made.created * 1000);
  return {
    id: made.id,
    object: "billing_portal_session",
    url: made.url,
    customer_id: customerId,
    return_url: returnUrl,
    flow: flow ? { type: flow.type, subscription_id: flow.subscriptionId ?? null } : null,
    created_at: createdAt,
    updated_at: createdAt,
  };
}
