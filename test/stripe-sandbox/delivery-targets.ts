// Finds who is told of an event: the account's own endpoints, and the endpoints of the platforms that
// the account is connected to (`connect: true`), as https://docs.stripe.com/connect/webhooks says.

import type Stripe from "stripe";
import type { AccountWorld, EndpointRecord, World } from "./types.ts";

export type Target = { owner: AccountWorld; record: EndpointRecord };

/** Stripe sends these "to the related application only". https://docs.stripe.com/api/events/types */
const FOR_THE_APPLICATION = ["account.application.authorized", "account.application.deauthorized"];

/** The enabled endpoints that get this event of this account, each with the account that owns it. */
export function endpointsFor(world: World, accountId: string, event: Stripe.Event): Target[] {
  const own = FOR_THE_APPLICATION.includes(event.type) ? undefined : world.accounts[accountId];
  const platform = world.accounts[world.oauthGrants[accountId] ?? ""];
  return [...targets(own, false, event.type), ...targets(platform, true, event.type)];
}

/** One event is delivered to one endpoint once, however often it is sent: its delivery's id says both. */
export function deliveryId(eventId: string, endpointId: string): string {
  return `dlv_${eventId}_${endpointId}`;
}

/** An event by id, wherever it happened; the account that is asked first is the likely one. */
export function findEvent(world: World, accountId: string, eventId: string): Stripe.Event | undefined {
  const likely = world.accounts[accountId]?.events[eventId];
  if (likely) return likely;
  return Object.values(world.accounts).find((account) => account.events[eventId])?.events[eventId];
}

function targets(owner: AccountWorld | undefined, connect: boolean, type: string): Target[] {
  if (!owner) return [];
  return Object.values(owner.endpoints)
    .filter((record) => (record.endpoint.application !== null) === connect && wants(record.endpoint, type))
    .map((record) => ({ owner, record }));
}

function wants(endpoint: Stripe.WebhookEndpoint, type: string): boolean {
  if (endpoint.status !== "enabled") return false;
  return endpoint.enabled_events.some((enabled) => enabled === "*" || enabled === type);
}
