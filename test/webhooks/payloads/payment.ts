import { CREATED, list, OUR_METADATA } from "./event.ts";

/** A payment intent that has succeeded, as API 2026-10-28 sends it. */
export function newIntent(overrides: Record<string, unknown> = {}) {
  return {
    id: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: 12_900,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 12_900,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: "pi_3SQh0aKb3xW9tLm41nVd7Q2x_secret_x",
    confirmation_method: "automatic",
    created: CREATED - 60,
    currency: "eur",
    customer: "cus_T9w2Lr",
    customer_account: null,
    description: null,
    last_payment_error: null,
    latest_charge: "ch_3SQh0aKb3xW9tLm41pWn",
    livemode: false,
    metadata: { ...OUR_METADATA },
    next_action: null,
    on_behalf_of: null,
    payment_method: "pm_1SQh0Z",
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    processing: null,
    receipt_email: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    status: "succeeded",
    transfer_data: null,
    transfer_group: null,
    ...overrides,
  };
}

/** The same of the first months (API 2019-02-11): its charges embedded, their refunds in them. */
export function firstIntent(overrides: Record<string, unknown> = {}) {
  return {
    id: "pi_1DzQ2eHQ",
    object: "payment_intent",
    allowed_source_types: ["card"],
    amount: 12_900,
    amount_capturable: 0,
    amount_received: 12_900,
    application: null,
    application_fee_amount: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    charges: list("/v1/charges?payment_intent=pi_1DzQ2eHQ", [
      chargeOf2019({ id: "ch_1DzQ2gHQ" }),
      chargeOf2019({ id: "ch_1DzQ2fHQ", status: "failed", paid: false }),
    ]),
    client_secret: "pi_1DzQ2eHQ_secret_x",
    confirmation_method: "publishable",
    created: 1_549_900_800,
    currency: "eur",
    customer: null,
    description: null,
    last_payment_error: null,
    livemode: false,
    metadata: { ...OUR_METADATA },
    next_source_action: null,
    on_behalf_of: null,
    receipt_email: null,
    review: null,
    shipping: null,
    source: "src_1DzQ2eHQ",
    statement_descriptor: null,
    status: "succeeded",
    transfer_data: null,
    transfer_group: null,
    ...overrides,
  };
}

/** What a declined card leaves on its intent. */
export const DECLINED = {
  charge: "ch_3SQh0aKb3xW9tLm41pWn",
  code: "card_declined",
  decline_code: "insufficient_funds",
  doc_url: "https://stripe.com/docs/error-codes/card-declined",
  message: "Your card has insufficient funds.",
  payment_method: { id: "pm_1SQh0Z", object: "payment_method", type: "card" },
  type: "card_error",
};

/** A captured card charge as API 2026-10-28 sends it: without its refunds and its invoice. */
export function newCharge(overrides: Record<string, unknown> = {}) {
  return {
    id: "ch_3SQh0aKb3xW9tLm41pWn",
    object: "charge",
    amount: 12_900,
    amount_captured: 12_900,
    amount_refunded: 0,
    application: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: "ada@example.com", name: "Ada", phone: null, tax_id: null },
    captured: true,
    created: CREATED - 30,
    currency: "eur",
    customer: "cus_T9w2Lr",
    description: null,
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: { ...OUR_METADATA },
    outcome: { network_status: "approved_by_network", risk_level: "normal", type: "authorized" },
    paid: true,
    payment_intent: "pi_3SQh0aKb3xW9tLm41nVd7Q2x",
    payment_method: "pm_1SQh0Z",
    payment_method_details: { card: { brand: "visa", funding: "credit", last4: "4242" }, type: "card" },
    receipt_email: null,
    receipt_url: "https://pay.stripe.com/receipts/payment/CAcaFwoV",
    refunded: false,
    review: null,
    source: null,
    status: "succeeded",
    ...overrides,
  };
}

/** A charge of API 2019-02-11: payment methods are known, `amount_captured` is not. */
export function chargeOf2019(overrides: Record<string, unknown> = {}) {
  const { amount_captured: _, ...charge } = newCharge();
  return {
    ...charge,
    id: "ch_1DzQ2gHQ",
    payment_intent: "pi_1DzQ2eHQ",
    dispute: null,
    invoice: null,
    refunds: list("/v1/charges/ch_1DzQ2gHQ/refunds", []),
    ...overrides,
  };
}

/** A charge of API 2015-01-26: no intent, no payment methods, no receipt, and `paid` for a status. */
export function firstCharge(overrides: Record<string, unknown> = {}) {
  return {
    id: "ch_15PUCSFFXWzhX9",
    object: "charge",
    created: 1_422_500_000,
    livemode: false,
    paid: true,
    status: "paid",
    amount: 12_900,
    currency: "eur",
    refunded: false,
    source: {
      id: "card_15PUCQFFXW",
      object: "card",
      last4: "4242",
      brand: "Visa",
      funding: "credit",
      exp_month: 4,
      exp_year: 2017,
      country: "US",
      customer: null,
    },
    captured: true,
    refunds: list("/v1/charges/ch_15PUCSFFXWzhX9/refunds", []),
    balance_transaction: "txn_15PUCSFF",
    failure_message: null,
    failure_code: null,
    amount_refunded: 0,
    customer: null,
    invoice: null,
    description: "Order 77",
    dispute: null,
    metadata: {},
    statement_descriptor: null,
    fraud_details: {},
    receipt_email: null,
    receipt_number: null,
    shipping: null,
    ...overrides,
  };
}
