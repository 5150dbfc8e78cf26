// What the states of refunds and disputes are called on a page, how they look, and what they ask for.

import type { DisputeRow } from "../ledger/payments/dispute-row.ts";
import type { RefundRow } from "../ledger/payments/refund-row.ts";
import type { StatusLook, Tone } from "./status-words.ts";

const look = (word: string, tone: Tone, means: string): StatusLook => ({ word, tone, means });

export const REFUND_LOOK: Record<RefundRow["status"], StatusLook> = {
  pending: look("pending", "info", "Stripe or the payer's bank has not confirmed it yet."),
  requires_action: look("needs the payer", "warn", "The payer must say where the money is to go."),
  succeeded: look("succeeded", "good", "The money went back."),
  failed: look("failed", "bad", "The money came back to the account: it counts as paid again."),
  canceled: look("canceled", "idle", "It was not made."),
};

export const DISPUTE_LOOK: Record<DisputeRow["status"], StatusLook> = {
  warning_needs_response: look("inquiry", "warn", "The bank asks; no money is taken. Answer it in Stripe."),
  warning_under_review: look("inquiry under review", "info", "The bank looks at the answer."),
  warning_closed: look("inquiry closed", "idle", "It became no dispute."),
  needs_response: look("needs a response", "bad", "The bank holds the money. Send evidence in Stripe."),
  under_review: look("under review", "warn", "The bank holds the money and looks at the evidence."),
  appeal_needs_response: look("appeal needs a response", "bad", "Send evidence for the appeal in Stripe."),
  appeal_under_review: look("appeal under review", "warn", "The bank looks at the appeal."),
  won: look("won", "good", "The money is back."),
  lost: look("lost", "bad", "The payer has the money."),
  prevented: look("prevented", "good", "It was settled before it became a dispute."),
};

/** Whether evidence can still be sent, so that its due date matters. */
export function awaitsEvidence(status: DisputeRow["status"]): boolean {
  return status.endsWith("needs_response");
}
