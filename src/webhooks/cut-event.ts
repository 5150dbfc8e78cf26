// A large event is kept by what it names: its id, its type and its object's id. The object is asked for at Stripe, as
// for a thin event, once it is known that the event counts at all; so nobody fills a ledger with what he signs.

import { isStripeEventType } from "../connections/stripe-event-types.ts";
import type { EventReading } from "../ledger/events/arrived-event.ts";
import { cutText } from "../platform/text.ts";
import { readSignedEvent, type SignedEvent } from "./signed-event.ts";

// In UTF-16 units, which are bytes for nearly all that Stripe sends. Its own events are some KiB.
const LARGEST_WHOLE = 256 * 1024;
const MARK = "cut_by_quittance";

/** The text itself, where it is not too large or is no event. */
export function cutLargeEvent(text: string): string {
  if (text.length <= LARGEST_WHOLE) return text;
  const event = readSignedEvent(text);
  if (!event) return text;
  const { id, type, created, livemode, api_version, account, context } = event;
  const head = { id, object: "event", type, created, livemode, api_version, account, context };
  return JSON.stringify({ ...head, data: { object: namedBy(event) ?? {} }, [MARK]: true });
}

/** How a cut event is read; null for one that is whole. */
export function readingOfCut(event: SignedEvent): EventReading | null {
  if (event[MARK] !== true) return null;
  const { type } = event;
  const named = namedBy(event);
  if (isStripeEventType(type)) return { thin: { type, of: named && { type: named.object, id: named.id } } };
  return { ignored: "event_type_not_used", detail: `Quittance does not use ${cutText(type, 100)}.` };
}

function namedBy({ data: { object } }: SignedEvent): { id: string; object: string } | null {
  if (typeof object !== "object" || object === null) return null;
  const { id, object: kind } = object as Record<string, unknown>;
  const isNamed = typeof id === "string" && typeof kind === "string" && id.length + kind.length <= 500;
  return isNamed ? { id, object: kind } : null;
}
