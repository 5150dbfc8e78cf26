// Our webhook endpoints at Stripe: found by our URL, made, repaired, removed. An endpoint is made without an
// idempotency key: Stripe would replay the answer of one that is long gone, and its URL finds it anyway.

import type Stripe from "stripe";
import { AppError } from "../platform/app-error.ts";
import type { Scope } from "../platform/deps.ts";
import { fromStripeError, STRIPE_API_VERSION } from "../platform/stripe.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "./stripe-event-types.ts";
import { isSameUrl } from "./webhook-endpoint-state.ts";

export type MadeEndpoint = { id: string; secret: string };

// Far above any account's limit; it only bounds the pages.
const MAX_ENDPOINTS = 1_000;
// An endpoint cannot be made disabled or without events, and no account's own endpoint is sent this one
// (https://docs.stripe.com/api/events/types#event_types-account.application.deauthorized).
const SENT_TO_APPLICATIONS_ONLY: ["account.application.deauthorized"] = ["account.application.deauthorized"];

/**
 * Endpoints with our URL, and the recorded one whatever its URL is now, newest first. Endpoints of Connect
 * applications hear of other accounts and are left out.
 * @throws AppError as {@link fromStripeError} says
 */
export async function findEndpoints(
  stripe: Stripe,
  url: string,
  recordedId: string | null,
): Promise<Stripe.WebhookEndpoint[]> {
  const all = await orProblem(() =>
    stripe.webhookEndpoints.list({ limit: 100 }).autoPagingToArray({ limit: MAX_ENDPOINTS }),
  );
  return all.filter(
    (endpoint) =>
      endpoint.application === null && (endpoint.id === recordedId || isSameUrl(endpoint.url, url)),
  );
}

/**
 * Makes an endpoint with all that we use. Its secret is in this answer and never again
 * (https://docs.stripe.com/api/webhook_endpoints/object).
 * @param options.silent one that is sent nothing yet: what is signed before its secret is stored would be
 * refused. {@link repairEndpoint} lets it hear
 */
export async function makeEndpoint(
  stripe: Stripe,
  scope: Scope,
  url: string,
  options: { silent: boolean } = { silent: false },
): Promise<MadeEndpoint> {
  const made = await orProblem(() =>
    stripe.webhookEndpoints.create({
      url,
      api_version: STRIPE_API_VERSION,
      enabled_events: options.silent ? SENT_TO_APPLICATIONS_ONLY : STRIPE_EVENT_TYPE_NAMES,
      description: "Quittance",
      metadata: {
        quittance_tenant_id: scope.tenantId,
        quittance_environment_id: scope.environmentId,
      },
    }),
  );
  if (made.secret) return { id: made.id, secret: made.secret };
  const detail = `Stripe made the endpoint ${made.id} and did not tell its signing secret.`;
  throw new AppError("stripe_unavailable", { detail, retryable: true });
}

/** Gives an endpoint our URL and events and enables it; events that a person added stay. */
export async function repairEndpoint(
  stripe: Stripe,
  endpoint: Pick<Stripe.WebhookEndpoint, "id" | "enabled_events">,
  url: string,
): Promise<void> {
  const present = endpoint.enabled_events as Stripe.WebhookEndpointUpdateParams.EnabledEvent[];
  const enabled = present.includes("*") ? present : [...new Set([...present, ...STRIPE_EVENT_TYPE_NAMES])];
  await orProblem(() =>
    stripe.webhookEndpoints.update(endpoint.id, { url, enabled_events: enabled, disabled: false }),
  );
}

/** Deletes an endpoint; one that is gone already is as good. */
export async function removeEndpoint(stripe: Stripe, endpointId: string): Promise<void> {
  try {
    await stripe.webhookEndpoints.del(endpointId);
  } catch (error) {
    if (isMissing(error)) return;
    throw fromStripeError(error);
  }
}

/** Whether it is one that Quittance made for this environment, and not a person by hand. */
export function isOurs(endpoint: Stripe.WebhookEndpoint, scope: Scope, recordedId: string | null): boolean {
  return endpoint.id === recordedId || endpoint.metadata.quittance_environment_id === scope.environmentId;
}

/** Whether Stripe says that there is no such object. */
export function isMissing(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    (("statusCode" in error && error.statusCode === 404) ||
      ("code" in error && error.code === "resource_missing"))
  );
}

async function orProblem<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw fromStripeError(error);
  }
}
