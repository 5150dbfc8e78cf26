// Builds a payment link out of the parameters of its creation, and changes it by those of its update.

import type Stripe from "stripe";
import { MOST, MOST_CHARACTERS, PAYMENT_METHOD_TYPES } from "../../../src/platform/stripe-limits.ts";
import { invalidRequest } from "../errors.ts";
import { newId } from "../ids.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import {
  array,
  boolean,
  emptyable,
  hash,
  integer,
  oneOf,
  type Parsed,
  required,
  string,
  url,
} from "../parameters.ts";
import {
  checkoutParameters,
  customTextOf,
  intentDataParameters,
  invoiceDataOf,
  subscriptionDataParameters,
} from "./checkout-parameters.ts";
import type { Cart } from "./line-items.ts";

/** What can be set when a link is made as well as later. */
export const linkParameters = {
  ...checkoutParameters,
  after_completion: hash({
    hosted_confirmation: hash({ custom_message: string(MOST_CHARACTERS.confirmationMessage) }),
    redirect: hash({ url: required(url(MOST_CHARACTERS.redirectUrl)) }),
    type: required(oneOf("hosted_confirmation", "redirect")),
  }),
  inactive_message: emptyable(string(MOST_CHARACTERS.inactiveMessage)),
  payment_intent_data: hash({
    ...intentDataParameters,
    capture_method: oneOf("automatic", "automatic_async", "manual"),
  }),
  payment_method_types: emptyable(array(oneOf(...PAYMENT_METHOD_TYPES))),
  restrictions: emptyable(
    hash({ completed_sessions: required(hash({ limit: required(integer({ min: 1 })) })) }),
  ),
  shipping_address_collection: emptyable(hash({ allowed_countries: required(array(string(2))) })),
  subscription_data: hash(subscriptionDataParameters),
};
export const linkUpdateParameters = {
  ...linkParameters,
  active: boolean(),
  line_items: array(hash({ id: required(string()), quantity: integer({ min: 1, max: MOST.quantity }) })),
  metadata: metadata(),
};
type LinkParameters = Parsed<typeof linkParameters> & { active?: boolean };

/** A new link of the cart. `origin` is where the sandbox is reached: the link's URL begins with it. */
export function newPaymentLink(params: LinkParameters, cart: Cart, origin: string): Stripe.PaymentLink {
  const id = newId("plink");
  const link: Stripe.PaymentLink = {
    id,
    object: "payment_link",
    active: true,
    after_completion: { hosted_confirmation: { custom_message: null }, type: "hosted_confirmation" },
    allow_promotion_codes: false,
    application: null,
    application_fee_amount: null,
    application_fee_percent: null,
    automatic_tax: { enabled: false, liability: null },
    billing_address_collection: "auto",
    consent_collection: null,
    currency: cart.currency,
    custom_fields: [],
    custom_text: customTextOf(undefined),
    customer_creation: cart.mode === "subscription" ? "always" : "if_required",
    inactive_message: null,
    invoice_creation:
      cart.mode === "subscription" ? null : { enabled: false, invoice_data: invoiceDataOf(undefined) },
    livemode: false,
    managed_payments: null,
    metadata: {},
    on_behalf_of: null,
    payment_intent_data: null,
    payment_method_collection: "always",
    payment_method_options: null,
    payment_method_types: null,
    phone_number_collection: { enabled: false },
    restrictions: null,
    shipping_address_collection: null,
    shipping_options: [],
    submit_type: "auto",
    subscription_data: null,
    tax_id_collection: { enabled: false, required: "never" },
    transfer_data: null,
    url: `${origin}/pay/${id}`,
  };
  changePaymentLink(link, params, cart.mode);
  return link;
}

/** Sets what the parameters name, and nothing else. Throws 400 for what does not fit the link's mode. */
export function changePaymentLink(
  link: Stripe.PaymentLink,
  params: LinkParameters,
  mode: Cart["mode"],
): void {
  checkMode(params, mode);
  const { active, allow_promotion_codes, billing_address_collection, customer_creation, submit_type } =
    params;
  if (params.currency !== undefined && params.currency !== link.currency) {
    const message = `The currency of the payment link is ${link.currency}, as its prices are.`;
    throw invalidRequest(message, { param: "currency" });
  }
  if (active !== undefined) link.active = active;
  if (params.after_completion) link.after_completion = afterCompletion(params.after_completion);
  if (allow_promotion_codes !== undefined) link.allow_promotion_codes = allow_promotion_codes;
  if (params.automatic_tax) link.automatic_tax = automaticTax(params.automatic_tax);
  if (billing_address_collection) link.billing_address_collection = billing_address_collection;
  if (params.custom_text) link.custom_text = customTextOf(params.custom_text);
  if (customer_creation) link.customer_creation = customer_creation;
  if (params.inactive_message !== undefined) link.inactive_message = params.inactive_message;
  if (params.invoice_creation) {
    const { enabled } = params.invoice_creation;
    link.invoice_creation = { enabled, invoice_data: invoiceDataOf(params.invoice_creation) };
  }
  link.metadata = mergeMetadata(link.metadata, params.metadata);
  if (params.payment_intent_data) link.payment_intent_data = intentData(link, params.payment_intent_data);
  if (params.payment_method_collection) link.payment_method_collection = params.payment_method_collection;
  if (params.payment_method_types !== undefined) link.payment_method_types = params.payment_method_types;
  if (params.phone_number_collection) link.phone_number_collection = params.phone_number_collection;
  if (params.restrictions !== undefined) link.restrictions = restrictions(link, params.restrictions);
  if (params.shipping_address_collection !== undefined) {
    link.shipping_address_collection = params.shipping_address_collection;
  }
  if (submit_type) link.submit_type = submit_type;
  if (params.subscription_data) link.subscription_data = subscriptionData(link, params.subscription_data);
  if (params.tax_id_collection) {
    link.tax_id_collection = { required: "never", ...params.tax_id_collection };
  }
}

function checkMode(params: LinkParameters, mode: Cart["mode"]): void {
  const notHere =
    mode === "subscription"
      ? (["payment_intent_data", "invoice_creation", "customer_creation"] as const)
      : (["subscription_data"] as const);
  for (const name of notHere) {
    if (params[name] === undefined) continue;
    throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name });
  }
}

function afterCompletion(
  params: NonNullable<LinkParameters["after_completion"]>,
): Stripe.PaymentLink.AfterCompletion {
  if (params.type === "hosted_confirmation") {
    return {
      hosted_confirmation: { custom_message: params.hosted_confirmation?.custom_message ?? null },
      type: "hosted_confirmation",
    };
  }
  if (!params.redirect) {
    const message = "Missing required param: after_completion[redirect].";
    throw invalidRequest(message, { code: "parameter_missing", param: "after_completion[redirect]" });
  }
  return { redirect: { url: params.redirect.url }, type: "redirect" };
}

function automaticTax(params: { enabled: boolean }): Stripe.PaymentLink.AutomaticTax {
  return { enabled: params.enabled, liability: params.enabled ? { type: "self" } : null };
}

function intentData(
  link: Stripe.PaymentLink,
  params: NonNullable<LinkParameters["payment_intent_data"]>,
): Stripe.PaymentLink.PaymentIntentData {
  const { metadata: change, ...rest } = params;
  const current = link.payment_intent_data ?? {
    capture_method: null,
    description: null,
    metadata: {},
    setup_future_usage: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_group: null,
  };
  return { ...current, ...rest, metadata: mergeMetadata(current.metadata, change) };
}

function subscriptionData(
  link: Stripe.PaymentLink,
  params: NonNullable<LinkParameters["subscription_data"]>,
): Stripe.PaymentLink.SubscriptionData {
  const current = link.subscription_data;
  return {
    description: params.description ?? current?.description ?? null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    metadata: mergeMetadata(current?.metadata ?? null, params.metadata),
    trial_period_days: null,
    trial_settings: null,
  };
}

function restrictions(
  link: Stripe.PaymentLink,
  params: LinkParameters["restrictions"],
): Stripe.PaymentLink.Restrictions | null {
  if (!params) return null;
  const count = link.restrictions?.completed_sessions.count ?? 0;
  return { completed_sessions: { count, limit: params.completed_sessions.limit } };
}
