// Asks Stripe for the truth about links of which nothing was heard for a while: what their sessions and
// intents say goes in as events of our own making, through the same queue and the same interpreters.

import type Stripe from "stripe";
import { findQuietLinks, noteChecked } from "../invoices/link-store.ts";
import { findPaymentByStripeIds } from "../payments/store.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { fromStripeError } from "../platform/stripe.ts";
import { takeInEvents } from "./take-in-events.ts";
import type { SignedEvent } from "./verify-signature.ts";

// Stripe's own retries have had their first hours by then.
const QUIET_MS = 6 * 60 * 60 * 1000;
// Each is up to three calls to Stripe.
const LINKS_A_STEP = 5;

/**
 * Checks a few links.
 * @returns how many were found quiet (0: none is left), and how many events were missing
 * @throws AppError Stripe's or D1's passing failures; a link that was checked stays checked
 */
export async function checkQuietLinks(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  connectionId: string,
): Promise<{ found: number; missed: number }> {
  const links = await findQuietLinks(deps, scope, deps.now() - QUIET_MS, LINKS_A_STEP);
  let missed = 0;
  for (const link of links) {
    const events = await askStripe(deps, scope, stripe, link.stripePaymentLinkId);
    missed += await takeInEvents(deps, scope, connectionId, events);
    const database = deps.database(scope);
    await commit(database, [noteChecked(database, scope, link, deps.now())]);
  }
  return { found: links.length, missed };
}

async function askStripe(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  stripePaymentLinkId: string,
): Promise<SignedEvent[]> {
  try {
    const sessions = await stripe.checkout.sessions.list({ payment_link: stripePaymentLinkId, limit: 20 });
    const events: SignedEvent[] = [];
    for (const session of sessions.data) {
      if (session.status === "open" || (await isSettled(deps, scope, session))) continue;
      const type = session.status === "expired" ? "checkout.session.expired" : "checkout.session.completed";
      events.push(asEvent(type, `${session.id}_${session.payment_status}`, session.created, session));
      const intent = await retrieveIntent(stripe, session);
      const intentType = intent && INTENT_EVENTS[intent.status];
      if (intent && intentType) {
        // A state that can still change is true as of now.
        const at = intent.status === "succeeded" ? intent.created : Math.floor(deps.now() / 1000);
        events.push(asEvent(intentType, `${intent.id}_${intent.status}`, at, intent));
      }
    }
    return events;
  } catch (error) {
    throw fromStripeError(error);
  }
}

const INTENT_EVENTS: Partial<Record<Stripe.PaymentIntent.Status, string>> = {
  succeeded: "payment_intent.succeeded",
  processing: "payment_intent.processing",
  canceled: "payment_intent.canceled",
  requires_payment_method: "payment_intent.payment_failed",
};

/** Whether what this session says is known: its payment has succeeded here. */
async function isSettled(deps: Deps, scope: Scope, session: Stripe.Checkout.Session): Promise<boolean> {
  const ids = {
    paymentIntentId: idOf(session.payment_intent),
    chargeId: null,
    checkoutSessionId: session.id,
  };
  return (await findPaymentByStripeIds(deps, scope, ids))?.status === "succeeded";
}

async function retrieveIntent(
  stripe: Stripe,
  session: Stripe.Checkout.Session,
): Promise<Stripe.PaymentIntent | null> {
  const id = idOf(session.payment_intent);
  if (id === null || session.status !== "complete") return null;
  const intent = await stripe.paymentIntents.retrieve(id);
  // An intent that nobody has tried to pay with has no failure to tell of.
  return intent.status === "requires_payment_method" && !intent.last_payment_error ? null : intent;
}

/** An event as Stripe would have sent it. Its id says that it is ours, and is the same each time. */
function asEvent(
  type: string,
  name: string,
  createdSeconds: number,
  object: Stripe.Checkout.Session | Stripe.PaymentIntent,
): SignedEvent {
  return {
    id: `evt_reconciled_${name}`,
    type,
    created: createdSeconds,
    livemode: object.livemode,
    api_version: null,
    data: { object },
  };
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}
