// What can be done to a subscription with one click, when it is offered, and what it will do. Pure.

import type Stripe from "stripe";
import type { SubscriptionRow } from "../ledger/subscriptions/subscription-row.ts";
import type { SubscriptionChange } from "../webhooks/change-subscription.ts";
import { cancelAtPeriodEnd, cancelNow, resume } from "../webhooks/subscription-changes.ts";
import type { Done } from "./done-words.ts";

export type SubscriptionActName = "cancel-at-period-end" | "cancel" | "resume";
type SubscriptionAct = {
  button: string;
  title: string;
  danger: boolean;
  done: Done;
  isOffered: (row: SubscriptionRow) => boolean;
  decide: (present: Stripe.Subscription) => SubscriptionChange | null;
  /** What will happen, a sentence each. */
  effects: readonly string[];
};

const NOT_REFUNDED = "Nothing is refunded by this: that is done on the payment.";

export const SUBSCRIPTION_ACTS: Record<SubscriptionActName, SubscriptionAct> = {
  "cancel-at-period-end": {
    button: "Cancel at period end",
    title: "Cancel the subscription at the end of its period",
    danger: false,
    done: "subscription_ending",
    isOffered: (row) => row.endedAtMs === null && !isToEnd(row),
    decide: cancelAtPeriodEnd,
    effects: [
      "It goes on until what is paid for ends, and is not renewed.",
      "Until then it can be resumed.",
      NOT_REFUNDED,
    ],
  },
  cancel: {
    button: "Cancel now",
    title: "Cancel the subscription now",
    danger: true,
    done: "subscription_canceled",
    isOffered: (row) => row.endedAtMs === null,
    decide: cancelNow,
    effects: ["It ends at once at Stripe, and cannot be resumed.", NOT_REFUNDED],
  },
  resume: {
    button: "Resume",
    title: "Resume the subscription",
    danger: false,
    done: "subscription_resumed",
    isOffered: (row) =>
      row.endedAtMs === null && (isToEnd(row) || row.pauseCollection !== null || row.status === "paused"),
    decide: resume,
    effects: [
      "What was to end it is taken back: it is renewed, and Stripe collects its invoices again.",
      "One that is paused starts a new period now, which Stripe bills.",
    ],
  },
};

function isToEnd({ cancelAtPeriodEnd, cancelAtMs }: SubscriptionRow): boolean {
  return cancelAtPeriodEnd || cancelAtMs !== null;
}
