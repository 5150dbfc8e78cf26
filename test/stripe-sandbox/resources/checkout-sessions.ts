// Checkout sessions, in all three modes. What a payer does with one is in pay.ts.

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, noSuch } from "../errors.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import { hash, oneOf, type ParametersOf, required, string } from "../parameters.ts";
import { type CallScope, route } from "../routes.ts";
import type { AccountWorld, ScheduledTask } from "../types.ts";
import { cancelIntent } from "./payment-intents.ts";
import { createSession, sessionParameters } from "./session-create.ts";

const listed = {
  ...listParameters,
  created: rangeParameter(),
  customer: string(),
  customer_details: hash({ email: required(string()) }),
  payment_intent: string(),
  payment_link: string(),
  status: oneOf("complete", "expired", "open"),
  subscription: string(),
} satisfies ParametersOf<Stripe.Checkout.SessionListParams>;
const updated = { metadata: metadata() } satisfies ParametersOf<Stripe.Checkout.SessionUpdateParams>;

export const checkoutSessionRoutes = [
  route("POST", "/v1/checkout/sessions", "checkout_session", sessionParameters, createSession),
  route("GET", "/v1/checkout/sessions", "checkout_session", listed, ({ account, params, url }) => {
    const { status, customer_details } = params;
    const relations = ["customer", "payment_intent", "payment_link", "subscription"] as const;
    const sessions = newestFirst(account.sessions)
      .filter((session) => status === undefined || session.status === status)
      .filter((session) =>
        relations.every((name) => params[name] === undefined || session[name] === params[name]),
      )
      .filter((session) => !customer_details || session.customer_details?.email === customer_details.email)
      .filter((session) => inRange(session.created, params.created));
    return paginate(sessions, params, { url, kind: "checkout session" });
  }),
  route("GET", "/v1/checkout/sessions/:id", "checkout_session", {}, ({ account, id }) => find(account, id)),
  route("POST", "/v1/checkout/sessions/:id", "checkout_session", updated, ({ account, id, params }) => {
    const session = find(account, id);
    session.metadata = mergeMetadata(session.metadata, params.metadata);
    return session;
  }),
  route("POST", "/v1/checkout/sessions/:id/expire", "checkout_session", {}, (call: CallScope) => {
    const session = find(call.account, call.id);
    if (session.status !== "open") {
      throw invalidRequest(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      );
    }
    expireSession(call.context, call.accountId, session);
    return session;
  }),
  route("GET", "/v1/checkout/sessions/:id/line_items", "checkout_session", listParameters, (call) => {
    const { account, id, params, url } = call;
    find(account, id);
    return paginate(account.sessionLineItems[id] ?? [], params, { url, kind: "line item" });
  }),
];

/** The scheduled end of a session that nobody completed. */
export function expireDueSession(context: SandboxContext, task: ScheduledTask): void {
  const session = context.world.accounts[task.accountId]?.sessions[String(task.data.sessionId)];
  if (session?.status === "open") expireSession(context, task.accountId, session);
}

function expireSession(context: SandboxContext, accountId: string, session: Stripe.Checkout.Session): void {
  session.status = "expired";
  session.url = null;
  const account = context.world.accounts[accountId];
  const intent =
    typeof session.payment_intent === "string" ? account?.paymentIntents[session.payment_intent] : null;
  emitEvent(context, accountId, "checkout.session.expired", session);
  if (intent) cancelIntent(context, accountId, intent, "expired");
}

function find(account: AccountWorld, id: string): Stripe.Checkout.Session {
  const session = account.sessions[id];
  if (!session) throw noSuch("checkout.session", id);
  return session;
}
