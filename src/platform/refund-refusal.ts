// Why a payment cannot be refunded, in words for whoever asked. Pure: no I/O, no clock.

import { AppError, invalid, notFound } from "./app-error.ts";
import { checkLastDigits, formatDecimal } from "./money.ts";
import type { REFUND_STATUSES } from "./tables/payments.ts";

/** What of a payment decides. Amounts in minor units. */
type Payment = {
  status: string;
  providerPaymentId: string | null;
  amountMinor: number;
  currency: string;
  /** What disputes hold or have taken. */
  amountDisputedMinor: number;
  /** Whether one of them keeps the rest from being refunded. */
  isRefundBlocked: boolean;
};
type Refund = {
  id: string;
  /** Null until Stripe has confirmed it. */
  stripeRefundId: string | null;
  status: (typeof REFUND_STATUSES)[number];
  amountMinor: number;
};

/** @throws AppError `not_found`, `payment_not_refundable` */
export function requireRefundable<T extends Payment>(
  payment: T | null | undefined,
  id: string,
): asserts payment is T {
  if (!payment) throw notFound("payment", id);
  const problem = problemOf(payment);
  if (problem) throw new AppError("payment_not_refundable", { detail: `Payment '${id}' ${problem}` });
}

/** What disputes, and refunds that are neither failed nor canceled, leave of a payment, in minor units. */
export function leftToRefund(
  payment: Pick<Payment, "amountMinor" | "amountDisputedMinor">,
  refunds: readonly Pick<Refund, "status" | "amountMinor">[],
): number {
  const taken = refunds.filter(({ status }) => status !== "failed" && status !== "canceled");
  const given = taken.reduce((sum, refund) => sum + refund.amountMinor, 0);
  return payment.amountMinor - payment.amountDisputedMinor - given;
}

/** The one that Stripe has not confirmed: it may or may not have made it. */
export function findInDoubt<T extends Refund>(refunds: readonly T[]): T | undefined {
  return refunds.find(({ stripeRefundId, status }) => stripeRefundId === null && status === "pending");
}

/** The refusal of an amount that could not be reserved. */
export function explainRefusal(payment: Payment, refunds: readonly Refund[], askedMinor: number): AppError {
  const inMajor = (amountMinor: number) =>
    `${formatDecimal(amountMinor, payment.currency)} ${payment.currency}`;
  const sum = (statuses: readonly Refund["status"][]) =>
    refunds
      .filter(({ status }) => statuses.includes(status))
      .reduce((total, refund) => total + refund.amountMinor, 0);
  const [done, underWay] = [sum(["succeeded"]), sum(["pending", "requires_action"])];
  const { amountDisputedMinor: disputed } = payment;
  const left = payment.amountMinor - disputed - done - underWay;
  const taken = [
    done > 0 ? `${inMajor(done)} was refunded` : "",
    underWay > 0 ? `${inMajor(underWay)} is being refunded` : "",
    disputed > 0 ? `${inMajor(disputed)} is disputed` : "",
  ].filter((part) => part !== "");
  const because = taken.length > 0 ? ` (of ${inMajor(payment.amountMinor)}, ${taken.join(" and ")})` : "";
  const detail =
    left <= 0
      ? `Nothing is left to refund${because}.`
      : `At most ${inMajor(left)} can be refunded${because}; ${inMajor(askedMinor)} was asked for.`;
  return new AppError("refund_too_large", { detail, errors: [{ path: "amount", message: detail }] });
}

/**
 * In some currencies Stripe gives back only amounts that end in 0; all that is left is one.
 * @throws AppError `validation_failed`
 */
export function requireLastDigits(amountMinor: number, leftMinor: number, currency: string): void {
  const digits = checkLastDigits(amountMinor, currency);
  if (!digits.ok && amountMinor !== leftMinor) throw invalid("amount", digits.detail);
}

function problemOf(payment: Payment): string | null {
  if (payment.status !== "succeeded")
    return `is ${payment.status}: only a payment that has succeeded can be refunded.`;
  if (payment.providerPaymentId === null)
    return "was recorded by hand and not made through Stripe: give the money back the way it came, and record that here with `method` and `reference`.";
  // Stripe refuses it too: the payer's bank has the money (is_charge_refundable of https://docs.stripe.com/api/disputes/object).
  if (payment.isRefundBlocked)
    return "is disputed, so the payer's bank has the money: answer the dispute in Stripe. A refund on top would pay twice.";
  return null;
}
