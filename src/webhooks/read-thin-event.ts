// Reads a thin event as its snapshot would be read: the object is fetched with the connection's key. One that the key
// may not read is ignored with the reason, and can be replayed once it may.

import type Stripe from "stripe";
import { askStripe } from "../connections/ask-stripe.ts";
import { isStripeEventType, type StripeEventType } from "../connections/stripe-event-types.ts";
import { fetchMissed } from "../connections/wake-waiting-work.ts";
import type { ArrivedEvent, EventReading, ThinReference } from "../ledger/events/arrived-event.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { answeredAtMs } from "../platform/stripe-customer.ts";
import { withAllItems } from "./all-items.ts";
import { readReading } from "./read-reading.ts";
import { EVENTS_FLOW_AGAIN, FOR_GOOD, typeOfIntent } from "./thin-event.ts";

/** @throws AppError what may pass or be put right by hand (retryable), as {@link askStripe} says */
export async function readThin(
  deps: Deps,
  scope: Scope,
  event: ArrivedEvent,
  thin: ThinReference,
): Promise<EventReading> {
  if (thin.type === EVENTS_FLOW_AGAIN) return fetchWhatWasNotMade(deps, scope, event);
  const { type } = thin;
  if (type === "account.application.deauthorized") {
    return read(deps, scope, event, { type, object: { object: "application" }, atMs: event.createdAtMs });
  }
  if (thin.of === null) return unreadable("It does not name the object that has changed.");
  const found = await fetchObject(deps, scope, thin.of);
  if ("ignored" in found) return found;
  const { object, seenAtMs } = found;
  const isGone = "deleted" in object && object.deleted === true;
  if (isGone && type !== "customer.deleted") return gone(thin.of);
  const told = "object" in object && object.object === "payment_intent" ? ofIntent(object) : type;
  if (told === null)
    return { ignored: "state_not_told", detail: "The payment has no state of which an event tells." };
  const atMs = told === type && isStripeEventType(type) && FOR_GOOD.has(type) ? event.createdAtMs : seenAtMs;
  return read(deps, scope, event, { type: told, object, atMs });
}

const RETRIEVE: Record<string, (stripe: Stripe, id: string) => Promise<object>> = {
  account: (stripe) => stripe.accounts.retrieveCurrent(),
  charge: (stripe, id) => stripe.charges.retrieve(id),
  "checkout.session": (stripe, id) => stripe.checkout.sessions.retrieve(id),
  customer: (stripe, id) => stripe.customers.retrieve(id),
  dispute: (stripe, id) => stripe.disputes.retrieve(id),
  invoice: (stripe, id) => stripe.invoices.retrieve(id),
  invoice_payment: (stripe, id) => stripe.invoicePayments.retrieve(id),
  payment_intent: (stripe, id) => stripe.paymentIntents.retrieve(id),
  payment_link: (stripe, id) => stripe.paymentLinks.retrieve(id),
  refund: (stripe, id) => stripe.refunds.retrieve(id),
  subscription: async (stripe, id) => withAllItems(stripe, await stripe.subscriptions.retrieve(id)),
};

type Named = { type: string; id: string };

async function fetchObject(
  deps: Deps,
  scope: Scope,
  of: Named,
): Promise<{ object: object; seenAtMs: number } | Extract<EventReading, { ignored: string }>> {
  const retrieve = RETRIEVE[of.type];
  if (!retrieve) return unreadable(`It is about a ${of.type}, which Quittance does not read.`);
  // Before the call: what changes while Stripe answers counts as newer.
  const askedAtMs = deps.now();
  try {
    const object = await askStripe(deps, scope, (stripe) => retrieve(stripe, of.id));
    if (object === null) return gone(of);
    const isWhole = "lastResponse" in object;
    const seenAtMs = isWhole ? answeredAtMs(object as Stripe.Response<object>) : null;
    return { object, seenAtMs: seenAtMs ?? askedAtMs };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "stripe_permission_missing") throw error;
    const detail = `The object could not be fetched, so it is not known what has changed. ${error.message} Add this to the key, then replay the event.`;
    return { ignored: "not_readable", detail };
  }
}

function read(
  deps: Deps,
  scope: Scope,
  event: ArrivedEvent,
  told: { type: string; object: object; atMs: number },
): Promise<EventReading> {
  const { id, livemode, account, connectionId } = event;
  return readReading(
    deps,
    { ...scope, connectionId },
    {
      ...{ id, type: told.type, account, livemode: livemode ?? false },
      created: Math.floor(told.atMs / 1000),
      // As the client that fetched it is pinned to.
      api_version: null,
      data: { object: JSON.parse(JSON.stringify(told.object)) },
    },
  );
}

/** Events that Stripe could not make then may be dated before the cursor. */
const LOOK_BACK_MS = 24 * 60 * 60 * 1000;
// Stripe lists those of 30 days.
const AT_MOST_MS = 29 * LOOK_BACK_MS;

async function fetchWhatWasNotMade(deps: Deps, scope: Scope, event: ArrivedEvent): Promise<EventReading> {
  const { connectionId } = event;
  const now = deps.now();
  const sinceMs = Math.max(Math.min(event.createdAtMs, now) - LOOK_BACK_MS, now - AT_MOST_MS);
  await fetchMissed(deps, scope, connectionId, sinceMs);
  return { changes: [{ object: "connection", id: connectionId }] };
}

function ofIntent(intent: object): StripeEventType | null {
  const { status, last_payment_error } = intent as Partial<Stripe.PaymentIntent>;
  // An intent that nobody has tried to pay with has no failure to tell of.
  if (status === "requires_payment_method" && !last_payment_error) return null;
  return typeOfIntent(status ?? "");
}

function gone({ type, id }: Named): Extract<EventReading, { ignored: string }> {
  return { ignored: "object_gone", detail: `Stripe has no ${type} ${id} any more.` };
}

function unreadable(detail: string): Extract<EventReading, { ignored: string }> {
  return { ignored: "unreadable", detail };
}
