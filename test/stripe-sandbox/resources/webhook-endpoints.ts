// Webhook endpoints: the signing secret is in the answer to the creation, and never again.

import type Stripe from "stripe";
import { isApiVersion } from "../api-versions.ts";
import { invalidRequest, noSuch } from "../errors.ts";
import { newId } from "../ids.ts";
import { listParameters, newestFirst, paginate } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import { array, boolean, emptyable, type ParametersOf, required, string } from "../parameters.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld, EndpointRecord } from "../types.ts";
import { checkEndpointUrl } from "./endpoint-url.ts";
import { isEventType } from "./event-types.ts";
import { applicationId } from "./oauth.ts";

const MAX_TEST_ENDPOINTS = 16;

const created = {
  url: required(string()),
  enabled_events: required(array(string())),
  api_version: string(),
  connect: boolean(),
  description: emptyable(string()),
  metadata: metadata(),
} satisfies ParametersOf<Stripe.WebhookEndpointCreateParams>;

const updated = {
  url: string(),
  enabled_events: array(string()),
  description: emptyable(string()),
  disabled: boolean(),
  metadata: metadata(),
} satisfies ParametersOf<Stripe.WebhookEndpointUpdateParams>;

export const webhookEndpointRoutes = [
  route("POST", "/v1/webhook_endpoints", "webhook", created, (call) => {
    const { params, account, context } = call;
    checkEndpointUrl(params.url, context.options, call.caller.livemode);
    checkEventTypes(params.enabled_events);
    if (params.api_version !== undefined && !isApiVersion(params.api_version)) {
      throw invalidRequest(`Invalid Stripe API version: ${params.api_version}`, { param: "api_version" });
    }
    if (Object.keys(account.endpoints).length >= MAX_TEST_ENDPOINTS) {
      throw invalidRequest(`You have reached the maximum of ${MAX_TEST_ENDPOINTS} test webhook endpoints.`);
    }
    const endpoint: Stripe.WebhookEndpoint = {
      id: newId("we"),
      object: "webhook_endpoint",
      api_version: params.api_version ?? null,
      application: params.connect ? applicationId(call.accountId) : null,
      created: seconds(context.now()),
      description: params.description ?? null,
      enabled_events: params.enabled_events,
      livemode: false,
      metadata: mergeMetadata(null, params.metadata),
      status: "enabled",
      url: params.url,
    };
    const secret = newId("whsec");
    account.endpoints[endpoint.id] = { endpoint, secrets: [{ value: secret, expiresAtMs: null }] };
    return { ...endpoint, secret };
  }),
  route("GET", "/v1/webhook_endpoints", "webhook", listParameters, ({ account, params, url }) => {
    // Destinations of thin events are listed by API v2 alone.
    const ofSnapshots = newestFirst(account.endpoints).filter(({ payload }) => payload !== "thin");
    const endpoints = ofSnapshots.map((record) => record.endpoint);
    return paginate(endpoints, params, { url, kind: "webhook endpoint" });
  }),
  route("GET", "/v1/webhook_endpoints/:id", "webhook", {}, ({ account, id }) => find(account, id).endpoint),
  route(
    "POST",
    "/v1/webhook_endpoints/:id",
    "webhook",
    updated,
    ({ account, caller, context, id, params }) => {
      const { endpoint } = find(account, id);
      const { url, enabled_events, description, disabled } = params;
      if (url !== undefined) checkEndpointUrl(url, context.options, caller.livemode);
      if (enabled_events !== undefined) checkEventTypes(enabled_events);
      if (url !== undefined) endpoint.url = url;
      if (enabled_events !== undefined) endpoint.enabled_events = enabled_events;
      if (description !== undefined) endpoint.description = description;
      if (disabled !== undefined) endpoint.status = disabled ? "disabled" : "enabled";
      endpoint.metadata = mergeMetadata(endpoint.metadata, params.metadata);
      return endpoint;
    },
  ),
  route("DELETE", "/v1/webhook_endpoints/:id", "webhook", {}, ({ account, id }) => {
    const { endpoint } = find(account, id);
    delete account.endpoints[endpoint.id];
    const deleted: Stripe.DeletedWebhookEndpoint = { id, object: "webhook_endpoint", deleted: true };
    return deleted;
  }),
];

function find(account: AccountWorld, id: string): EndpointRecord {
  const record = account.endpoints[id];
  if (!record || record.payload === "thin") throw noSuch("webhook endpoint", id);
  return record;
}

function checkEventTypes(types: readonly string[]): void {
  if (types.length === 0) {
    throw invalidRequest("Invalid array", { code: "parameter_invalid_empty", param: "enabled_events" });
  }
  for (const [index, type] of types.entries()) {
    if (type === "*" || isEventType(type)) continue;
    throw invalidRequest(`Invalid enabled_events[${index}]: '${type}' is not an event that Stripe sends`, {
      param: `enabled_events[${index}]`,
    });
  }
}
