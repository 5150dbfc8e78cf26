// Why a payment cannot be refunded, in words for whoever asked. Pure: no I/O, no clock.

import { AppError, notFound } from "../platform/app-error.ts";
import { formatDecimal } from "../platform/money.ts";
import type { RefundRow } from "./refund-store.ts";
import type { PaymentView } from "./store.ts";

/** @throws AppError `not_found`, `payment_not_refundable` */
export function requireRefundable(
  payment: PaymentView | undefined,
  id: string,
): asserts payment is PaymentView {
  if (!payment) throw notFound("payment", id);
  const problem = problemOf(payment);
  if (problem) throw new AppError("payment_not_refundable", { detail: `Payment '${id}' ${problem}` });
}

/** The refusal of an amount that could not be reserved. */
export function explainRefusal(
  payment: PaymentView,
  refunds: readonly RefundRow[],
  askedMinor: number,
): AppError {
  const inDoubt = refunds.find((refund) => refund.stripeRefundId === null && refund.status === "pending");
  if (inDoubt) {
    const detail = `Another refund of this payment, '${inDoubt.id}', is being made. Try again in a moment.`;
    return new AppError("refund_in_doubt", { detail, retryable: true });
  }
  const inMajor = (amountMinor: number) =>
    `${formatDecimal(amountMinor, payment.currency)} ${payment.currency}`;
  const sum = (statuses: readonly RefundRow["status"][]) =>
    refunds
      .filter(({ status }) => statuses.includes(status))
      .reduce((total, refund) => total + refund.amountMinor, 0);
  const [done, underWay] = [sum(["succeeded"]), sum(["pending", "requires_action"])];
  const left = payment.amountMinor - done - underWay;
  const taken = [
    done > 0 ? `${inMajor(done)} was refunded` : "",
    underWay > 0 ? `${inMajor(underWay)} is being refunded` : "",
  ].filter((part) => part !== "");
  const because = taken.length > 0 ? ` (of ${inMajor(payment.amountMinor)}, ${taken.join(" and ")})` : "";
  const detail =
    left <= 0
      ? `Nothing is left to refund${because}.`
      : `At most ${inMajor(left)} can be refunded${because}; ${inMajor(askedMinor)} was asked for.`;
  return new AppError("refund_too_large", { detail, errors: [{ path: "amount", message: detail }] });
}

function problemOf(payment: PaymentView): string | null {
  if (payment.status !== "succeeded")
    return `is ${payment.status}: only a payment that has succeeded can be refunded.`;
  if (payment.providerPaymentId === null)
    return "was recorded by hand and not made through Stripe: give the money back the way it came.";
  // Stripe refuses it too: the payer's bank has the money (https://docs.stripe.com/disputes).
  if (payment.disputed)
    return "is disputed, so the payer's bank has the money: answer the dispute in Stripe. A refund on top would pay twice.";
  return null;
}
