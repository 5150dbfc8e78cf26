// Requests and answers of connections. No answer has a field that could hold a secret: a key shows as a hint.

import { z } from "zod";
import { nameField, timestamp, timestampField } from "../http/fields.ts";
import { listQuery } from "../http/list.ts";
import { validSecrets } from "../platform/secret-store.ts";
import { connectionStatus } from "./connection-state.ts";
import type { StoredConnection } from "./store.ts";

export const connectionParams = z.object({ id: z.string() });
export const pageQuery = z.strictObject(listQuery);

const syncConfigField = z
  .strictObject({
    customer: z
      .strictObject({ inbound: z.boolean().default(true), outbound: z.boolean().default(false) })
      .prefault({}),
    invoice: z.strictObject({ outbound: z.boolean().default(true) }).prefault({}),
    subscription: z.strictObject({ inbound: z.boolean().default(true) }).prefault({}),
  })
  .meta({ description: "What is kept in step with Stripe, and in which direction." });

// White space round a pasted key is the commonest slip; it is taken off.
const pasted = z.string().trim().max(500);

export const createConnectionBody = z.strictObject({
  name: nameField,
  provider: z.literal("stripe", { error: "The provider is 'stripe'." }),
  secret_key: pasted.meta({ description: "`sk_test_…`, `sk_live_…`, `rk_test_…` or `rk_live_…`" }),
  publishable_key: pasted.nullish(),
  webhook_secret: pasted.optional().meta({ description: "The endpoint's signing secret, `whsec_…`" }),
  sync_config: syncConfigField.prefault({}),
});

export const connectionSchema = z
  .object({
    id: z.string(),
    object: z.literal("connection"),
    tenant_id: z.string(),
    environment_id: z.string(),
    name: z.string(),
    provider: z.literal("stripe"),
    auth_type: z.enum(["api_key", "oauth"]),
    livemode: z.boolean(),
    is_active: z.boolean(),
    status: z.enum(["pending_webhook", "active", "disabled", "error", "disconnected"]),
    status_detail: z.string().nullable(),
    webhook_url: z.string(),
    webhook_endpoint_id: z.string().nullable(),
    webhook_secret_set: z.boolean(),
    secret_key_hint: z.string().meta({ example: "sk_test_…4242" }),
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
    last_event_at: timestampField.nullable(),
    created_at: timestampField,
    updated_at: timestampField,
  })
  .meta({ id: "Connection" });

/** @param lastEventAtMs when an event of this environment last arrived, ms; null for never */
export function toConnection(
  stored: StoredConnection,
  publicUrl: string,
  nowMs: number,
  lastEventAtMs: number | null,
): z.infer<typeof connectionSchema> {
  const { row } = stored;
  const webhookSecretSet = validSecrets(stored.secrets, "webhook_secret", nowMs).length > 0;
  const { status, detail } = connectionStatus({ ...row, webhookSecretSet });
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
    webhook_url: webhookUrl(publicUrl, row),
    webhook_endpoint_id: row.webhookEndpointId,
    webhook_secret_set: webhookSecretSet,
    secret_key_hint: row.secretKeyHint,
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
    last_event_at: lastEventAtMs === null ? null : timestamp(lastEventAtMs),
    created_at: timestamp(row.createdAtMs),
    updated_at: timestamp(row.updatedAtMs),
  };
}

/** Where Stripe is to send this environment's events. */
export function webhookUrl(publicUrl: string, scope: { tenantId: string; environmentId: string }): string {
  return `${publicUrl}/api/v1/webhooks/stripe/${scope.tenantId}/${scope.environmentId}`;
}

/** Where a person finishes what Stripe still asks for; null when nothing is missing. */
function onboardingUrl(livemode: boolean, account: StoredConnection["row"]["account"]): string | null {
  const complete = account.chargesEnabled && account.payoutsEnabled && account.requirements.length === 0;
  return complete ? null : `https://dashboard.stripe.com/${livemode ? "" : "test/"}account/onboarding`;
}
