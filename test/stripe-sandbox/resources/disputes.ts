// Disputes: money that the payer's bank takes back, until somebody wins. https://docs.stripe.com/disputes

import type Stripe from "stripe";
import type { SandboxContext } from "../context.ts";
import { emitEvent } from "../emit-event.ts";
import { invalidRequest, noSuch } from "../errors.ts";
import { inRange, listParameters, newestFirst, paginate, rangeParameter } from "../lists.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import { boolean, hash, type ParametersOf, string } from "../parameters.ts";
import { newBalanceTransaction } from "../payments/charge-object.ts";
import { type Place, placeOf } from "../place.ts";
import { seconds } from "../plain.ts";
import { route } from "../routes.ts";
import type { AccountWorld } from "../types.ts";
import { newDispute } from "./dispute-object.ts";

const listed = {
  ...listParameters,
  charge: string(),
  created: rangeParameter(),
  payment_intent: string(),
} satisfies ParametersOf<Stripe.DisputeListParams>;
const evidence = {
  cancellation_rebuttal: string(20_000),
  customer_email_address: string(),
  customer_name: string(),
  product_description: string(20_000),
  refund_refusal_explanation: string(20_000),
  service_date: string(),
  uncategorized_text: string(20_000),
} satisfies ParametersOf<Stripe.DisputeUpdateParams.Evidence>;
const updated = {
  evidence: hash(evidence),
  metadata: metadata(),
  submit: boolean(),
} satisfies ParametersOf<Stripe.DisputeUpdateParams>;

export const disputeRoutes = [
  route("GET", "/v1/disputes", "dispute", listed, ({ account, params, url }) => {
    const disputes = newestFirst(account.disputes)
      .filter((dispute) => params.charge === undefined || dispute.charge === params.charge)
      .filter(
        (dispute) => params.payment_intent === undefined || dispute.payment_intent === params.payment_intent,
      )
      .filter((dispute) => inRange(dispute.created, params.created));
    return paginate(disputes, params, { url, kind: "dispute" });
  }),
  route("GET", "/v1/disputes/:id", "dispute", {}, ({ account, id }) => find(account, id)),
  route("POST", "/v1/disputes/:id", "dispute", updated, ({ context, accountId, account, id, params }) => {
    const dispute = find(account, id);
    if (isClosed(dispute)) throw invalidRequest("This dispute is already closed");
    dispute.metadata = mergeMetadata(dispute.metadata, params.metadata);
    if (params.evidence) {
      Object.assign(dispute.evidence, params.evidence);
      dispute.evidence_details.has_evidence = true;
    }
    if (params.evidence && params.submit !== false) submit(dispute);
    emitEvent(context, accountId, "charge.dispute.updated", dispute);
    return dispute;
  }),
  route("POST", "/v1/disputes/:id/close", "dispute", {}, ({ context, accountId, account, id }) => {
    if (isClosed(find(account, id))) throw invalidRequest("This dispute is already closed");
    return closeDispute(context, accountId, id, "lost");
  }),
];

/** The payer's bank takes the money of a charge back. */
export function openDispute(place: Place, charge: Stripe.Charge): Stripe.Dispute {
  const { context, accountId, account } = place;
  const dispute = newDispute(charge, seconds(context.now()));
  account.disputes[dispute.id] = dispute;
  charge.disputed = true;
  emitEvent(context, accountId, "charge.dispute.created", dispute);
  move(place, dispute, -dispute.amount);
  emitEvent(context, accountId, "charge.dispute.funds_withdrawn", dispute);
  emitEvent(context, accountId, "charge.updated", charge, { disputed: false });
  return dispute;
}

/**
 * The bank decides: `won` brings the money back. Emits `charge.dispute.closed` and, when won,
 * `charge.dispute.funds_reinstated`. Throws StripeApiError when there is no such dispute.
 */
export function closeDispute(
  context: SandboxContext,
  accountId: string,
  disputeId: string,
  outcome: "won" | "lost",
): Stripe.Dispute {
  const place = placeOf(context, accountId);
  const dispute = find(place.account, disputeId);
  if (isClosed(dispute)) throw invalidRequest("This dispute is already closed");
  const previous = { status: dispute.status };
  dispute.status = outcome;
  dispute.is_charge_refundable = false;
  if (outcome === "won") {
    move(place, dispute, dispute.amount);
    emitEvent(context, accountId, "charge.dispute.funds_reinstated", dispute);
  }
  emitEvent(context, accountId, "charge.dispute.closed", dispute, previous);
  return dispute;
}

/** Whether a charge's money is with the payer's bank, or gone: then it cannot be refunded as well. */
export function isCharged(account: AccountWorld, chargeId: string): boolean {
  return Object.values(account.disputes).some(
    (dispute) => dispute.charge === chargeId && dispute.status !== "won",
  );
}

function submit(dispute: Stripe.Dispute): void {
  dispute.status = "under_review";
  dispute.evidence_details.submission_count += 1;
  dispute.evidence_details.submission_method = "manual";
}

function move({ context, account }: Place, dispute: Stripe.Dispute, amount: number): void {
  const source = { id: dispute.id, currency: dispute.currency };
  const transaction = newBalanceTransaction(source, amount, "adjustment", seconds(context.now()));
  account.balanceTransactions[transaction.id] = transaction;
  dispute.balance_transactions.push(transaction);
}

function isClosed(dispute: Stripe.Dispute): boolean {
  return ["won", "lost", "warning_closed", "prevented"].includes(dispute.status);
}

function find(account: AccountWorld, id: string): Stripe.Dispute {
  const dispute = account.disputes[id];
  if (!dispute) throw noSuch("dispute", id);
  return dispute;
}
