// Removes endpoints that another one has replaced. What they had not delivered yet is fetched first, since
// Stripe drops it together with the endpoint: so a replacement loses nothing.

import type Stripe from "stripe";
import { leftBehind, type Removal, removeEndpoints } from "../connections/remove-endpoints.ts";
import { isStripeEventType } from "../connections/stripe-event-types.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { takeInEvents } from "./take-in-events.ts";

// Stripe itself tries for three days (https://docs.stripe.com/webhooks#behaviors); older ones it has given up.
const TRIED_FOR_SECONDS = 3 * 24 * 60 * 60;
const MAX_EVENTS = 500;

/** Never throws for what Stripe answers: what could not be done is said, and the next call finds it again. */
export async function retireEndpoints(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  stripe: Stripe,
  endpointIds: readonly string[],
): Promise<Removal> {
  if (endpointIds.length === 0) return { halfDone: null, notices: [] };
  const notices: string[] = [];
  try {
    await takeInUndelivered(deps, scope, connectionId, stripe);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.retryable) return { halfDone: leftBehind(endpointIds, error), notices };
    notices.push(
      `What the old endpoint had not delivered yet could not be fetched from Stripe: ${errorText(error)}`,
    );
  }
  const removal = await removeEndpoints(stripe, endpointIds);
  return { ...removal, notices: [...notices, ...removal.notices] };
}

async function takeInUndelivered(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  stripe: Stripe,
): Promise<void> {
  const since = Math.floor(deps.now() / 1000) - TRIED_FOR_SECONDS;
  const events = await listUndelivered(stripe, since);
  const used = events.filter((event) => isStripeEventType(event.type));
  await takeInEvents(deps, scope, connectionId, used.reverse());
}

/** @param since seconds */
async function listUndelivered(stripe: Stripe, since: number): Promise<Stripe.Event[]> {
  try {
    const query = { delivery_success: false, created: { gte: since }, limit: 100 };
    return await stripe.events.list(query).autoPagingToArray({ limit: MAX_EVENTS });
  } catch (error) {
    throw fromStripeError(error);
  }
}
