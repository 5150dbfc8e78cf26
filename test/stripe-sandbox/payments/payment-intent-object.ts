// The payment intent of a session: what is to be paid, whatever it takes to get it paid.

import type Stripe from "stripe";
import { newId, randomString } from "../ids.ts";
import type { SessionIntentData } from "../types.ts";

/** `createdAt` in seconds. */
export function newPaymentIntent(
  session: Stripe.Checkout.Session,
  data: SessionIntentData,
  createdAt: number,
): Stripe.PaymentIntent {
  const id = newId("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: session.amount_total ?? 0,
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
    currency: session.currency ?? "usd",
    customer: typeof session.customer === "string" ? session.customer : null,
    customer_account: null,
    description: session.mode === "subscription" ? "Subscription creation" : data.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    // A subscription's metadata stays on the subscription. https://docs.stripe.com/metadata
    metadata: session.mode === "subscription" ? {} : { ...data.metadata },
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: [...session.payment_method_types],
    payment_record: null,
    processing: null,
    receipt_email: data.receipt_email,
    review: null,
    setup_future_usage: session.mode === "subscription" ? "off_session" : data.setup_future_usage,
    shipping: null,
    source: null,
    statement_descriptor: data.statement_descriptor,
    statement_descriptor_suffix: data.statement_descriptor_suffix,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}
