// Fetches an event from Stripe whose payload is not kept here: of what was about somebody else's nothing is.

import { askStripe } from "../connections/ask-stripe.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { withoutClientSecrets } from "./signed-event.ts";

/**
 * The event's text, as it would come to the door.
 * @throws AppError `payload_gone` where Stripe does not have it (any more); what `askStripe` throws
 */
export async function fetchEvent(deps: Deps, scope: Scope, stripeEventId: string): Promise<string> {
  const event = await askStripe(deps, scope, (stripe) => stripe.events.retrieve(stripeEventId));
  if (event) return withoutClientSecrets(JSON.stringify(event));
  const detail =
    "The event's payload is not kept, because it is past its age or was about somebody else's objects, and the connected Stripe account has no such event: Stripe keeps them for 30 days. Nothing was changed.";
  throw new AppError("payload_gone", { detail });
}
