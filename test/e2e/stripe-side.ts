// What a person does in Stripe's own dashboard, and what Stripe does of itself, at the sandbox.

import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { createStripeFactory, STRIPE_API_VERSION } from "../../src/platform/stripe.ts";
import type { Stack } from "../demo/start-stack.ts";
import { signWebhook } from "../stripe-sandbox/sign-webhook.ts";

/** Workbench, Webhooks, Create new destination. @returns its signing secret, which Stripe tells this once */
export async function makeDestination(
  { sandbox }: Stack,
  key: string,
  url: string,
): Promise<{ id: string; secret: string }> {
  const { id, secret } = await createStripeFactory(sandbox)(key).webhookEndpoints.create({
    url,
    enabled_events: [...STRIPE_EVENT_TYPE_NAMES],
    api_version: STRIPE_API_VERSION,
  });
  if (secret === undefined) throw new Error("Stripe told no signing secret.");
  return { id, secret };
}

/** Asks the sandbox's own door. @throws Error with what it answers */
export async function atSandbox({ sandbox }: Stack, path: string, body: unknown = {}): Promise<unknown> {
  const answer = await fetch(`${sandbox}/_sandbox${path}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}

/** Sends an event as Stripe would that signs with `secret`. @returns the status of what was answered */
export async function sendEvent(
  url: string,
  secret: string,
  event: { id: string; type: string; object: Record<string, unknown> },
): Promise<number> {
  const { id, type, object } = event;
  const created = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    ...{ id, object: "event", api_version: STRIPE_API_VERSION, created, livemode: false },
    ...{ pending_webhooks: 1, request: null, type, data: { object } },
  });
  const headers = { "stripe-signature": await signWebhook(body, [secret], created) };
  const answer = await fetch(url, { method: "POST", headers, body });
  await answer.body?.cancel();
  return answer.status;
}
