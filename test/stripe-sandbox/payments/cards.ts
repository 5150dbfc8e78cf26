// What Stripe's test cards do. A number that is not here is declined, so that a typo never pays.
// https://docs.stripe.com/testing

import type Stripe from "stripe";

/** The last digits are what a charge still knows of its card. https://docs.stripe.com/testing#refunds */
const REFUND_FAILS_LAST4 = "5126";
const REFUND_PENDS_LAST4 = "7726";

export type Decline = { code: string; declineCode: string | null; message: string };

/** How a payment with a card, or a bank account, goes. */
export type Behaviour = {
  kind: "succeeds" | "disputed" | "asks_3ds" | "declined" | "debit_succeeds" | "debit_fails";
  decline?: Decline;
  brand: string;
  last4: string;
  country: string;
};

const GENERIC: Decline = {
  code: "card_declined",
  declineCode: "generic_decline",
  message: "Your card was declined.",
};
const DECLINES: Record<string, Decline> = {
  "4000000000000002": GENERIC,
  "4000000000009995": {
    code: "card_declined",
    declineCode: "insufficient_funds",
    message: "Your card has insufficient funds.",
  },
  "4000000000000069": {
    code: "expired_card",
    declineCode: "expired_card",
    message: "Your card has expired.",
  },
  "4000000000000127": {
    code: "incorrect_cvc",
    declineCode: "incorrect_cvc",
    message: "Your card's security code is incorrect.",
  },
};
/** What live mode says of a card of https://docs.stripe.com/testing. */
const TEST_CARD: Decline = {
  code: "card_declined",
  declineCode: "live_mode_test_card",
  message: "Your card was declined. Your request was in live mode, but used a known test card.",
};
/** It can be left with a subscription, and whatever is charged to it later is declined. */
const DECLINED_LATER_LAST4 = "0341";
const DISPUTED_LAST4 = "0259";
const KINDS: Record<string, Behaviour["kind"]> = {
  "4242424242424242": "succeeds",
  "5555555555554444": "succeeds",
  "4000000000000259": "disputed",
  "4000000000005126": "succeeds",
  "4000000000007726": "succeeds",
  "4000002760003184": "asks_3ds",
  bank_debit_success: "debit_succeeds",
  bank_debit_failure: "debit_fails",
};

/** What the payer refused, or failed, on the 3-D Secure page. */
export const AUTHENTICATION_FAILURE: Decline = {
  code: "payment_intent_authentication_failure",
  declineCode: null,
  message:
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new " +
    "PaymentMethod to attempt to fulfill this PaymentIntent again.",
};

/** What a bank says of a debit that cannot be made. */
export const DEBIT_FAILURE: Decline = {
  code: "payment_method_bank_account_insufficient_funds",
  declineCode: "insufficient_funds",
  message: "The customer's account has insufficient funds to cover this payment.",
};

/**
 * `card` as a payer types it (spaces allowed), or `bank_debit_success`, `bank_debit_failure`. In live mode test cards are
 * declined, and every other number that can be a card's pays.
 */
export function behaviourOf(card: string, inLiveMode = false): Behaviour {
  const number = card.replaceAll(" ", "");
  const kind = KINDS[number];
  const look = {
    brand: number.startsWith("5") ? "mastercard" : "visa",
    last4: kind?.startsWith("debit") ? "6789" : number.slice(-4).padStart(4, "0"),
    country: "US",
  };
  if (inLiveMode && /^\d+$/.test(number)) {
    if (kind || DECLINES[number]) return { kind: "declined", decline: TEST_CARD, ...look };
    if (isCardNumber(number)) return { kind: "succeeds", ...look };
  }
  if (kind) return { kind, ...look };
  return { kind: "declined", decline: DECLINES[number] ?? GENERIC, ...look };
}

/** Whether its last digit is right, by the formula of Luhn (ISO/IEC 7812-1). */
function isCardNumber(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return digits.length >= 13 && sum % 10 === 0;
}

/** How a charge goes that is made while the payer is not there. */
export function laterOutcome(method: Stripe.PaymentMethod): "succeeds" | "disputed" | Decline {
  if (method.card?.last4 === DECLINED_LATER_LAST4) return GENERIC;
  return method.card?.last4 === DISPUTED_LAST4 ? "disputed" : "succeeds";
}

/** Whether a card is declined though nothing is charged: one that is declined later can be left. */
export function isLeavable(card: string): boolean {
  return card.replaceAll(" ", "").endsWith(DECLINED_LATER_LAST4);
}

/** How a refund goes that is made of a charge with these details. */
export function refundOutcome(
  details: Stripe.Charge.PaymentMethodDetails | null,
): "succeeds" | "succeeds_later" | "fails_later" {
  if (!details?.card) return "succeeds_later";
  if (details.card.last4 === REFUND_FAILS_LAST4) return "fails_later";
  return details.card.last4 === REFUND_PENDS_LAST4 ? "succeeds_later" : "succeeds";
}
