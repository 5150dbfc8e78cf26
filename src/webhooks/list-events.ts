// One page of what Stripe lists of an account's events, for a run of reconciliation.

import type Stripe from "stripe";
import type { ReconciliationRow } from "../ledger/reconciliation/reconciliation-row.ts";
import { AppError } from "../platform/app-error.ts";
import type { CallStripe } from "./tell-session.ts";

const PAGE_SIZE = 100;

/**
 * Newest first, on from the last event that was seen: what happens meanwhile is for the next run.
 * @throws AppError as `call`
 */
export async function listEvents(
  { stripe, call }: { stripe: Stripe; call: CallStripe },
  run: Pick<ReconciliationRow, "phase" | "pageAfter">,
  created: Stripe.RangeQueryParam,
): Promise<Stripe.ApiList<Stripe.Event> | "cursor_gone"> {
  const parameters: Stripe.EventListParams = {
    limit: PAGE_SIZE,
    created,
    ...(run.phase === "undelivered" ? { delivery_success: false } : {}),
    ...(run.pageAfter === null ? {} : { starting_after: run.pageAfter }),
  };
  try {
    return await call(() => stripe.events.list(parameters));
  } catch (error) {
    // A run that was held up for weeks: the event at which it stopped is no longer listed.
    if (run.pageAfter !== null && refusedParameter(error) === "starting_after") return "cursor_gone";
    throw error;
  }
}

/** The parameter that Stripe has refused; undefined or null where it was none. */
export function refusedParameter(error: unknown): unknown {
  const cause = error instanceof AppError ? error.cause : null;
  return typeof cause === "object" && cause !== null && "param" in cause ? cause.param : null;
}
