// A connection as the API shows it: of its secrets only whether they are there and can be opened.

import type * as z from "zod";
import { validSecrets } from "../directory/secret-store.ts";
import { timestamp, timestampOrNull } from "../http/fields.ts";
import type { OpenEnds } from "../ledger/erasure/open-ends.ts";
import type { LastArrivals } from "../ledger/events/read-events.ts";
import type { Deps } from "../platform/deps.ts";
import { onboardingUrl } from "./account-state.ts";
import { connectionStatus } from "./connection-state.ts";
import { usageOf, verdicts } from "./features.ts";
import { pendingRefusals } from "./pending-refusals.ts";
import { isRestrictedKey } from "./probe-permissions.ts";
import { addRefusals, countRefused, REFUSAL_REASONS } from "./refusals.ts";
import type { connectionSchema, disconnectedSchema } from "./schema.ts";
import { type ConnectionRow, type StoredConnection, takesThinEvents } from "./store.ts";
import { webhookUrlOf } from "./webhook-endpoint-state.ts";

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
