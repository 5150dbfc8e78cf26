// Gives money of a payment back through Stripe. The refund is reserved in the ledger before Stripe is asked,
// so that two calls at once never give back more than there is, and a call that was cut short goes on with
// the same refund: by its id in the idempotency key, and in the metadata by which it is found again.

import type Stripe from "stripe";
import { openForCalls } from "../connections/open-connection.ts";
import { ledger } from "../ledger/client.ts";
import type { RefundRow } from "../ledger/payments/refund-row.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { askAgain, askForRefund, clearDoubt } from "./ask-for-refund.ts";

export type CreateRefundInput = {
  paymentId: string;
  /** Minor units of the payment's currency; all that is left when undefined. */
  amountMinor: number | undefined;
  reason: Stripe.RefundCreateParams.Reason | undefined;
};

/**
 * @throws AppError `not_found`; `payment_not_refundable`, `refund_too_large`, and `refund_in_doubt` (retryable)
 * while it is not known what becomes of another call's, before Stripe is asked; what {@link openForCalls} throws; Stripe's refusal, after which there is no refund; and
 * `stripe_timeout` or `stripe_unavailable` when it is not known whether there is: call again the same way
 */
export async function createRefund(deps: Deps, scope: Scope, input: CreateRefundInput): Promise<RefundRow> {
  const { callId } = deps;
  const mine = ledger(deps, scope);
  const made = await mine.checkRefundable({ paymentId: input.paymentId, callId });
  if (made) return made;
  // Before anything is reserved: without a connection there is no refund.
  const opened = await openForCalls(deps, scope);
  for (;;) {
    const reserved = await mine.reserveRefund({ ...input, callId });
    switch (reserved.next) {
      case "ask":
        return askForRefund(deps, scope, opened, reserved);
      case "look":
        return askAgain(deps, scope, opened, reserved);
      case "none":
        return reserved.refund;
      case "look_for_other":
        await clearDoubt(deps, scope, opened, reserved);
    }
  }
}
