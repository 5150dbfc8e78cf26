// Thin events of Stripe's (`v2.core.event`): they name the object that has changed and do not hold it
// (https://docs.stripe.com/event-destinations#thin-events). Read here, purely; the object is fetched later.

import * as z from "zod";
import { isStripeEventType, type StripeEventType } from "../connections/stripe-event-types.ts";
import type { ThinReference } from "../ledger/events/arrived-event.ts";
import { MOST_EVENT_VALUES } from "../platform/bounds.ts";
import { LAST_SECOND } from "../platform/iso-time.ts";
import { jsonSizeProblem } from "../platform/json-size.ts";
import { parseJsonMended } from "../platform/parse-json.ts";

const text = z.string().min(1).max(255);

const thinShape = z.looseObject({
  id: text,
  object: z.literal("v2.core.event"),
  type: text,
  created: z
    .string()
    .transform((time) => Date.parse(time))
    .refine((ms) => ms >= 0 && ms <= LAST_SECOND * 1000),
  livemode: z.boolean(),
  /** The account that it happened in, where it was not this one. */
  context: z.string().max(1000).nullish(),
  related_object: z.looseObject({ id: text, type: text }).nullish().catch(null),
  /** The snapshot event of the same change. */
  snapshot_event: text.nullish().catch(null),
});

export type ThinEvent = z.infer<typeof thinShape>;

/** Null where the text is none. */
export function readThinEvent(body: string): ThinEvent | null {
  if (!body.includes('"v2.core.event"') || jsonSizeProblem(body, MOST_EVENT_VALUES) !== null) return null;
  const parsed = thinShape.safeParse(parseJsonMended(body));
  return parsed.success ? parsed.data : null;
}

/** Once Stripe makes events again after a failure to: what it made none for is fetched. */
export const EVENTS_FLOW_AGAIN = "v2.core.health.event_generation_failure.resolved";

/** What is to be done about it; null where Quittance does not use its type. */
export function referenceOf({ type, related_object }: ThinEvent): ThinReference | null {
  const of = related_object ? { type: related_object.type, id: related_object.id } : null;
  if (type === EVENTS_FLOW_AGAIN) return { type, of };
  const snapshotType = type.startsWith("v1.") ? type.slice("v1.".length) : null;
  return isStripeEventType(snapshotType) ? { type: snapshotType, of } : null;
}

/**
 * A fetched object is as it is now. These types name a state that it never leaves, so that the event's own time is
 * when that came to be; anything else is dated by when it was seen, for money is never dated too early.
 */
export const FOR_GOOD: ReadonlySet<StripeEventType> = new Set([
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "payment_intent.succeeded",
  "payment_intent.canceled",
  "charge.succeeded",
  "charge.dispute.closed",
  "customer.deleted",
  "invoice.paid",
  "invoice.payment_succeeded",
]);

const OF_INTENT: Record<string, StripeEventType> = {
  succeeded: "payment_intent.succeeded",
  processing: "payment_intent.processing",
  canceled: "payment_intent.canceled",
  requires_payment_method: "payment_intent.payment_failed",
};

/** What an intent's present state is told by, whatever it was when the event was made; null: by no event. */
export function typeOfIntent(status: string): StripeEventType | null {
  return OF_INTENT[status] ?? null;
}
