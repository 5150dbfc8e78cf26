// A payment intent: what is to be paid, by a session or for an invoice of a subscription, whatever it takes to get
// it paid.

import type Stripe from "stripe";
import { newId, randomString } from "../ids.ts";
import type { SessionIntentData } from "../types.ts";

type Seed = Pick<Stripe.PaymentIntent, "amount" | "currency" | "customer" | "description" | "metadata"> & {
  methodTypes: readonly string[];
  /** Paid again without the payer being there. */
  offSession: boolean;
  data: SessionIntentData;
};

/** The intent of a session. `createdAt` in seconds. */
export function newPaymentIntent(
  session: Stripe.Checkout.Session,
  data: SessionIntentData,
  createdAt: number,
): Stripe.PaymentIntent {
  const isSubscription = session.mode === "subscription";
  return newIntent(
    {
      amount: session.amount_total ?? 0,
      currency: session.currency ?? "usd",
      customer: typeof session.customer === "string" ? session.customer : null,
      description: isSubscription ? "Subscription creation" : data.description,
      // A subscription's metadata stays on the subscription. https://docs.stripe.com/metadata
      metadata: isSubscription ? {} : { ...data.metadata },
      methodTypes: session.payment_method_types,
      offSession: isSubscription,
      data,
    },
    createdAt,
  );
}

/** The intent of an invoice that a subscription's next period makes. `createdAt` in seconds. */
export function newInvoiceIntent(
  invoice: Stripe.Invoice,
  data: SessionIntentData,
  createdAt: number,
): Stripe.PaymentIntent {
  return newIntent(
    {
      amount: invoice.amount_due,
      currency: invoice.currency,
      customer: typeof invoice.customer === "string" ? invoice.customer : null,
      description: "Subscription update",
      metadata: {},
      methodTypes: ["card"],
      offSession: true,
      data,
    },
    createdAt,
  );
}

function newIntent(seed: Seed, createdAt: number): Stripe.PaymentIntent {
  const { data, methodTypes, offSession, ...own } = seed;
  const id = newId("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    ...own,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${randomString(25)}`,
    confirmation_method: "automatic",
    created: createdAt,
    customer_account: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: [...methodTypes],
    payment_record: null,
    processing: null,
    receipt_email: data.receipt_email,
    review: null,
    setup_future_usage: offSession ? "off_session" : data.setup_future_usage,
    shipping: null,
    source: null,
    statement_descriptor: data.statement_descriptor,
    statement_descriptor_suffix: data.statement_descriptor_suffix,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}
