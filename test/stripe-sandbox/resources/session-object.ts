// Builds a checkout session: one try of a payer, of a link or asked for by a call.

import type Stripe from "stripe";
import { SESSION_SECONDS } from "../../../src/platform/stripe-limits.ts";
import type { SandboxContext } from "../context.ts";
import { newId } from "../ids.ts";
import { isLive } from "../mode.ts";
import { plain, seconds } from "../plain.ts";
import type { AccountWorld, SessionIntentData } from "../types.ts";
import { customTextOf } from "./checkout-parameters.ts";
import type { Cart } from "./line-items.ts";

/** https://docs.stripe.com/api/checkout/sessions/create: 24 hours unless said otherwise. */
const SESSION_LIFETIME_SECONDS = SESSION_SECONDS.most;

export const NO_INTENT_DATA: SessionIntentData = {
  metadata: {},
  description: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  receipt_email: null,
  setup_future_usage: null,
};

/** What a session is beside the defaults. */
export type SessionSeed = Partial<Stripe.Checkout.Session> & {
  mode: Stripe.Checkout.Session.Mode;
  /** Null in setup mode. */
  cart: Cart | null;
  intentData: SessionIntentData;
};

/** Makes an open session, keeps it, and sees to it that it expires. */
export function openSession(
  context: SandboxContext,
  account: AccountWorld,
  seed: SessionSeed,
): Stripe.Checkout.Session {
  const { cart, intentData, ...rest } = seed;
  const id = newId(isLive(account.account.id) ? "cs_live" : "cs_test");
  const createdAt = seconds(context.now());
  const session: Stripe.Checkout.Session = {
    ...defaults(id, createdAt, context.options.origin),
    ...totals(cart),
    ...rest,
  };
  account.sessions[id] = session;
  account.sessionLineItems[id] = plain(cart?.items ?? []);
  account.sessionIntentData[id] = intentData;
  context.schedule({
    dueAtMs: session.expires_at * 1000,
    accountId: account.account.id,
    kind: "expire_session",
    data: { sessionId: id },
  });
  context.changed();
  return session;
}

/** The session that opening a link makes. Only the link's own metadata is copied to it, as at Stripe. */
export function openLinkSession(
  context: SandboxContext,
  account: AccountWorld,
  link: Stripe.PaymentLink,
  cart: Cart,
): Stripe.Checkout.Session {
  const intent = link.payment_intent_data;
  const redirect = link.after_completion.redirect;
  return openSession(context, account, {
    mode: cart.mode,
    cart,
    intentData: {
      metadata: { ...(intent?.metadata ?? link.subscription_data?.metadata) },
      description: intent?.description ?? link.subscription_data?.description ?? null,
      statement_descriptor: intent?.statement_descriptor ?? null,
      statement_descriptor_suffix: intent?.statement_descriptor_suffix ?? null,
      receipt_email: null,
      setup_future_usage: intent?.setup_future_usage ?? null,
    },
    allow_promotion_codes: link.allow_promotion_codes,
    automatic_tax: sessionTax(link.automatic_tax.enabled),
    billing_address_collection: link.billing_address_collection,
    custom_text: plain(link.custom_text),
    customer_creation: link.customer_creation,
    invoice_creation: link.invoice_creation ? plain(invoiceCreation(link.invoice_creation)) : null,
    metadata: { ...link.metadata },
    payment_link: link.id,
    payment_method_collection: link.payment_method_collection,
    payment_method_types: link.payment_method_types ?? ["card"],
    phone_number_collection: { ...link.phone_number_collection },
    shipping_address_collection: plain(link.shipping_address_collection),
    submit_type: link.submit_type,
    success_url: redirect?.url ?? null,
    tax_id_collection: { ...link.tax_id_collection },
  });
}

/** What a session says of automatic tax before anything is known of the payer. */
export function sessionTax(enabled: boolean): Stripe.Checkout.Session.AutomaticTax {
  if (!enabled) return { enabled, liability: null, provider: null, status: null };
  return { enabled, liability: { type: "self" }, provider: "stripe", status: "requires_location_inputs" };
}

function invoiceCreation(
  creation: Stripe.PaymentLink.InvoiceCreation,
): Stripe.Checkout.Session.InvoiceCreation | null {
  const { enabled, invoice_data } = creation;
  return invoice_data ? { enabled, invoice_data } : null;
}

/** What a session says of its cart. */
export function totals(cart: Cart | null): Partial<Stripe.Checkout.Session> {
  if (!cart) return { payment_status: "no_payment_required" };
  const sum = (name: "amount_discount" | "amount_subtotal") =>
    cart.items.reduce((total, item) => total + item[name], 0);
  return {
    amount_subtotal: sum("amount_subtotal"),
    amount_total: cart.total,
    currency: cart.currency,
    payment_status: cart.total > 0 ? "unpaid" : "no_payment_required",
    total_details: { amount_discount: sum("amount_discount"), amount_shipping: 0, amount_tax: 0 },
  };
}

function defaults(id: string, createdAt: number, origin: string): Stripe.Checkout.Session {
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: sessionTax(false),
    billing_address_collection: null,
    cancel_url: null,
    client_reference_id: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: createdAt,
    currency: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: customTextOf(undefined),
    customer: null,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: [],
    expires_at: createdAt + SESSION_LIFETIME_SECONDS,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: {},
    mode: "payment",
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
    payment_method_types: ["card"],
    payment_status: "unpaid",
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: null,
    subscription: null,
    success_url: null,
    total_details: null,
    ui_mode: "hosted_page",
    url: `${origin}/c/${id}`,
    wallet_options: null,
  };
}
