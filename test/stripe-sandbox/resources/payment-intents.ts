// Payment intents. In the sandbox they come of sessions; what happens to them is in payments/.

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, noSuch } from "../errors.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import { emptyable, oneOf, type ParametersOf, string } from "../parameters.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";

const CANCELABLE = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
  "processing",
];

const listed = {
  ...listParameters,
  created: rangeParameter(),
  customer: string(),
} satisfies ParametersOf<Stripe.PaymentIntentListParams>;
const updated = {
  description: emptyable(string(1000)),
  metadata: metadata(),
  receipt_email: emptyable(string()),
} satisfies ParametersOf<Stripe.PaymentIntentUpdateParams>;
const canceled = {
  cancellation_reason: oneOf("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
} satisfies ParametersOf<Stripe.PaymentIntentCancelParams>;

export const paymentIntentRoutes = [
  route("GET", "/v1/payment_intents", "payment_intent", listed, ({ account, params, url }) => {
    const intents = newestFirst(account.paymentIntents)
      .filter((intent) => params.customer === undefined || intent.customer === params.customer)
      .filter((intent) => inRange(intent.created, params.created));
    return paginate(intents, params, { url, kind: "payment_intent" });
  }),
  route("GET", "/v1/payment_intents/:id", "payment_intent", {}, ({ account, id }) => find(account, id)),
  route("POST", "/v1/payment_intents/:id", "payment_intent", updated, ({ account, id, params }) => {
    const intent = find(account, id);
    const { metadata: change, ...rest } = params;
    intent.metadata = mergeMetadata(intent.metadata, change);
    Object.assign(intent, rest satisfies Partial<Stripe.PaymentIntent>);
    return intent;
  }),
  route("POST", "/v1/payment_intents/:id/cancel", "payment_intent", canceled, (call) => {
    const { context, accountId, account, id, params } = call;
    const intent = find(account, id);
    const sessionId = Object.keys(account.sessionIntents).find((key) => account.sessionIntents[key] === id);
    if (sessionId && account.sessions[sessionId]?.status === "open") {
      throw invalidRequest(
        "You cannot cancel this PaymentIntent because it has a status managed by a Checkout Session. Instead, " +
          "expire the Checkout Session.",
        { code: "payment_intent_unexpected_state" },
      );
    }
    if (!cancelIntent(context, accountId, intent, params.cancellation_reason ?? null)) {
      throw invalidRequest(
        `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent ` +
          "with one of the following statuses may be canceled: requires_payment_method, requires_capture, " +
          "requires_confirmation, requires_action, processing.",
        { code: "payment_intent_unexpected_state" },
      );
    }
    return intent;
  }),
];

/** Cancels an intent and says so; false when it is too late for that. */
export function cancelIntent(
  context: SandboxContext,
  accountId: string,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): boolean {
  if (!CANCELABLE.includes(intent.status)) return false;
  intent.status = "canceled";
  intent.canceled_at = seconds(context.now());
  intent.cancellation_reason = reason;
  intent.next_action = null;
  emitEvent(context, accountId, "payment_intent.canceled", intent);
  return true;
}

function find(account: AccountWorld, id: string): Stripe.PaymentIntent {
  const intent = account.paymentIntents[id];
  if (!intent) throw noSuch("payment_intent", id, "intent");
  return intent;
}
