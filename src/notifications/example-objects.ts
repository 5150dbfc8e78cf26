// What the test door of event destinations sends: objects of the API's own shapes (the compiler holds them to
// it), with ids that nobody mistakes for real ones.

import type * as z from "zod";
import type { checkoutSessionSchema } from "../checkout/schema.ts";
import { type customerSchema, toDeletedCustomer } from "../customers/schema.ts";
import { timestamp } from "../http/fields.ts";
import type { invoiceSchema } from "../invoices/schema.ts";
import type { disputeSchema, refundSchema } from "../payments/refund-schema.ts";
import type { paymentSchema } from "../payments/schema.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type NotificationType, type ObjectKind, objectKindOf } from "../platform/notification-types.ts";
import type { subscriptionInvoiceSchema } from "../subscriptions/invoice-schema.ts";
import type { subscriptionSchema } from "../subscriptions/schema.ts";
import { operationalExamples } from "./example-operational-objects.ts";

type Example = (deps: Deps, scope: Scope, type: NotificationType) => object;

/** An object of the shape that this type carries, which says of itself that it is an example. */
export function exampleObject(deps: Deps, scope: Scope, type: NotificationType): object {
  return EXAMPLES[objectKindOf(type)](deps, scope, type);
}

const EXAMPLES: Record<ObjectKind, Example> = {
  invoice: exampleInvoice,
  payment: examplePayment,
  refund: exampleRefund,
  dispute: exampleDispute,
  customer: exampleCustomer,
  subscription: exampleSubscription,
  subscription_invoice: exampleSubscriptionInvoice,
  checkout_session: exampleCheckoutSession,
  ...operationalExamples,
};

const AMOUNT = { amount: 12900, amount_decimal: "129.00", currency: "EUR" };
const OF_INVOICE = { invoice_id: "inv_example", customer_id: "cus_example" };
const OF_PAYMENT = { payment_id: "pay_example", invoice_id: "inv_example" };

function exampleInvoice(deps: Deps): z.infer<typeof invoiceSchema> {
  const now = timestamp(deps.now());
  return {
    id: "inv_example",
    object: "invoice",
    number: "INV-EXAMPLE",
    customer_id: "cus_example",
    currency: "EUR",
    lines: [
      {
        description: "Example",
        quantity: 1,
        unit_amount: 12900,
        unit_amount_decimal: "129.00",
        amount: 12900,
        amount_decimal: "129.00",
      },
    ],
    amount_due: 12900,
    amount_due_decimal: "129.00",
    amount_paid: 12900,
    amount_paid_decimal: "129.00",
    amount_remaining: 0,
    amount_remaining_decimal: "0.00",
    amount_refunded: 0,
    amount_refunded_decimal: "0.00",
    amount_disputed: 0,
    amount_disputed_decimal: "0.00",
    amount_discounted: 0,
    amount_discounted_decimal: "0.00",
    status: "paid",
    payment_status: "paid",
    payment_link: {
      id: "plink_example",
      url: "https://buy.stripe.com/test_example",
      revision: 1,
      status: "used",
      error: null,
      deactivation: "done",
      deactivated_at: now,
      created_at: now,
    },
    payment_url: `${deps.publicUrl}/pay/example`,
    payment_link_missing: null,
    send_email: false,
    due_at: null,
    finalized_at: now,
    paid_at: now,
    voided_at: null,
    memo: "An example that was sent by hand: nothing was paid.",
    metadata: {},
    ...madeAt(now),
  };
}

function examplePayment(deps: Deps): z.infer<typeof paymentSchema> {
  const now = timestamp(deps.now());
  return {
    id: "pay_example",
    object: "payment",
    source: "invoice",
    ...OF_INVOICE,
    checkout_session_id: null,
    subscription_id: null,
    subscription_invoice_id: null,
    provider_payment_id: "pi_example",
    reference: null,
    ...AMOUNT,
    status: "succeeded",
    failure_code: null,
    failure_message: null,
    payment_method_type: "card",
    amount_refunded: 0,
    amount_refunded_decimal: "0.00",
    disputed: false,
    receipt_url: null,
    occurred_at: now,
    ...madeAt(now),
  };
}

function exampleRefund(deps: Deps): z.infer<typeof refundSchema> {
  const now = timestamp(deps.now());
  return {
    id: "ref_example",
    object: "refund",
    ...OF_PAYMENT,
    provider_refund_id: "re_example",
    ...AMOUNT,
    status: "succeeded",
    reason: "requested_by_customer",
    failure_reason: null,
    ...{ method: null, reference: null },
    occurred_at: now,
    ...madeAt(now),
  };
}

function exampleDispute(deps: Deps): z.infer<typeof disputeSchema> {
  const now = timestamp(deps.now());
  return {
    id: "dsp_example",
    object: "dispute",
    ...OF_PAYMENT,
    provider_dispute_id: "du_example",
    ...AMOUNT,
    status: "needs_response",
    reason: "fraudulent",
    evidence_due_at: now,
    occurred_at: now,
    ...madeAt(now),
  };
}

type ExampleCustomer = z.infer<typeof customerSchema> | ReturnType<typeof toDeletedCustomer>;

function exampleCustomer(deps: Deps, _scope: Scope, type: NotificationType): ExampleCustomer {
  const id = "cus_example";
  if (type === "customer.deleted") return toDeletedCustomer(id);
  return {
    id,
    object: "customer",
    name: "Example Customer",
    email: "customer@example.com",
    phone: null,
    address: null,
    metadata: {},
    stripe_customer_id: null,
    sync_status: "off",
    sync_error: null,
    ...madeAt(timestamp(deps.now())),
  };
}

function exampleSubscription(deps: Deps): z.infer<typeof subscriptionSchema> {
  const now = timestamp(deps.now());
  return {
    id: "sub_example",
    object: "subscription",
    customer_id: "cus_example",
    stripe_customer_id: null,
    status: "active",
    items: [
      {
        id: "si_example",
        price_id: "price_example",
        product_id: "prod_example",
        quantity: 1,
        unit_amount: 12900,
        unit_amount_decimal: "129.00",
        currency: "EUR",
        interval: "month",
        interval_count: 1,
        current_period_start: now,
        current_period_end: timestamp(deps.now() + 30 * 24 * 60 * 60 * 1000),
      },
    ],
    current_period_start: now,
    current_period_end: timestamp(deps.now() + 30 * 24 * 60 * 60 * 1000),
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: null,
    ended_at: null,
    ends_at: null,
    trial_end: null,
    pause_collection: null,
    metadata: {},
    ...madeAt(now),
  };
}

function exampleSubscriptionInvoice(deps: Deps): z.infer<typeof subscriptionInvoiceSchema> {
  const now = timestamp(deps.now());
  return {
    id: "in_example",
    object: "subscription_invoice",
    subscription_id: "sub_example",
    customer_id: "cus_example",
    number: "EXAMPLE-0001",
    status: "open",
    billing_reason: "subscription_cycle",
    currency: "EUR",
    amount_due: 12900,
    amount_due_decimal: "129.00",
    amount_paid: 0,
    amount_paid_decimal: "0.00",
    amount_remaining: 12900,
    amount_remaining_decimal: "129.00",
    attempt_count: 1,
    next_attempt_at: timestamp(deps.now() + 3 * 24 * 60 * 60 * 1000),
    hosted_invoice_url: "https://invoice.stripe.com/i/example",
    invoice_pdf: "https://pay.stripe.com/invoice/example/pdf",
    last_failure: { code: "card_declined", message: "Your card was declined." },
    paid_at: null,
    ...madeAt(now),
  };
}

function exampleCheckoutSession(deps: Deps): z.infer<typeof checkoutSessionSchema> {
  const now = timestamp(deps.now());
  return {
    id: "cs_example",
    payment_id: "pay_example",
    object: "checkout_session",
    url: null,
    mode: "payment",
    status: "complete",
    payment_status: "paid",
    customer_id: "cus_example",
    amount_total: 12900,
    amount_total_decimal: "129.00",
    currency: "EUR",
    client_reference_id: null,
    metadata: {},
    subscription_id: null,
    expires_at: now,
    completed_at: now,
    ...madeAt(now),
  };
}

function madeAt(now: string) {
  return { created_at: now, updated_at: now };
}
