// Payments as rows, keyed by Stripe's own id: found by whatever id an object of Stripe's names.

import { paymentIdFor } from "../../platform/ids.ts";
import type { PaymentSource } from "../../platform/tables/payments.ts";
import type { Book } from "../book.ts";
import { Rows } from "../rows.ts";
import type { FactOwner, PaymentStatus } from "./payment-state.ts";

/** Amounts in minor units, times in ms. */
export type PaymentRow = {
  id: string;
  /** Stripe's intent, charge or session; null for a payment that came another way and was recorded by hand. */
  providerPaymentId: string | null;
  /** What the platform calls a payment that it recorded by hand; null for Stripe's. */
  reference: string | null;
  source: PaymentSource;
  /** Of source `invoice` alone. */
  invoiceId: string | null;
  /** Ours; null where nobody of ours is known to have paid. */
  customerId: string | null;
  /** Stripe's ids; of source `subscription` alone. */
  subscriptionId: string | null;
  subscriptionInvoiceId: string | null;
  amountMinor: number;
  /** What a code took off; null where no fact told of it. */
  amountDiscountedMinor: number | null;
  /** What was authorised and not captured; null where no fact told of it. */
  releasedMinor: number | null;
  currency: string;
  status: PaymentStatus;
  /** Which of two facts stands: the greater (payment-state.ts). */
  stateOrder: number;
  /** The newest known reason of a failure, kept while the payer tries again; null once it succeeded. */
  failureCode: string | null;
  failureMessage: string | null;
  /** The state order of the fact that told the reason; null where none is known. */
  failureOrder: number | null;
  paymentMethodType: string | null;
  receiptUrl: string | null;
  stripeChargeId: string | null;
  checkoutSessionId: string | null;
  stripePaymentLinkId: string | null;
  occurredAtMs: number;
  createdAtMs: number;
  updatedAtMs: number;
};

export const paymentRows = new Rows<PaymentRow, "id">("payments", "id", {
  id: "id",
  providerPaymentId: "provider_payment_id",
  reference: "reference",
  source: "source",
  invoiceId: "invoice_id",
  customerId: "customer_id",
  subscriptionId: "subscription_id",
  subscriptionInvoiceId: "subscription_invoice_id",
  amountMinor: "amount_minor",
  amountDiscountedMinor: "amount_discounted_minor",
  releasedMinor: "released_minor",
  currency: "currency",
  status: "status",
  stateOrder: "state_order",
  failureCode: "failure_code",
  failureMessage: "failure_message",
  failureOrder: "failure_order",
  paymentMethodType: "payment_method_type",
  receiptUrl: "receipt_url",
  stripeChargeId: "stripe_charge_id",
  checkoutSessionId: "checkout_session_id",
  stripePaymentLinkId: "stripe_payment_link_id",
  occurredAtMs: "occurred_at_ms",
  createdAtMs: "created_at_ms",
  updatedAtMs: "updated_at_ms",
});

/**
 * The payment that an object of Stripe's belongs to, by the ids that it names: the intent before the charge, the
 * charge before the session. A session that has an intent names it, so that a payment is known by its session only
 * where there is none.
 */
export function findPaymentByStripeIds(
  book: Book,
  { paymentIntentId, chargeId, checkoutSessionId }: Omit<FactOwner, "metadata" | "paymentLinkId">,
): PaymentRow | undefined {
  // One statement for all of them: most often there is none.
  const ids = [paymentIntentId, chargeId, checkoutSessionId].map((id) => id && paymentIdFor(id));
  const found = paymentRows.all(
    book,
    "WHERE id IN (?1, ?2, ?3) OR stripe_charge_id = ?4 ORDER BY id",
    ids[0] ?? null,
    ids[1] ?? null,
    ids[2] ?? null,
    chargeId,
  );
  const [byIntent, byChargesId, bySession] = ids.map((id) => found.find((row) => row.id === id));
  const byCharge = chargeId === null ? undefined : found.find((row) => row.stripeChargeId === chargeId);
  return byIntent ?? byCharge ?? byChargesId ?? bySession;
}
