// What the states of refunds and disputes are called on a page, how they look, and what they ask for.

import type { DisputeRow } from "../ledger/payments/dispute-row.ts";
import type { RefundRow } from "../ledger/payments/refund-row.ts";
import type { StatusLook, Tone } from "./status-words.ts";

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
