// The thin event that Stripe would send beside a snapshot event (https://docs.stripe.com/event-destinations#thin-events).

import type Stripe from "stripe";

export type Thin = {
  id: string;
  object: "v2.core.event";
  type: string;
  created: string;
  livemode: boolean;
  related_object: { id: string; type: string; url: string } | null;
  snapshot_event?: string;
};

/** @param beside whether there is a snapshot event, too: then it is named */
export function thinOf(event: Stripe.Event, beside: "its snapshot" | "nothing" = "its snapshot"): Thin {
  const { id, object } = event.data.object as { id: string; object: string };
  return {
    id: event.id.replace("evt_", "evt_thin_"),
    object: "v2.core.event",
    type: `v1.${event.type}`,
    created: new Date(event.created * 1000).toISOString(),
    livemode: event.livemode,
    related_object: { id, type: object, url: `/v1/${object.replace(".", "/")}s/${id}` },
    ...(beside === "its snapshot" && { snapshot_event: event.id }),
  };
}
