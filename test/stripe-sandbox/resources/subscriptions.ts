// Subscriptions. They come of sessions in subscription mode; here they are read, changed and ended.

import type Stripe from "stripe";
import { MOST } from "../../../src/platform/stripe-limits.ts";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, noSuch, noSuchParam } from "../errors.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import {
  array,
  boolean,
  emptyable,
  hash,
  integer,
  oneOf,
  type ParametersOf,
  type Parsed,
  required,
  string,
  timestamp,
  timestampOr,
} from "../parameters.ts";
import { plain, seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";
import { changedValues } from "./changed-values.ts";
import { newLineItem } from "./line-items.ts";
import { changeItems, itemChanges } from "./subscription-items.ts";
import { newSubscription } from "./subscription-object.ts";
import { scheduleNextStep, scheduleTrialNotice } from "./subscription-steps.ts";

const ENDED = ["canceled", "incomplete_expired"];

const cancellationDetails = hash({
  comment: emptyable(string()),
  feedback: emptyable(
    oneOf(
      "customer_service",
      "low_quality",
      "missing_features",
      "other",
      "switched_service",
      "too_complex",
      "too_expensive",
      "unused",
    ),
  ),
});
const listedItems = { ...listParameters, subscription: required(string()) };
const listed = {
  ...listParameters,
  created: rangeParameter(),
  customer: string(),
  price: string(),
  status: oneOf(
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
  ),
} satisfies ParametersOf<Stripe.SubscriptionListParams>;
const created = {
  customer: required(string()),
  items: required(
    array(hash({ price: required(string()), quantity: integer({ min: 0 }) }), MOST.sessionLinesOfAKind),
  ),
  metadata: metadata(),
  trial_period_days: integer({ min: 1, max: MOST.trialDays }),
} satisfies ParametersOf<Stripe.SubscriptionCreateParams>;
const updated = {
  cancel_at: emptyable(timestampOr("max_period_end", "min_period_end")),
  cancel_at_period_end: boolean(),
  cancellation_details: cancellationDetails,
  default_payment_method: string(),
  description: emptyable(string(500)),
  items: itemChanges,
  metadata: metadata(),
  pause_collection: emptyable(
    hash({
      behavior: required(oneOf("keep_as_draft", "mark_uncollectible", "void")),
      resumes_at: timestamp(),
    }),
  ),
  proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
  trial_end: timestampOr("now"),
} satisfies ParametersOf<Stripe.SubscriptionUpdateParams>;
const canceled = {
  cancellation_details: cancellationDetails,
  invoice_now: boolean(),
  prorate: boolean(),
} satisfies ParametersOf<Stripe.SubscriptionCancelParams>;
const resumed = {
  proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
} satisfies ParametersOf<Stripe.SubscriptionResumeParams>;

export const subscriptionRoutes = [
  route("GET", "/v1/subscriptions", "subscription", listed, ({ account, params, url }) => {
    const subscriptions = newestFirst(account.subscriptions)
      .filter((subscription) => hasStatus(subscription, params.status))
      .filter((subscription) => params.customer === undefined || subscription.customer === params.customer)
      .filter((subscription) => params.price === undefined || hasPrice(subscription, params.price))
      .filter((subscription) => inRange(subscription.created, params.created));
    return paginate(subscriptions, params, { url, kind: "subscription" });
  }),
  route("POST", "/v1/subscriptions", "subscription", created, ({ context, account, params }) => {
    const subscription = create(account, params, context.now());
    account.subscriptions[subscription.id] = subscription;
    emitEvent(context, account.account.id, "customer.subscription.created", subscription);
    scheduleTrialNotice(context, account.account.id, subscription);
    scheduleNextStep(context, account.account.id, subscription);
    return subscription;
  }),
  route("GET", "/v1/subscriptions/:id", "subscription", {}, ({ account, id }) => find(account, id)),
  route("POST", "/v1/subscriptions/:id", "subscription", updated, ({ context, account, id, params }) => {
    const subscription = find(account, id);
    refuseEnded(subscription);
    const before = plain(subscription);
    change(account, subscription, params, seconds(context.now()));
    say(context, account, "customer.subscription.updated", subscription, before);
    scheduleNextStep(context, account.account.id, subscription);
    return subscription;
  }),
  route("DELETE", "/v1/subscriptions/:id", "subscription", canceled, ({ context, account, id, params }) => {
    const subscription = find(account, id);
    refuseEnded(subscription);
    Object.assign(subscription.cancellation_details ?? {}, params.cancellation_details);
    cancelSubscription(context, account, subscription);
    return subscription;
  }),
  route("POST", "/v1/subscriptions/:id/pause", "subscription", {}, ({ context, account, id }) => {
    const subscription = find(account, id);
    refuseEnded(subscription);
    const before = plain(subscription);
    subscription.status = "paused";
    subscription.status_details = {
      paused: {
        subscription: { type: "pause_requested" },
        transitioned_at: seconds(context.now()),
        type: "subscription",
      },
    };
    say(context, account, "customer.subscription.paused", subscription, before);
    return subscription;
  }),
  route("POST", "/v1/subscriptions/:id/resume", "subscription", resumed, ({ context, account, id }) => {
    const subscription = find(account, id);
    if (subscription.status !== "paused") {
      throw invalidRequest("Subscriptions must have status `paused` to be resumed.");
    }
    const before = plain(subscription);
    subscription.status = "active";
    delete subscription.status_details;
    say(context, account, "customer.subscription.resumed", subscription, before);
    scheduleNextStep(context, account.account.id, subscription);
    return subscription;
  }),
  route("GET", "/v1/subscription_items", "subscription", listedItems, ({ account, params, url }) => {
    const { items } = find(account, params.subscription);
    return paginate(items.data, params, { url, kind: "subscription_item" });
  }),
];

/** Ends a subscription now. */
export function cancelSubscription(
  context: SandboxContext,
  account: AccountWorld,
  subscription: Stripe.Subscription,
): void {
  const now = seconds(context.now());
  subscription.status = "canceled";
  subscription.canceled_at ??= now;
  subscription.ended_at = now;
  subscription.cancel_at_period_end = false;
  if (subscription.cancellation_details) subscription.cancellation_details.reason = "cancellation_requested";
  emitEvent(context, account.account.id, "customer.subscription.deleted", subscription);
}

/** One that begins with a trial: nobody is there to pay. */
function create(account: AccountWorld, params: Parsed<typeof created>, nowMs: number): Stripe.Subscription {
  const customer = account.customers[params.customer];
  if (!customer) throw noSuchParam("customer", params.customer, "customer");
  const items = params.items.map(({ price: id, quantity = 1 }, index) => {
    const price = account.prices[id];
    if (!price) throw noSuchParam("price", id, `items[${index}][price]`);
    return newLineItem(account.products, price, quantity);
  });
  if (params.trial_period_days === undefined) {
    const message = "This customer has no attached payment source or default payment method.";
    throw invalidRequest(message, { code: "resource_missing" });
  }
  return newSubscription(
    {
      customerId: customer.id,
      items,
      metadata: mergeMetadata(null, params.metadata),
      description: null,
      paymentMethodId: null,
      status: "trialing",
      trialDays: params.trial_period_days,
    },
    nowMs,
  );
}

function change(
  account: AccountWorld,
  subscription: Stripe.Subscription,
  params: Parsed<typeof updated>,
  now: number,
): void {
  const { default_payment_method, description, pause_collection, cancel_at, cancel_at_period_end } = params;
  if (params.items) changeItems(account, subscription, params.items);
  if (params.trial_end !== undefined) {
    subscription.trial_end = params.trial_end === "now" ? now : params.trial_end;
    for (const item of subscription.items.data) item.current_period_end = subscription.trial_end;
  }
  if (default_payment_method !== undefined) subscription.default_payment_method = default_payment_method;
  if (description !== undefined) subscription.description = description;
  if (cancel_at !== undefined && cancel_at_period_end !== undefined) {
    const message = "You may only specify one of these parameters: cancel_at, cancel_at_period_end.";
    throw invalidRequest(message, { param: "cancel_at" });
  }
  if (cancel_at !== undefined) {
    subscription.cancel_at = typeof cancel_at === "string" ? periodEnd(subscription, cancel_at) : cancel_at;
    subscription.cancel_at_period_end = false;
    subscription.canceled_at = cancel_at === null ? null : now;
  }
  if (cancel_at_period_end !== undefined) {
    subscription.cancel_at_period_end = cancel_at_period_end;
    subscription.cancel_at = cancel_at_period_end ? periodEnd(subscription, "min_period_end") : null;
    subscription.canceled_at = cancel_at_period_end ? now : null;
  }
  if (pause_collection !== undefined) {
    subscription.pause_collection = pause_collection && { resumes_at: null, ...pause_collection };
  }
  Object.assign(subscription.cancellation_details ?? {}, params.cancellation_details);
  subscription.metadata = mergeMetadata(subscription.metadata, params.metadata);
}

function say(
  context: SandboxContext,
  account: AccountWorld,
  type: "customer.subscription.updated" | "customer.subscription.paused" | "customer.subscription.resumed",
  subscription: Stripe.Subscription,
  before: Stripe.Subscription,
): void {
  const previous = type === "customer.subscription.updated" ? changedValues(before, subscription) : undefined;
  emitEvent(context, account.account.id, type, subscription, previous);
}

/** Stripe leaves out what is canceled unless it is asked for. */
function hasStatus(subscription: Stripe.Subscription, wanted: string | undefined): boolean {
  if (wanted === "all") return true;
  if (wanted === "ended") return ENDED.includes(subscription.status);
  return wanted === undefined ? subscription.status !== "canceled" : subscription.status === wanted;
}

function hasPrice(subscription: Stripe.Subscription, priceId: string): boolean {
  return subscription.items.data.some((item) => item.price.id === priceId);
}

/** Of items with periods of their own the first or the last end. */
function periodEnd({ items }: Stripe.Subscription, which: "max_period_end" | "min_period_end"): number {
  const ends = items.data.map((item) => item.current_period_end);
  return which === "max_period_end" ? Math.max(...ends) : Math.min(...ends);
}

function refuseEnded(subscription: Stripe.Subscription): void {
  if (!ENDED.includes(subscription.status)) return;
  throw noSuch("subscription", subscription.id);
}

function find(account: AccountWorld, id: string): Stripe.Subscription {
  const subscription = account.subscriptions[id];
  if (!subscription) throw noSuch("subscription", id);
  return subscription;
}
