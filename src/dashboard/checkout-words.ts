// What the states of checkout sessions are called on a page, how they look, and what they mean. Pure.

import type { CheckoutSessionView } from "../ledger/checkout/read-checkout-sessions.ts";
import type { StatusLook, Tone } from "./status-words.ts";

const look = (word: string, tone: Tone, means: string): StatusLook => ({ word, tone, means });

export const CHECKOUT_LOOK: Record<CheckoutSessionView["status"], StatusLook> = {
  open: look("Open", "info", "Its page can be used: the payer has not come to the end of it."),
  complete: look("Completed", "good", "The payer came to the end of it."),
  expired: look("Expired", "idle", "Its time was over before anybody came to the end of it."),
};

const UNPAID = look(
  "Not paid yet",
  "warn",
  "The payer came to the end of it, and the bank has not decided yet: a debit takes days.",
);

/** A completed one of which the money has not come is told apart. */
export function checkoutLook({
  status,
  paymentStatus,
}: Pick<CheckoutSessionView, "status" | "paymentStatus">): StatusLook {
  return status === "complete" && paymentStatus === "unpaid" ? UNPAID : CHECKOUT_LOOK[status];
}

export const CHECKOUT_MODE_WORDS: Record<CheckoutSessionView["mode"], string> = {
  payment: "A payment",
  subscription: "A subscription",
  setup: "A card to be kept",
};
