// The payment method that a payer leaves: a card, or a bank account that is debited.

import type Stripe from "stripe";
import { newId } from "../ids.ts";
import type { Behaviour } from "./cards.ts";

const EXPIRY_YEAR = 2034;
const ROUTING_NUMBER = "110000000";

export type PayerDetails = { email: string | null; name: string | null };

/** `createdAt` in seconds. */
export function newPaymentMethod(
  behaviour: Behaviour,
  payer: PayerDetails,
  createdAt: number,
): Stripe.PaymentMethod {
  const base = {
    id: newId("pm"),
    object: "payment_method" as const,
    billing_details: { address: null, ...payer, phone: null, tax_id: null },
    created: createdAt,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
  };
  if (behaviour.kind === "debit_succeeds" || behaviour.kind === "debit_fails") {
    return { ...base, type: "us_bank_account", us_bank_account: bankAccount(behaviour) };
  }
  return { ...base, type: "card", card: card(behaviour) };
}

function card({ brand, last4, country, kind }: Behaviour): Stripe.PaymentMethod.Card {
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country,
    display_brand: brand,
    exp_month: 12,
    exp_year: EXPIRY_YEAR,
    fingerprint: `sandbox${brand}${last4}`,
    funding: "credit",
    generated_from: null,
    last4,
    networks: { available: [brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: kind === "asks_3ds" },
    wallet: null,
  };
}

function bankAccount({ last4 }: Behaviour): Stripe.PaymentMethod.UsBankAccount {
  return {
    account_holder_type: "individual",
    account_type: "checking",
    bank_name: "STRIPE TEST BANK",
    financial_connections_account: null,
    fingerprint: `sandboxbank${last4}`,
    last4,
    networks: { preferred: "ach", supported: ["ach"] },
    routing_number: ROUTING_NUMBER,
    status_details: {},
  };
}
