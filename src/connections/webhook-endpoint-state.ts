// What an endpoint at Stripe must be like for us, and what is wrong with one. Pure: no I/O, no clock.

import type Stripe from "stripe";
import { AppError } from "../platform/app-error.ts";
import { errorText } from "../platform/logger.ts";
import { STRIPE_API_VERSION } from "../platform/stripe.ts";
import { STRIPE_EVENT_TYPE_NAMES } from "./stripe-event-types.ts";

export type EndpointProblem = "url" | "disabled" | "events" | "api_version";

/** The part of Stripe's endpoint that is read. */
export type EndpointShape = Pick<Stripe.WebhookEndpoint, "url" | "status" | "enabled_events" | "api_version">;

/**
 * Where Stripe is to send this environment's events.
 * @throws AppError `not_configured` where our own origin is not known
 */
export function webhookUrl(
  { publicUrl }: { publicUrl: string | null },
  scope: { tenantId: string; environmentId: string },
): string {
  if (publicUrl === null) throw new AppError("not_configured", { detail: "PUBLIC_URL is not set." });
  return `${publicUrl}/api/v1/webhooks/stripe/${scope.tenantId}/${scope.environmentId}`;
}

/** Where Stripe sends the events of a connection's account. @throws AppError as {@link webhookUrl} */
export function webhookUrlOf(
  deps: { publicUrl: string | null },
  row: { authType: "api_key" | "oauth"; tenantId: string; environmentId: string },
): string {
  return row.authType === "oauth" ? connectWebhookUrl(deps) : webhookUrl(deps, row);
}

/** Where Stripe sends the events of all accounts that are connected by OAuth. @throws AppError as {@link webhookUrl} */
export function connectWebhookUrl({ publicUrl }: { publicUrl: string | null }): string {
  if (publicUrl === null) throw new AppError("not_configured", { detail: "PUBLIC_URL is not set." });
  return `${publicUrl}/api/v1/webhooks/stripe/connect`;
}

/** Whether two addresses are one, however they are spelled. */
export function isSameUrl(left: string, right: string): boolean {
  if (!URL.canParse(left) || !URL.canParse(right)) return left === right;
  return new URL(left).href === new URL(right).href;
}

/** What is wrong with an endpoint of ours; empty when nothing is. */
export function endpointProblems(endpoint: EndpointShape, url: string): EndpointProblem[] {
  const problems: EndpointProblem[] = [];
  if (!isSameUrl(endpoint.url, url)) problems.push("url");
  if (endpoint.status !== "enabled") problems.push("disabled");
  if (missingEvents(endpoint).length > 0) problems.push("events");
  if (endpoint.api_version !== STRIPE_API_VERSION) problems.push("api_version");
  return problems;
}

/** Our event types that the endpoint does not send; `*` sends all of them. */
export function missingEvents(endpoint: Pick<EndpointShape, "enabled_events">): string[] {
  if (endpoint.enabled_events.includes("*")) return [];
  return STRIPE_EVENT_TYPE_NAMES.filter((type) => !endpoint.enabled_events.includes(type));
}

/** Why there is no endpoint, in Stripe's words: what a connection that was made without one says. */
export function endpointRefused(error: unknown): string {
  return `The webhook endpoint could not be made at Stripe, so payments are not processed yet. ${errorText(error)}`;
}

/** What a person does at Stripe when we may not: the address, the version and every event. */
export function setUpByHand(url: string | null): string {
  return (
    "By hand: in Stripe's dashboard open Workbench, choose Webhooks, and create an event destination for your " +
    `account: a webhook endpoint with this connection's webhook_url${url === null ? "" : ` ${url}`}, snapshot payloads ` +
    `of API version ${STRIPE_API_VERSION}, and the events ${STRIPE_EVENT_TYPE_NAMES.join(", ")}; ` +
    "then set its signing secret (whsec_…) as webhook_secret. To let Quittance try again, " +
    "call POST /api/v1/connections/{id}/webhook_endpoint."
  );
}
