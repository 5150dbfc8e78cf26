// Examples of what tells of the plumbing rather than of money: a mail that came back, a connection, a destination that
// was switched off, an event that gave up.

import type * as z from "zod";
import type { connectionSchema } from "../connections/schema.ts";
import { timestamp } from "../http/fields.ts";
import type { mailSchema } from "../mail/schema.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { NotificationType } from "../platform/notification-types.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";
import type { webhookEventSchema } from "../webhooks/schema.ts";
import type { destinationSchema } from "./schema.ts";

const FIVE_DAYS_MS = 5 * 24 * 60 * 60 * 1000;

export const operationalExamples = {
  mail: exampleMail,
  connection: exampleConnection,
  event_destination: exampleDestination,
  webhook_event: exampleWebhookEvent,
};

function exampleMail(deps: Deps, _: Scope, type: NotificationType): z.infer<typeof mailSchema> {
  const now = timestamp(deps.now());
  return {
    id: "inv_example/link/1",
    object: "mail",
    invoice_id: "inv_example",
    payment_id: null,
    kind: "invoice",
    to: "ada@example.com",
    status: type === "mail.complained" ? "complained" : "bounced",
    subject: "Invoice INV-EXAMPLE",
    provider: "resend",
    provider_message_id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794",
    error: "An example that was sent by hand: no mail came back.",
    sent_at: now,
    created_at: now,
    updated_at: now,
  };
}

function exampleConnection(deps: Deps, scope: Scope): z.infer<typeof connectionSchema> {
  const now = timestamp(deps.now());
  return {
    id: "conn_example",
    object: "connection",
    tenant_id: scope.tenantId,
    environment_id: scope.environmentId,
    name: "Example",
    provider: "stripe",
    auth_type: "api_key",
    livemode: false,
    is_active: true,
    status: "active",
    status_detail: null,
    webhook_url: `${deps.publicUrl}/api/v1/webhooks/stripe/${scope.tenantId}/${scope.environmentId}`,
    webhook_endpoint_id: "we_example",
    webhook_secret_set: true,
    thin_webhook_secret_set: false,
    secret_key_hint: "sk_test_…0000",
    publishable_key: null,
    account: {
      id: "acct_example",
      display_name: "Example",
      country: "DE",
      default_currency: "EUR",
      charges_enabled: true,
      payouts_enabled: true,
      details_submitted: true,
      requirements: [],
      onboarding_url: null,
    },
    sync_config: {
      customer: { inbound: true, outbound: false },
      invoice: { outbound: true },
      subscription: { inbound: true },
    },
    features: [{ name: "invoices", ok: true, in_use: true, missing: [], detail: null }],
    refused: { count_24h: 0, last_at: null, last_reason: null, since: null },
    last_webhook_at: now,
    last_event_at: now,
    created_at: now,
    updated_at: now,
  };
}

function exampleDestination(deps: Deps): z.infer<typeof destinationSchema> {
  const now = timestamp(deps.now());
  return {
    id: "dest_example",
    object: "event_destination",
    url: "https://example.com/hooks",
    event_types: null,
    description: "An example that was sent by hand: nothing was switched off.",
    is_active: false,
    disabled_reason: "It took nothing for 5 days.",
    failing_since: now,
    deliveries: {
      last_24_hours: { succeeded: 0, failed: 12, retrying: 0, pending: 0, success_rate: 0 },
      last_7_days: { succeeded: 40, failed: 60, retrying: 0, pending: 0, success_rate: 40 },
      counted_since: null,
      next_try_at: null,
      last_succeeded_at: timestamp(deps.now() - FIVE_DAYS_MS),
      last_failed_at: now,
    },
    created_at: now,
    updated_at: now,
  };
}

function exampleWebhookEvent(deps: Deps): z.infer<typeof webhookEventSchema> {
  const now = timestamp(deps.now());
  return {
    id: "whe_example",
    object: "webhook_event",
    stripe_event_id: "evt_example",
    type: "payment_intent.succeeded",
    api_version: STRIPE_API_VERSION,
    livemode: false,
    account: "acct_example",
    status: "dead",
    reason: null,
    source: "webhook",
    deliveries: 1,
    attempts: 20,
    error: "An example that was sent by hand: no event gave up.",
    changes: [],
    invoice_id: "inv_example",
    created_at: now,
    received_at: now,
    processed_at: null,
    lag_ms: null,
    updated_at: now,
  };
}
