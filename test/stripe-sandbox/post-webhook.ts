// Sends one event to one endpoint, rendered and signed for that endpoint.

import type Stripe from "stripe";
import type { SandboxContext } from "./context.ts";
import { signWebhook } from "./sign-webhook.ts";
import type { EndpointRecord } from "./types.ts";

/** The status that the receiver answered with; null when it could not be reached. */
export async function postWebhook(
  context: SandboxContext,
  record: EndpointRecord,
  event: Stripe.Event,
): Promise<number | null> {
  const body = renderEvent(record.endpoint, event);
  const live = record.secrets.filter(
    ({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > context.now(),
  );
  const secrets = live.map((secret) => secret.value);
  // The receiver holds the stamp against its own clock, so it must not be moved by `advance`.
  const signature = await signWebhook(body, secrets, Math.floor(context.options.now() / 1000));
  const headers = {
    Accept: "*/*; q=0.5, application/xml",
    "Cache-Control": "no-cache",
    "Content-Type": "application/json; charset=utf-8",
    "Stripe-Signature": signature,
    "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
  };
  try {
    return (await context.options.send(record.endpoint.url, { headers, body })).status;
  } catch {
    // Not reached at all: to Stripe that is one more failed attempt.
    return null;
  }
}

/** The body that this endpoint is sent. */
export function renderEvent(endpoint: Stripe.WebhookEndpoint, event: Stripe.Event): string {
  const rendered = {
    ...event,
    api_version: endpoint.api_version ?? event.api_version,
    // Only a platform is told whose event it is; an account's own endpoints are not.
    account: endpoint.application === null ? undefined : event.account,
  };
  return JSON.stringify(rendered, null, 2);
}
