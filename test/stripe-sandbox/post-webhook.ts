// Sends one event to one endpoint, rendered and signed for that endpoint.

import type Stripe from "stripe";
import type { SandboxContext } from "./context.ts";
import { inShapeOf } from "./older-shapes.ts";
import { signWebhook } from "./sign-webhook.ts";
import { thinOf } from "./thin-event.ts";
import type { AccountWorld, EndpointRecord } from "./types.ts";

/** The status that the receiver answered with; null when it could not be reached. */
export async function postWebhook(
  context: SandboxContext,
  record: EndpointRecord,
  event: Stripe.Event,
): Promise<number | null> {
  const account = Object.values(context.world.accounts).find(({ events }) => events[event.id]);
  const body =
    record.payload === "thin"
      ? JSON.stringify(thinOf(event), null, 2)
      : renderEvent(record.endpoint, event, account);
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

/** The body that this endpoint is sent, in the shapes of its API version. @param account whose event it is */
export function renderEvent(
  endpoint: Stripe.WebhookEndpoint,
  event: Stripe.Event,
  account?: AccountWorld,
): string {
  const version = endpoint.api_version ?? event.api_version;
  const isOlder = account !== undefined && version !== null;
  const rendered = {
    ...event,
    data: isOlder ? { ...event.data, object: inShapeOf(version, account, event) } : event.data,
    api_version: version,
    // Only a platform is told whose event it is; an account's own endpoints are not.
    account: endpoint.application === null ? undefined : event.account,
  };
  return JSON.stringify(rendered, null, 2);
}
