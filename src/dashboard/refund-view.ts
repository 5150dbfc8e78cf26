// Reads the refund form by the rules of the API, and says what a refund would do. Pure; nothing here moves
// money: that is payments/create-refund.ts alone.

import type { PaymentView } from "../ledger/payments/read-payments.ts";
import type { RefundRow } from "../ledger/payments/refund-row.ts";
import type { CreateRefundInput } from "../payments/create-refund.ts";
import { createRefundBody } from "../payments/refund-schema.ts";
import { checkLastDigits, formatDecimal, parseDecimal } from "../platform/money.ts";
import { explainRefusal, leftToRefund } from "../platform/refund-refusal.ts";

export const REASON_CHOICES = [
  ["", "None"],
  ["requested_by_customer", "Requested by the customer"],
  ["duplicate", "Duplicate"],
  ["fraudulent", "Fraudulent"],
] as const;

/** As it was typed. */
export type RefundFields = { amount: string; reason: string };
export type FieldProblem = { field: "amount" | "reason"; message: string };
export type ReadRefund =
  | { ok: true; amountMinor: number; reason: CreateRefundInput["reason"] }
  | { ok: false; problem: FieldProblem };

/** An empty amount is all that is left. */
export function readRefund(
  fields: RefundFields,
  payment: PaymentView,
  refunds: readonly RefundRow[],
): ReadRefund {
  const refuse = (field: FieldProblem["field"], message: string): ReadRefund => ({
    ok: false,
    problem: { field, message },
  });
  const left = leftToRefund(payment, refunds);
  const parsed =
    fields.amount === ""
      ? ({ ok: true, amountMinor: left } as const)
      : parseDecimal(fields.amount, payment.currency);
  if (!parsed.ok) return refuse("amount", parsed.detail);
  if (left <= 0 || parsed.amountMinor > left) {
    return refuse("amount", explainRefusal(payment, refunds, parsed.amountMinor).message);
  }
  const digits = checkLastDigits(parsed.amountMinor, payment.currency);
  if (!digits.ok && parsed.amountMinor !== left) return refuse("amount", digits.detail);
  const body = createRefundBody.safeParse({
    amount: parsed.amountMinor,
    ...(fields.reason === "" ? {} : { reason: fields.reason }),
  });
  if (body.success) return { ok: true, amountMinor: parsed.amountMinor, reason: body.data.reason };
  const [issue] = body.error.issues;
  return refuse(issue?.path[0] === "reason" ? "reason" : "amount", issue?.message ?? "It is not valid.");
}

/** `129.00 EUR` */
export function amountText(amountMinor: number, currency: string): string {
  return `${formatDecimal(amountMinor, currency)} ${currency}`;
}
