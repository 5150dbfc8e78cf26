import { CREATED, list, OUR_METADATA } from "./event.ts";

/** A customer as API 2026-10-28 sends it. */
export function newCustomer(overrides: Record<string, unknown> = {}) {
  return {
    id: "cus_T9w2Lr",
    object: "customer",
    address: {
      city: "Genève",
      country: "CH",
      line1: "Rue du Rhône 1",
      line2: "",
      postal_code: "1204",
      state: null,
    },
    balance: 0,
    created: CREATED - 500,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: "ada@example.com",
    invoice_prefix: "A1B2C3D4",
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null },
    livemode: false,
    metadata: { ...OUR_METADATA, plan: "gold" },
    name: "Ada Lovelace",
    phone: "+41225550100",
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
    ...overrides,
  };
}

/** A customer of API 2015-01-26: no name, no phone, no address; cards, subscriptions and a discount inside. */
export function firstCustomer(overrides: Record<string, unknown> = {}) {
  return {
    object: "customer",
    created: 1_422_400_000,
    id: "cus_5b1Xr4",
    livemode: false,
    description: null,
    email: "ada@example.com",
    delinquent: false,
    metadata: {},
    subscriptions: list("/v1/customers/cus_5b1Xr4/subscriptions", []),
    discount: null,
    account_balance: 0,
    currency: null,
    sources: list("/v1/customers/cus_5b1Xr4/sources", []),
    default_source: null,
    ...overrides,
  };
}

/** A subscription item of today: with its own period. */
export function newItem(overrides: Record<string, unknown> = {}) {
  return {
    id: "si_TPm1",
    object: "subscription_item",
    billing_thresholds: null,
    created: CREATED - 100,
    current_period_end: CREATED + 2_592_000,
    current_period_start: CREATED,
    discounts: [],
    metadata: {},
    plan: {
      id: "price_1SQ",
      object: "plan",
      active: true,
      amount: 4900,
      currency: "eur",
      interval: "month",
      interval_count: 1,
      product: "prod_TPm",
    },
    price: {
      id: "price_1SQ",
      object: "price",
      active: true,
      billing_scheme: "per_unit",
      currency: "eur",
      product: "prod_TPm",
      recurring: { interval: "month", interval_count: 1, meter: null, usage_type: "licensed" },
      type: "recurring",
      unit_amount: 4900,
      unit_amount_decimal: "4900",
    },
    quantity: 3,
    subscription: "sub_1SQh1K",
    tax_rates: [],
    ...overrides,
  };
}

/** A subscription as API 2026-10-28 sends it: no period of its own. */
export function newSubscription(overrides: Record<string, unknown> = {}) {
  return {
    id: "sub_1SQh1K",
    object: "subscription",
    application: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: CREATED,
    billing_mode: { type: "flexible" },
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    collection_method: "charge_automatically",
    created: CREATED - 100,
    currency: "eur",
    customer: "cus_T9w2Lr",
    customer_account: null,
    default_payment_method: "pm_1SQh0Z",
    discounts: [],
    ended_at: null,
    items: list("/v1/subscription_items?subscription=sub_1SQh1K", [newItem()]),
    latest_invoice: "in_1SQh1K",
    livemode: false,
    metadata: { ...OUR_METADATA },
    pause_collection: null,
    schedule: null,
    start_date: CREATED - 100,
    status: "active",
    test_clock: null,
    trial_end: null,
    trial_start: null,
    ...overrides,
  };
}

/** A subscription of API 2015-01-26: one plan, no items, the period on the subscription. */
export function firstSubscription(overrides: Record<string, unknown> = {}) {
  return {
    id: "sub_5b2C0f",
    plan: {
      interval: "month",
      name: "Gold",
      created: 1_420_000_000,
      amount: 4900,
      currency: "eur",
      id: "gold",
      object: "plan",
      livemode: false,
      interval_count: 1,
      trial_period_days: null,
      metadata: {},
      statement_descriptor: null,
    },
    object: "subscription",
    start: 1_422_400_100,
    status: "active",
    customer: "cus_5b1Xr4",
    cancel_at_period_end: false,
    current_period_start: 1_422_400_100,
    current_period_end: 1_425_078_500,
    ended_at: null,
    trial_start: null,
    trial_end: null,
    canceled_at: null,
    quantity: 2,
    application_fee_percent: null,
    discount: null,
    tax_percent: null,
    metadata: {},
    ...overrides,
  };
}
