// Answers about connections. No answer has a field that could hold a secret: a key shows as a hint.

import * as z from "zod";
import { timestampField } from "../http/fields.ts";
import { FEATURE_NAMES } from "./features.ts";
import { REFUSAL_REASONS } from "./refusals.ts";
import { syncConfigField } from "./request-schema.ts";

export const connectionSchema = z
  .object({
    id: z.string(),
    object: z.literal("connection"),
    tenant_id: z.string(),
    environment_id: z.string(),
    name: z.string(),
    provider: z.literal("stripe"),
    auth_type: z.enum(["api_key", "oauth"]).meta({
      description: "`oauth`: made by Stripe Connect, by `POST /connections/oauth` or in the dashboard.",
    }),
    livemode: z.boolean(),
    is_active: z.boolean(),
    status: z.enum(["pending_webhook", "active", "disabled", "error", "disconnected"]),
    status_detail: z.string().nullable(),
    webhook_url: z.string().nullable().meta({ description: "Null only where PUBLIC_URL is not set." }),
    webhook_endpoint_id: z.string().nullable(),
    webhook_secret_set: z.boolean().meta({
      description:
        "Whether what Stripe sends can be verified: by a signing secret of this connection, or, where it was made by Stripe Connect, by those of the platform's endpoint.",
    }),
    thin_webhook_secret_set: z.boolean(),
    secret_key_hint: z.string().nullable().meta({
      description: "Null where the connection was made by Stripe Connect: no secret of yours is kept.",
      example: "sk_test_…4242",
    }),
    publishable_key: z.string().nullable(),
    account: z.object({
      id: z.string(),
      display_name: z.string().nullable(),
      country: z.string().nullable(),
      default_currency: z.string().nullable(),
      charges_enabled: z.boolean(),
      payouts_enabled: z.boolean(),
      details_submitted: z.boolean(),
      requirements: z.array(z.string()),
      onboarding_url: z.string().nullable(),
    }),
    sync_config: syncConfigField,
    features: z
      .array(
        z.object({
          name: z.enum(FEATURE_NAMES),
          ok: z.boolean(),
          in_use: z.boolean().meta({
            description: "Whether the connection uses it by itself; the others are used when you call them.",
          }),
          missing: z.array(z.string()).meta({ example: ["Payment Links: write"] }),
          detail: z.string().nullable().meta({ example: "invoices needs Payment Links write." }),
        }),
      )
      .meta({
        description:
          "What can be done with the key. Without `invoices` a connection that makes links is refused; the rest is said here. Empty where a restricted key was not asked yet: `POST /connections/{id}/test` asks.",
      }),
    refused: z
      .object({
        count_24h: z.int(),
        last_at: timestampField.nullable(),
        last_reason: z.enum(REFUSAL_REASONS).nullable(),
        since: timestampField.nullable().meta({
          description: "Since when they are refused, while it goes on; null once webhooks arrive again.",
        }),
      })
      .meta({
        description:
          "Webhooks that were refused with 400. Counted about once a minute. `wrong_secret`: signed with another secret; `stale`: signed over five minutes ago; `not_an_event`: without a signature such as Stripe's; `no_secret`: none is set yet; `disabled`: the connection is switched off.",
      }),
    last_webhook_at: timestampField.nullable().meta({ description: "When Stripe last sent an event here." }),
    last_event_at: timestampField.nullable().meta({
      description: "The same, or when one was last fetched from Stripe.",
    }),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Connection" });

const noticesField = z.array(z.string()).meta({
  description: "What was done beside what was asked, such as white space that was taken off.",
});

export const changedConnectionSchema = connectionSchema
  .extend({ notices: noticesField })
  .meta({ id: "ChangedConnection" });

export const disconnectedSchema = connectionSchema
  .extend({
    not_undone: z
      .array(z.string())
      .meta({ description: "What could not be undone at Stripe, and what to do about it." }),
    open_ends: z
      .object({
        payment_links: z.array(z.object({ id: z.string(), invoice_id: z.string() })),
        payments: z.array(
          z.object({
            id: z.string(),
            invoice_id: z.string().nullable(),
            subscription_id: z.string().nullable(),
          }),
        ),
        checkout_sessions: z.array(z.string()),
        subscriptions: z.array(z.string()),
      })
      .meta({
        description:
          "What goes on at Stripe, unheard of here, by id: links that can still be paid, payments on their way, checkout sessions that can be paid or whose payment is on its way, subscriptions.",
      }),
  })
  .meta({ id: "DisconnectedConnection" });

export const connectionTestSchema = z
  .object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: "ConnectionTest" });
