// Whether an open invoice needs another payment link. It has one that can be paid for what is left, or one reason
// why it has none, whoever switched it off and in whatever order that was heard. Pure.

import { remainingMinor } from "../../platform/invoice-remaining.ts";
import { checkChargeable } from "../../platform/money.ts";
import type { InvoiceState } from "./invoice-row.ts";
import type { LinkState } from "./link-life.ts";

/** What of a payment decides. */
export type LinkPayment = {
  status: string;
  stripePaymentLinkId: string | null;
  /** Null: its session was not heard of. */
  checkoutSessionId: string | null;
};

export type LinkDecision =
  | { do: "keep" }
  /** A new one in its place. */
  | { do: "replace" }
  /** A payment is on its way, or not all of one was heard yet: what comes of it decides. */
  | { do: "wait" }
  /** None can be made; why, in words. */
  | { do: "block"; detail: string }
  /** Somebody switched it off at Stripe, and wants no other. */
  | { do: "flag" };

/**
 * @param present the newest link, if there was any
 * @param options.replacesSwitchedOff whether one that somebody switched off at Stripe is made anew
 * @param options.isConnected whether there is a connection that is switched on
 */
export function decideLink(
  invoice: InvoiceState,
  present: LinkState | undefined,
  payments: readonly LinkPayment[],
  options: { replacesSwitchedOff: boolean; isConnected: boolean },
): LinkDecision {
  const remaining = remainingMinor(invoice);
  const chargeable = checkChargeable(remaining, invoice.currency);
  if (chargeable.ok && present && canBePaid(present, remaining, payments)) return { do: "keep" };
  if (payments.some(({ status }) => status === "processing")) return { do: "wait" };
  // What a code took off, only its session tells.
  if (present && lacksSession(present, payments)) return { do: "wait" };
  if (!chargeable.ok) return { do: "block", detail: chargeable.detail };
  // What stood in its way was told, and its work can be done again.
  if (present?.status === "failed") return { do: "keep" };
  const isOff = present?.status === "inactive" && present.switchedOffReason === null;
  if (isOff && !isUsedUp(present, payments)) {
    // Its payment is still to be heard of.
    if (present.offAtStripe === "used_up") return { do: "wait" };
    if (present.offAtStripe === "by_hand" && !options.replacesSwitchedOff) return { do: "flag" };
  }
  // It went with a connection: another is made by the next one.
  if (present?.switchedOffReason === "disconnected" && !options.isConnected) return { do: "keep" };
  return { do: "replace" };
}

/** A link takes one payment: the session that brought it, paid or not, has used it up. */
export function isUsedUp(
  { stripePaymentLinkId: id }: Pick<LinkState, "stripePaymentLinkId">,
  payments: readonly LinkPayment[],
): boolean {
  return id !== null && payments.some(({ stripePaymentLinkId }) => stripePaymentLinkId === id);
}

function lacksSession(
  { stripePaymentLinkId: id }: Pick<LinkState, "stripePaymentLinkId">,
  payments: readonly LinkPayment[],
): boolean {
  const lacks = (payment: LinkPayment) =>
    payment.status === "succeeded" && payment.checkoutSessionId === null;
  return id !== null && payments.some((one) => one.stripePaymentLinkId === id && lacks(one));
}

/** Or will be, once it is made. */
function canBePaid(link: LinkState, remaining: number, payments: readonly LinkPayment[]): boolean {
  if (link.status !== "pending" && link.status !== "active") return false;
  const asksRight = link.amountMinor === null || link.amountMinor === remaining;
  return asksRight && !isUsedUp(link, payments);
}
