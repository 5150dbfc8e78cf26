// Says that something happened at an account: the event is kept, in order, with the object as it is at
// this moment, and then handed to whoever delivers it.

import type Stripe from "stripe";
import { API_VERSION } from "./api-versions.ts";
import type { SandboxContext } from "./context.ts";
import { newId } from "./ids.ts";
import { isLive, shownBy } from "./mode.ts";
import { plain, seconds } from "./plain.ts";
import { openAccount } from "./world.ts";

type EventObject<T extends Stripe.Event.Type> = Extract<Stripe.Event, { type: T }>["data"]["object"];

/**
 * Stores the event and hands it on. `object` must be the kind of object that Stripe sends with `type`.
 * `previousAttributes` belong to `*.updated` events.
 */
export function emitEvent<T extends Stripe.Event.Type>(
  context: SandboxContext,
  accountId: string,
  type: T,
  object: EventObject<T>,
  previousAttributes?: Record<string, unknown>,
): Stripe.Event {
  const account = openAccount(context.world, accountId, context.now());
  const data: Stripe.Event.Data = { object: JSON.parse(JSON.stringify(object, shownBy(accountId))) };
  if (previousAttributes) data.previous_attributes = plain(previousAttributes);
  const base: Stripe.EventBase = {
    id: newId("evt"),
    object: "event",
    api_version: API_VERSION,
    created: seconds(context.now()),
    data,
    livemode: isLive(accountId),
    // Whoever delivers it counts the endpoints that wait.
    pending_webhooks: 0,
    request: context.request ?? { id: null, idempotency_key: null },
    type,
    // Only events of connected accounts name the account. https://docs.stripe.com/api/events/object
    ...(context.world.oauthGrants[accountId] && { account: accountId }),
  };
  const event = base as Stripe.Event;
  account.events[event.id] = event;
  account.eventOrder.push(event.id);
  context.onEvent(accountId, event);
  context.changed();
  return event;
}
