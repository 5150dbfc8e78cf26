import type { Filled, Row } from "./filled.ts";
import { FILLED_AT_1 } from "./version-1.ts";

const [first] = FILLED_AT_1.rows.payments ?? [];
const [refund] = FILLED_AT_1.rows.refunds ?? [];
const [dispute] = FILLED_AT_1.rows.disputes ?? [];

const payment = (id: string, more: Row): Row => ({
  ...first,
  id: `pay_${id}`,
  provider_payment_id: `pi_${id}`,
  stripe_charge_id: `ch_${id}`,
  invoice_id: null,
  customer_id: null,
  checkout_session_id: null,
  stripe_payment_link_id: null,
  ...more,
});

/** Payments that belong to no invoice, with their refunds, disputes and receipts. */
export const FILLED_AT_6: Filled = {
  version: 6,
  rows: {
    customers: FILLED_AT_1.rows.customers ?? [],
    payments: [
      payment("session", { source: "checkout_session", checkout_session_id: "cs_1", customer_id: "cus_1" }),
      payment("subscription", {
        source: "subscription",
        subscription_id: "sub_1",
        subscription_invoice_id: "in_1",
      }),
    ],
    refunds: [{ ...refund, payment_id: "pay_session", invoice_id: null }],
    disputes: [{ ...dispute, payment_id: "pay_subscription", invoice_id: null }],
    mails: [
      {
        id: "~pay_session/receipt",
        invoice_id: null,
        payment_id: "pay_session",
        kind: "receipt",
        recipient: "ada@example.com",
        status: "pending",
        created_at_ms: 1_764_000_000_000,
        updated_at_ms: 1_764_000_000_000,
      },
    ],
  },
};
