// What a payer does with a session in setup mode: leaves a payment method, and pays nothing.

import type Stripe from "stripe";
import { emitEvent } from "../emit-event.ts";
import { newId, randomString } from "../ids.ts";
import { type Place, related } from "../place.ts";
import { plain, seconds } from "../plain.ts";
import type { Payer, PayResult } from "../types.ts";
import { AUTHENTICATION_FAILURE, type Behaviour, type Decline } from "./cards.ts";
import { completeSession, ensureCustomer } from "./complete-session.ts";

/** Completes the session, or declines. A card that asks for 3-D Secure is approved unless the payer refuses. */
export function setUp(
  place: Place,
  session: Stripe.Checkout.Session,
  method: Stripe.PaymentMethod,
  behaviour: Behaviour,
  payer: Payer,
): PayResult {
  const { context, accountId } = place;
  const intent = setupIntentOf(place, session);
  const decline = declineOf(behaviour, payer);
  if (decline) {
    intent.last_setup_error = {
      code: decline.code,
      ...(decline.declineCode !== null && { decline_code: decline.declineCode }),
      message: decline.message,
      payment_method: plain(method),
      type: "card_error",
    };
    emitEvent(context, accountId, "setup_intent.setup_failed", intent);
    return { outcome: "declined", sessionId: session.id, ...decline };
  }
  const customerId = ensureCustomer(place, session, method, method.billing_details);
  intent.status = "succeeded";
  intent.payment_method = method.id;
  intent.customer = customerId;
  intent.last_setup_error = null;
  emitEvent(context, accountId, "setup_intent.succeeded", intent);
  completeSession(place, session, "no_payment_required");
  return { outcome: "succeeded", sessionId: session.id, paymentIntentId: null };
}

function declineOf(behaviour: Behaviour, payer: Payer): Decline | null {
  if (behaviour.decline) return behaviour.decline;
  if (behaviour.kind !== "asks_3ds" || payer.approve3ds !== false) return null;
  return { ...AUTHENTICATION_FAILURE, code: "setup_intent_authentication_failure" };
}

function setupIntentOf(
  { context, accountId, account }: Place,
  session: Stripe.Checkout.Session,
): Stripe.SetupIntent {
  const existing = related(account.setupIntents, session.setup_intent);
  if (existing) return existing;
  const data = account.sessionIntentData[session.id];
  const id = newId("seti");
  const intent: Stripe.SetupIntent = {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomString(24)}`,
    created: seconds(context.now()),
    customer: typeof session.customer === "string" ? session.customer : null,
    description: data?.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: { ...data?.metadata },
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: [...session.payment_method_types],
    single_use_mandate: null,
    status: "requires_payment_method",
    usage: "off_session",
  };
  account.setupIntents[id] = intent;
  session.setup_intent = id;
  emitEvent(context, accountId, "setup_intent.created", intent);
  return intent;
}
