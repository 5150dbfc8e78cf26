// Requests and answers of connections. No answer has a field that could hold a secret: a key shows as a hint.

import * as z from "zod";
import { validSecrets } from "../directory/secret-store.ts";
import { nameField, timestamp, timestampField, timestampOrNull } from "../http/fields.ts";
import type { OpenEnds } from "../ledger/erasure/open-ends.ts";
import type { LastArrivals } from "../ledger/events/read-events.ts";
import type { Deps } from "../platform/deps.ts";
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import type { SyncConfig } from "../platform/sync-config.ts";
import { onboardingUrl } from "./account-state.ts";
import { connectionStatus } from "./connection-state.ts";
import { FEATURE_NAMES, usageOf, verdicts } from "./features.ts";
import { pendingRefusals } from "./pending-refusals.ts";
import { isRestrictedKey } from "./probe-permissions.ts";
import { addRefusals, countRefused, REFUSAL_REASONS } from "./refusals.ts";
import { type ConnectionRow, type StoredConnection, takesThinEvents } from "./store.ts";
import { webhookUrlOf } from "./webhook-endpoint-state.ts";

const syncConfigField = z
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

export function toOpenEnds(ends: OpenEnds): z.infer<typeof disconnectedSchema>["open_ends"] {
  return {
    payment_links: ends.links.map((link) => ({
      id: link.stripePaymentLinkId,
      invoice_id: link.invoiceId,
    })),
    payments: ends.payments.map(({ id, invoiceId, subscriptionId }) => ({
      id,
      invoice_id: invoiceId,
      subscription_id: subscriptionId,
    })),
    checkout_sessions: ends.checkoutSessions,
    subscriptions: ends.subscriptions,
  };
}

export const connectionTestSchema = z
  .object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: "ConnectionTest" });

export function toConnection(
  stored: StoredConnection,
  deps: Pick<Deps, "publicUrl" | "now" | "keyring" | "config">,
  arrivals: LastArrivals,
): z.infer<typeof connectionSchema> {
  return renderConnection(viewOf(stored, deps), deps.publicUrl, arrivals);
}

/** What is shown of a connection: of its secrets only whether they are there and can be opened. */
export type ConnectionView = {
  row: ConnectionRow;
  webhookSecretSet: boolean;
  thinWebhookSecretSet?: boolean;
  goneKeyIds: string[];
  /** With what this isolate has not written yet, as of now; a message of an older version has none. */
  refused?: { count24h: number; lastAtMs: number; lastReason: string } | null;
};

export function viewOf(
  { row, secrets }: StoredConnection,
  deps: Pick<Deps, "now" | "keyring" | "config">,
): ConnectionView {
  const pending = row.disconnectedAtMs === null ? pendingRefusals.peek(row) : null;
  const refused = pending ? addRefusals(row.refused, pending, deps.now()) : row.refused;
  return {
    row,
    refused: refused && { ...refused, count24h: countRefused(refused, deps.now()) },
    webhookSecretSet:
      row.authType === "oauth"
        ? deps.config.connect.webhookSecrets.length > 0
        : validSecrets(secrets, "webhook_secret", deps.now()).length > 0,
    thinWebhookSecretSet: takesThinEvents({ secrets }, deps.now()),
    goneKeyIds: secrets.map((secret) => secret.keyId).filter((keyId) => !deps.keyring.keyIds.includes(keyId)),
  };
}

/** A message that was kept before there were verdicts has none. */
function featuresOf(row: ConnectionRow, thinEvents: boolean): z.infer<typeof connectionSchema>["features"] {
  if (row.disconnectedAtMs !== null) return [];
  const isFull = !isRestrictedKey(row.secretKeyHint);
  return verdicts(usageOf(row, thinEvents), isFull ? [] : (row.missingPermissions ?? null));
}

export function renderConnection(
  { row, webhookSecretSet, thinWebhookSecretSet = false, goneKeyIds, refused = null }: ConnectionView,
  publicUrl: string | null,
  { eventAtMs, webhookAtMs }: LastArrivals,
): z.infer<typeof connectionSchema> {
  const url = publicUrl === null ? null : webhookUrlOf({ publicUrl }, row);
  const { status, detail } = connectionStatus(
    { ...row, webhookSecretSet: webhookSecretSet || thinWebhookSecretSet, goneKeyIds },
    url,
  );
  return {
    id: row.id,
    object: "connection",
    tenant_id: row.tenantId,
    environment_id: row.environmentId,
    name: row.name,
    provider: row.provider,
    auth_type: row.authType,
    livemode: row.livemode,
    is_active: row.isActive,
    status,
    status_detail: detail,
    webhook_url: url,
    webhook_endpoint_id: row.webhookEndpointId,
    webhook_secret_set: webhookSecretSet,
    thin_webhook_secret_set: thinWebhookSecretSet,
    secret_key_hint: row.secretKeyHint || null,
    publishable_key: row.publishableKey,
    account: {
      id: row.account.id,
      display_name: row.account.displayName,
      country: row.account.country,
      default_currency: row.account.defaultCurrency,
      charges_enabled: row.account.chargesEnabled,
      payouts_enabled: row.account.payoutsEnabled,
      details_submitted: row.account.detailsSubmitted,
      requirements: row.account.requirements,
      onboarding_url: onboardingUrl(row.livemode, row.account),
    },
    sync_config: row.syncConfig,
    features: featuresOf(row, thinWebhookSecretSet),
    refused: {
      count_24h: refused?.count24h ?? 0,
      last_at: timestampOrNull(refused?.lastAtMs ?? null),
      last_reason: REFUSAL_REASONS.find((reason) => reason === refused?.lastReason) ?? null,
      since: timestampOrNull(row.refusedSinceMs ?? null),
    },
    last_webhook_at: timestampOrNull(webhookAtMs),
    last_event_at: timestampOrNull(eventAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}
