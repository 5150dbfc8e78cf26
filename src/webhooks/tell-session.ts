// What a completed session and its intent say, as the events that Stripe would have sent, dated by when it came
// to be. Money is never dated too early: of two events that tell of one success the earlier time stands, so that
// a webhook which comes later puts a late time right, and could not do so with an early one.

import type Stripe from "stripe";
import { AppError } from "../platform/app-error.ts";
import type { SignedEvent } from "./signed-event.ts";

export type CallStripe = <T>(run: () => Promise<T>) => Promise<T>;

/** An intent, when its last charge was made, and when that charge's money was there (both in seconds). */
export type IntentWithCharge = {
  intent: Stripe.PaymentIntent;
  chargedAt: number | null;
  paidAt: number | null;
};

// A restricted key may not see all of it: then less is known of the time, and nothing else.
const EXPANSIONS = [["latest_charge.balance_transaction"], ["latest_charge"], []];

/** @throws AppError as `call` */
export async function retrieveIntent(
  stripe: Stripe,
  call: CallStripe,
  id: string,
): Promise<IntentWithCharge> {
  for (const [index, expand] of EXPANSIONS.entries()) {
    try {
      return withTimes(await call(() => stripe.paymentIntents.retrieve(id, { expand })));
    } catch (error) {
      const hidden = error instanceof AppError && error.code === "stripe_permission_missing";
      if (!hidden || index === EXPANSIONS.length - 1) throw error;
    }
  }
  throw new Error("EXPANSIONS is empty.");
}

function withTimes(intent: Stripe.PaymentIntent): IntentWithCharge {
  const charge = typeof intent.latest_charge === "string" ? null : intent.latest_charge;
  if (!charge) return { intent, chargedAt: null, paidAt: null };
  const booked = typeof charge.balance_transaction === "string" ? null : charge.balance_transaction;
  // A card's money is there with the charge; a bank debit's is days later, when it enters the balance.
  const isCard = charge.payment_method_details?.type === "card";
  return {
    // As an event has it.
    intent: { ...intent, latest_charge: charge.id },
    chargedAt: charge.created,
    paidAt: isCard ? charge.created : (booked?.created ?? null),
  };
}

export type Told = {
  events: SignedEvent[];
  /** When it came to be, ms; null where Stripe does not say. */
  atMs: number | null;
};

/** @param found the session's intent; null for a session in which nothing was to be paid */
export function tellSession(
  session: Stripe.Checkout.Session,
  found: IntentWithCharge | null,
  nowMs: number,
): Told {
  const now = Math.floor(nowMs / 1000);
  if (session.payment_status !== "unpaid") {
    const at = found?.paidAt ?? null;
    const events = [sessionEvent("completed", session, at ?? now)];
    if (found?.intent.status === "succeeded") events.push(intentEvent("succeeded", found.intent, at ?? now));
    return told(events, at);
  }
  // A state that can still change: dated early it gives way to whatever came after it.
  const begun = found?.chargedAt ?? session.created;
  switch (found?.intent.status) {
    case "succeeded": {
      const at = found.paidAt;
      return told([intentEvent("succeeded", found.intent, at ?? now)], at);
    }
    case "processing":
      return told(
        [sessionEvent("completed", session, begun), intentEvent("processing", found.intent, begun)],
        found.chargedAt,
      );
    case "canceled": {
      const at = found.intent.canceled_at;
      return told([intentEvent("canceled", found.intent, at ?? now)], at);
    }
    case "requires_payment_method":
      // An intent that nobody has tried to pay with has no failure to tell of.
      if (!found.intent.last_payment_error) break;
      return told(
        [
          intentEvent("payment_failed", found.intent, now),
          sessionEvent("async_payment_failed", session, now),
        ],
        null,
      );
  }
  return told([sessionEvent("completed", session, begun)], found?.chargedAt ?? null);
}

function told(events: SignedEvent[], atSeconds: number | null): Told {
  return { events, atMs: atSeconds === null ? null : atSeconds * 1000 };
}

function sessionEvent(what: string, session: Stripe.Checkout.Session, at: number): SignedEvent {
  return asEvent(`checkout.session.${what}`, `${session.id}_${what}_${session.payment_status}`, at, session);
}

function intentEvent(what: string, intent: Stripe.PaymentIntent, at: number): SignedEvent {
  return asEvent(`payment_intent.${what}`, `${intent.id}_${intent.status}`, at, intent);
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
