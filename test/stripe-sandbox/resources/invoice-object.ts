// Builds an invoice out of the line items of a session: of a subscription, or of a payment that asked for one.

import Stripe from "stripe";
import { newId } from "../ids.ts";
import { plain, seconds } from "../plain.ts";

type Seed = {
  account: Stripe.Account;
  customer: Stripe.Customer | undefined;
  customerId: string | null;
  items: readonly Stripe.LineItem[];
  subscription: Stripe.Subscription | null;
  /** How many invoices there are already: invoice numbers count up. */
  sequence: number;
  origin: string;
  metadata: Stripe.Metadata;
  description: string | null;
};

/** A finalized invoice that is still to be paid. */
export function newInvoice(seed: Seed, nowMs: number): Stripe.Invoice {
  const id = newId("in");
  const now = seconds(nowMs);
  const total = seed.items.reduce((sum, item) => sum + item.amount_total, 0);
  const lines = seed.items.map((item) => newLine(id, item, seed.subscription, now));
  const { customer, subscription } = seed;
  return plain<Stripe.Invoice>({
    id,
    object: "invoice",
    account_country: seed.account.country ?? null,
    account_name: seed.account.business_profile?.name ?? null,
    account_tax_ids: null,
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: total,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: subscription ? "subscription_create" : "manual",
    collection_method: "charge_automatically",
    created: now,
    currency: seed.items[0]?.currency ?? "usd",
    custom_fields: null,
    customer: seed.customerId,
    customer_account: null,
    customer_address: customer?.address ?? null,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_phone: customer?.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: seed.description,
    discounts: [],
    due_date: null,
    effective_at: now,
    ending_balance: 0,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: `${seed.origin}/invoices/${id}`,
    invoice_pdf: `${seed.origin}/invoices/${id}.pdf`,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: "list", data: lines, has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: { ...seed.metadata },
    next_payment_attempt: null,
    number: `${customer?.invoice_prefix ?? "SANDBOX"}-${String(seed.sequence + 1).padStart(4, "0")}`,
    on_behalf_of: null,
    parent: subscription && {
      quote_details: null,
      subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
      type: "subscription_details",
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: now,
    period_start: now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "open",
    status_transitions: { finalized_at: now, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: now,
  });
}

/** The link between an invoice and the intent that pays it. */
export function newInvoicePayment(
  invoice: Stripe.Invoice,
  intentId: string,
  nowMs: number,
): Stripe.InvoicePayment {
  return {
    id: newId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: seconds(nowMs),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intentId, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
}

function newLine(
  invoiceId: string,
  item: Stripe.LineItem,
  subscription: Stripe.Subscription | null,
  now: number,
): Stripe.InvoiceLineItem {
  const product = item.price?.product;
  const subscriptionItem = subscription?.items.data.find(
    (candidate) => candidate.price.id === item.price?.id,
  );
  return {
    id: newId("il"),
    object: "line_item",
    amount: item.amount_total,
    currency: item.currency,
    description: `${item.quantity ?? 1} × ${item.description ?? ""}`,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: invoiceId,
    livemode: false,
    metadata: {},
    parent: subscriptionItem
      ? {
          invoice_item_details: null,
          subscription_item_details: {
            invoice_item: null,
            proration: false,
            proration_details: { credited_items: null },
            subscription: subscriptionItem.subscription,
            subscription_item: subscriptionItem.id,
          },
          type: "subscription_item_details",
        }
      : null,
    period: { end: subscriptionItem?.current_period_end ?? now, start: now },
    pretax_credit_amounts: [],
    pricing: {
      price_details: {
        price: item.price?.id ?? "",
        product: typeof product === "string" ? product : (product?.id ?? ""),
      },
      type: "price_details",
      unit_amount_decimal: Stripe.Decimal.from(item.price?.unit_amount ?? 0),
    },
    quantity: item.quantity,
    quantity_decimal: Stripe.Decimal.from(item.quantity ?? 1),
    subscription: subscriptionItem?.subscription ?? null,
    subtotal: item.amount_subtotal,
    taxes: [],
  };
}
