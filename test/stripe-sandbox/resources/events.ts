// The events of the last 30 days, which a product lists to find what it was not told.

import type Stripe from "stripe";
import { deliverySucceeded } from "../deliver-webhooks.ts";
import { invalidRequest, noSuch } from "../errors.ts";
import { inRange, listParameters, paginate, rangeParameter } from "../lists.ts";
import { array, boolean, type ParametersOf, string } from "../parameters.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";

/** How long events can be listed. https://docs.stripe.com/api/events */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

const listed = {
  ...listParameters,
  created: rangeParameter(),
  delivery_success: boolean(),
  type: string(),
  types: array(string()),
} satisfies ParametersOf<Stripe.EventListParams>;

export const eventRoutes = [
  route("GET", "/v1/events", "event", listed, ({ context, account, params, url }) => {
    if (params.type && params.types) {
      throw invalidRequest("You may not specify both `type` and `types` parameters.", { param: "types" });
    }
    const oldest = seconds(context.now()) - KEPT_SECONDS;
    const wanted = params.types ?? (params.type === undefined ? undefined : [params.type]);
    const events = account.eventOrder
      .flatMap((id) => account.events[id] ?? [])
      .reverse()
      .filter((event) => event.created >= oldest)
      .filter((event) => wanted === undefined || wanted.some((pattern) => fits(event.type, pattern)))
      .filter((event) => inRange(event.created, params.created))
      .filter(
        (event) =>
          params.delivery_success === undefined ||
          deliverySucceeded(account, event.id) === params.delivery_success,
      );
    return paginate(events, params, { url, kind: "event" });
  }),
  route("GET", "/v1/events/:id", "event", {}, ({ account, id }) => {
    const event = account.events[id];
    if (!event) throw noSuch("event", id);
    return event;
  }),
];

/** A `*` stands for the rest: `charge.*`. */
function fits(type: string, pattern: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
