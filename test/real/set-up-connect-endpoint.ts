// Makes the platform's own Connect endpoint at Stripe, which hears of all connected accounts, or repairs the one that
// is there. Its signing secret is in the answer to its making and never again.

import type Stripe from "stripe";
import { repairEndpoint } from "../../src/connections/stripe-endpoints.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { isSameUrl } from "../../src/connections/webhook-endpoint-state.ts";
import { STRIPE_API_VERSION } from "../../src/platform/stripe.ts";

export type ConnectEndpoint = {
  id: string;
  /** Null where it was there before: Stripe does not tell it again. */
  secret: string | null;
  /** What was done, and what is left to do. */
  said: string[];
};

const MOST_ENDPOINTS = 1_000;

/**
 * @param stripe with the platform's own key
 * @param options.renew makes another in place of the one that is there, with a secret of its own
 * @throws what Stripe's package throws
 */
export async function setUpConnectEndpoint(
  stripe: Stripe,
  url: string,
  options: { renew: boolean },
): Promise<ConnectEndpoint> {
  const present = await findConnectEndpoints(stripe, url);
  const [newest] = present;
  if (newest && !options.renew) return repair(stripe, url, newest);
  const made = await stripe.webhookEndpoints.create({
    url,
    connect: true,
    api_version: STRIPE_API_VERSION,
    enabled_events: STRIPE_EVENT_TYPE_NAMES,
    description: "Quittance (Stripe Connect)",
  });
  // Only now: what happens in between is heard by one of them.
  for (const { id } of present) await stripe.webhookEndpoints.del(id);
  const removed = present.map(({ id }) => `The endpoint ${id} was removed.`);
  return {
    id: made.id,
    secret: made.secret ?? null,
    said: [`The endpoint ${made.id} was made.`, ...removed],
  };
}

async function findConnectEndpoints(stripe: Stripe, url: string): Promise<Stripe.WebhookEndpoint[]> {
  const all = await stripe.webhookEndpoints.list({ limit: 100 }).autoPagingToArray({ limit: MOST_ENDPOINTS });
  return all.filter((endpoint) => endpoint.application !== null && isSameUrl(endpoint.url, url));
}

async function repair(
  stripe: Stripe,
  url: string,
  endpoint: Stripe.WebhookEndpoint,
): Promise<ConnectEndpoint> {
  await repairEndpoint(stripe, endpoint, url);
  const said = [
    `The endpoint ${endpoint.id} is there, enabled, and sent every event that we use.`,
    "Stripe does not tell its secret again: look at it in Workbench, Webhooks, or make a new endpoint with -- --renew.",
  ];
  if (endpoint.api_version !== STRIPE_API_VERSION)
    said.push(
      `Its API version is ${endpoint.api_version ?? "the account's own"}, not ${STRIPE_API_VERSION}, and cannot be changed: -- --renew makes one that has it.`,
    );
  return { id: endpoint.id, secret: null, said };
}
