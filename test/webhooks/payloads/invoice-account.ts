import { CREATED, list, OUR_METADATA } from "./event.ts";

/** One entry of `payments` of one of Stripe's own invoices, since API 2025-03-31. */
export function invoicePayment(payment: Record<string, unknown>, overrides: Record<string, unknown> = {}) {
  return {
    id: "inpay_1SQh1L",
    object: "invoice_payment",
    amount_paid: 4900,
    amount_requested: 4900,
    created: CREATED,
    currency: "eur",
    invoice: "in_1SQh1K",
    is_default: true,
    livemode: false,
    payment,
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: CREATED },
    ...overrides,
  };
}

/** One of Stripe's own invoices as API 2026-10-28 sends it: it names neither payment nor subscription itself. */
export function newInvoice(overrides: Record<string, unknown> = {}) {
  return {
    id: "in_1SQh1K",
    object: "invoice",
    account_name: "Acme",
    amount_due: 4900,
    amount_overpaid: 0,
    amount_paid: 4900,
    amount_remaining: 0,
    attempt_count: 1,
    attempted: true,
    billing_reason: "subscription_cycle",
    collection_method: "charge_automatically",
    created: CREATED - 3600,
    currency: "eur",
    customer: "cus_T9w2Lr",
    hosted_invoice_url: "https://invoice.stripe.com/i/acct_1/test_1",
    invoice_pdf: "https://pay.stripe.com/invoice/acct_1/test_1/pdf",
    next_payment_attempt: null,
    lines: list("/v1/invoices/in_1SQh1K/lines", []),
    livemode: false,
    metadata: {},
    number: "A1B2C3D4-0007",
    parent: {
      quote_details: null,
      subscription_details: { metadata: { ...OUR_METADATA }, subscription: "sub_1SQh1K" },
      type: "subscription_details",
    },
    period_end: CREATED,
    period_start: CREATED,
    status: "paid",
    status_transitions: {
      finalized_at: CREATED,
      marked_uncollectible_at: null,
      paid_at: CREATED,
      voided_at: null,
    },
    subtotal: 4900,
    total: 4900,
    total_taxes: [],
    ...overrides,
  };
}

/** The same of API 2024-06-20: payment, charge and subscription by name, and `paid_out_of_band`. */
export function invoiceOf2024(overrides: Record<string, unknown> = {}) {
  const { parent: _, amount_overpaid: __, ...invoice } = newInvoice();
  return {
    ...invoice,
    charge: "ch_3SQh1KKb",
    paid: true,
    paid_out_of_band: false,
    payment_intent: "pi_3SQh1KKb",
    subscription: "sub_1SQh1K",
    ...overrides,
  };
}

/** The same of API 2015-01-26: no intent, no amount_paid, `closed` for a status. */
export function firstInvoice(overrides: Record<string, unknown> = {}) {
  return {
    date: 1_425_078_500,
    id: "in_15aIcQFFXW",
    period_start: 1_422_400_100,
    period_end: 1_425_078_500,
    lines: list("/v1/invoices/in_15aIcQFFXW/lines", []),
    subtotal: 9800,
    total: 9800,
    customer: "cus_5b1Xr4",
    object: "invoice",
    attempted: true,
    closed: true,
    forgiven: false,
    paid: true,
    livemode: false,
    attempt_count: 1,
    amount_due: 9800,
    currency: "eur",
    starting_balance: 0,
    ending_balance: 0,
    next_payment_attempt: null,
    webhooks_delivered_at: 1_425_078_600,
    charge: "ch_15aJZfFFXW",
    discount: null,
    application_fee: null,
    subscription: "sub_5b2C0f",
    metadata: {},
    statement_descriptor: null,
    description: null,
    receipt_number: null,
    ...overrides,
  };
}

/** A payment link, switched off, as API 2026-10-28 sends it. */
export function newPaymentLink(overrides: Record<string, unknown> = {}) {
  return {
    id: "plink_1SQgzRKb3xW9tLm4",
    object: "payment_link",
    active: false,
    after_completion: { hosted_confirmation: { custom_message: null }, type: "hosted_confirmation" },
    allow_promotion_codes: false,
    automatic_tax: { enabled: false, liability: null },
    billing_address_collection: "auto",
    currency: "eur",
    customer_creation: "if_required",
    inactive_message: null,
    livemode: false,
    metadata: { ...OUR_METADATA },
    payment_intent_data: { capture_method: null, metadata: { ...OUR_METADATA } },
    payment_method_types: null,
    restrictions: { completed_sessions: { count: 1, limit: 1 } },
    submit_type: "auto",
    url: "https://buy.stripe.com/test_4gw3ece4p",
    ...overrides,
  };
}

/** An account as API 2026-10-28 sends it. */
export function newAccount(overrides: Record<string, unknown> = {}) {
  return {
    id: "acct_1NvT4nKb",
    object: "account",
    business_profile: { mcc: null, name: "Acme SA", support_email: null, url: null },
    business_type: "company",
    capabilities: { card_payments: "active", transfers: "active" },
    charges_enabled: true,
    controller: { type: "application" },
    country: "CH",
    created: 1_700_000_000,
    default_currency: "chf",
    details_submitted: true,
    email: "ops@acme.example",
    external_accounts: list("/v1/accounts/acct_1NvT4nKb/external_accounts", []),
    future_requirements: { currently_due: [], past_due: [], disabled_reason: null },
    metadata: {},
    payouts_enabled: false,
    requirements: {
      alternatives: [],
      current_deadline: null,
      currently_due: ["external_account", "tos_acceptance.date"],
      disabled_reason: "requirements.past_due",
      errors: [],
      eventually_due: ["external_account"],
      past_due: ["external_account"],
      pending_verification: [],
    },
    settings: { dashboard: { display_name: "Acme", timezone: "Europe/Zurich" }, payouts: {} },
    type: "standard",
    ...overrides,
  };
}

/** An account of API 2015-01-26: transfers for payouts, `verification` for requirements, names on top. */
export function firstAccount(overrides: Record<string, unknown> = {}) {
  return {
    id: "acct_14qyt6Alijdnw0EA",
    email: "ops@acme.example",
    statement_descriptor: "ACME",
    display_name: "Acme",
    timezone: "Europe/Zurich",
    details_submitted: true,
    charges_enabled: true,
    transfers_enabled: false,
    currencies_supported: ["usd", "chf"],
    default_currency: "chf",
    country: "CH",
    object: "account",
    business_name: "Acme SA",
    business_url: "acme.example",
    support_phone: null,
    managed: false,
    verification: { fields_needed: ["bank_account"], due_by: null, contacted: false },
    ...overrides,
  };
}

/** What `account.application.deauthorized` carries: the application, in every version. */
export const APPLICATION = { id: "ca_Nq2", object: "application", name: "Quittance" };
