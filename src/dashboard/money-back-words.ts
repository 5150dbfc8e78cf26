// What the states of refunds and disputes are called on a page, how they look, and what they ask for.

import type { DisputeRow } from "../ledger/payments/dispute-row.ts";
import type { RefundRow } from "../ledger/payments/refund-row.ts";
import { type StatusLook, type Tone, wordsOf } from "./status-words.ts";

const look = (word: string, tone: Tone, means: string): StatusLook => ({ word, tone, means });

export const REFUND_LOOK: Record<RefundRow["status"], StatusLook> = {
  pending: look("Pending", "info", "Stripe or the payer's bank has not confirmed it yet."),
  requires_action: look("Needs the payer", "warn", "The payer must say where the money is to go."),
  succeeded: look("Succeeded", "good", "The money went back."),
  failed: look("Failed", "bad", "The money came back to the account: it counts as paid again."),
  canceled: look("Canceled", "idle", "It was not made."),
};

export const DISPUTE_LOOK: Record<DisputeRow["status"], StatusLook> = {
  warning_needs_response: look("Inquiry", "warn", "The bank asks; no money is taken. Answer it in Stripe."),
  warning_under_review: look("Inquiry under review", "info", "The bank looks at the answer."),
  warning_closed: look("Inquiry closed", "idle", "It became no dispute."),
  needs_response: look("Needs a response", "bad", "The bank holds the money. Send evidence in Stripe."),
  under_review: look("Under review", "warn", "The bank holds the money and looks at the evidence."),
  appeal_needs_response: look("Appeal needs a response", "bad", "Send evidence for the appeal in Stripe."),
  appeal_under_review: look("Appeal under review", "warn", "The bank looks at the appeal."),
  won: look("Won", "good", "The money is back."),
  lost: look("Lost", "bad", "The payer has the money."),
  prevented: look("Prevented", "good", "It was settled before it became a dispute."),
};

/** Whether evidence can still be sent, so that its due date matters. */
export function awaitsEvidence(status: DisputeRow["status"]): boolean {
  return status.endsWith("needs_response");
}

// The reasons that Stripe gives (https://docs.stripe.com/disputes/categories), as a person would say them.
const REASONS: Record<string, readonly [word: string, means: string]> = {
  bank_cannot_process: [
    "Bank could not process it",
    "The payer's bank says that it could not process the payment.",
  ],
  check_returned: ["Check returned", "The payer's bank returned the check."],
  credit_not_processed: ["Credit not given", "The payer says that money was to come back, and has not come."],
  customer_initiated: ["Raised by the payer", "The payer raised it with their bank. Ask them why."],
  debit_not_authorized: ["Debit not authorised", "The payer's bank says that the debit was not authorised."],
  duplicate: ["Duplicate", "The payer says that the same was charged more than once."],
  fraudulent: ["Fraudulent", "The payer says that they did not make the payment."],
  general: ["General", "The bank gives no reason. Ask the payer why."],
  incorrect_account_details: [
    "Wrong account details",
    "The payer's bank says that the account was another's.",
  ],
  insufficient_funds: ["Insufficient funds", "There was not enough money in the payer's account."],
  noncompliant: [
    "Against the network's rules",
    "The bank says that the payment broke a rule of the card network.",
  ],
  product_not_received: ["Not received", "The payer says that what they paid for did not come."],
  product_unacceptable: [
    "Not as described",
    "The payer says that it was defective, or not as it was described.",
  ],
  subscription_canceled: [
    "Subscription canceled",
    "The payer says that they had canceled before they were charged.",
  ],
  unrecognized: ["Not recognised", "The payer does not recognise the payment on their statement."],
};

/** In a word and in a sentence; of a reason that is new at Stripe, its own word. */
export function disputeReason(reason: string): { word: string; means: string } {
  const [word, means] = (Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined) ?? [
    wordsOf(reason),
    "Stripe's word for it.",
  ];
  return { word, means };
}
