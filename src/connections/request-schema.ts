// Requests on connections.

import * as z from "zod";
import { nameField } from "../http/fields.ts";
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import type { SyncConfig } from "../platform/sync-config.ts";

export const syncConfigField = z
  .strictObject({
    customer: z
      .strictObject({ inbound: z.boolean().default(true), outbound: z.boolean().default(false) })
      .prefault({}),
    invoice: z.strictObject({ outbound: z.boolean().default(true) }).prefault({}),
    subscription: z.strictObject({ inbound: z.boolean().default(true) }).prefault({}),
  })
  .meta({ description: "What is kept in step with Stripe, and in which direction." });

/** Where nothing is said. */
export const DEFAULT_SYNC_CONFIG: SyncConfig = syncConfigField.parse({});

// Not trimmed here: white space round a pasted key is taken off where it can be said as well.
const pasted = z.string().max(1_000, { error: "At most 1000 characters." });

const secretKeyField = pasted.meta({ description: "`sk_test_…`, `sk_live_…`, `rk_test_…` or `rk_live_…`" });

const webhookSecretField = pasted.meta({ description: "The endpoint's signing secret, `whsec_…`" });

const thinSecretField = pasted.meta({
  description:
    "The signing secret of a second destination with this connection's URL, one for thin events: Stripe's form for all events makes both. Thin events are taken in as snapshot events are, with the object as it is fetched with the key; for that a restricted key reads what they are about (`thin_events` of `features`).",
});

export const createConnectionBody = z.strictObject({
  name: nameField,
  provider: z.literal("stripe", { error: "The provider is 'stripe'." }),
  secret_key: secretKeyField,
  publishable_key: pasted.nullish(),
  webhook_secret: webhookSecretField.optional(),
  thin_webhook_secret: thinSecretField.optional(),
  webhook_setup: z.enum(["manual", "automatic"]).optional().meta({
    description:
      "`automatic`: Quittance makes the webhook endpoint at Stripe; so it does when no `webhook_secret` is given. `manual`: you make it, and set its `webhook_secret` here or later.",
  }),
  sync_config: syncConfigField.prefault({}),
});

export const updateConnectionBody = z.strictObject({
  name: nameField.optional(),
  is_active: z.boolean().optional().meta({
    description: "`false`: no links are made and no payments processed from this answer on. Reversible.",
  }),
  secret_key: secretKeyField.optional(),
  publishable_key: pasted.nullish(),
  webhook_secret: webhookSecretField.optional(),
  thin_webhook_secret: thinSecretField.nullish().meta({
    description: "The same for a destination of thin events; null: none is taken in any more.",
  }),
  webhook_secret_overlap_seconds: z
    .int()
    .min(0)
    .max(MAX_OVERLAP_SECONDS, { error: `At most ${MAX_OVERLAP_SECONDS} seconds (7 days).` })
    .optional()
    .meta({
      description: `How long replaced webhook secrets stay valid; ${DEFAULT_OVERLAP_SECONDS} when left out. 0 ends them at once. Alone, or beside the webhook_secret that is set already, it shortens an overlap that is running.`,
    }),
  sync_config: z
    .strictObject({
      customer: z
        .strictObject({ inbound: z.boolean().optional(), outbound: z.boolean().optional() })
        .optional(),
      invoice: z.strictObject({ outbound: z.boolean().optional() }).optional(),
      subscription: z.strictObject({ inbound: z.boolean().optional() }).optional(),
    })
    .optional()
    .meta({ description: "What is left out keeps its value." }),
});
