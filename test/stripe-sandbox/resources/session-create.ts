// The creation of a checkout session: what fits which mode, and for how long it is open.

import type Stripe from "stripe";
import { LOCALES, MOST, MOST_CHARACTERS } from "../../../src/platform/stripe-limits.ts";
import { invalidRequest, noSuchParam } from "../errors.ts";
import { mergeMetadata, metadata } from "../metadata.ts";
import {
  array,
  emailAddress,
  hash,
  integer,
  oneOf,
  type ParametersOf,
  type Parsed,
  required,
  string,
  timestamp,
  url,
} from "../parameters.ts";
import { seconds } from "../plain.ts";
import type { Call } from "../routes.ts";
import type { SessionIntentData } from "../types.ts";
import {
  checkoutParameters,
  customTextOf,
  intentDataParameters,
  invoiceDataOf,
  lineItemParameters,
  subscriptionDataParameters,
} from "./checkout-parameters.ts";
import { discounted, discountParameters, findDiscount } from "./discounts.ts";
import { type Cart, checkCart, createCart, onTrial } from "./line-items.ts";
import { checkCustomer, checkParameters } from "./session-checks.ts";
import { NO_INTENT_DATA, openSession, sessionTax } from "./session-object.ts";

export const sessionParameters = {
  ...checkoutParameters,
  cancel_url: url(MOST_CHARACTERS.returnUrl),
  client_reference_id: string(MOST_CHARACTERS.clientReference),
  customer: string(),
  customer_email: emailAddress(800),
  customer_update: hash({
    address: oneOf("auto", "never"),
    name: oneOf("auto", "never"),
    shipping: oneOf("auto", "never"),
  }),
  discounts: array(discountParameters, MOST.discounts),
  expires_at: timestamp(),
  line_items: array(hash(lineItemParameters)),
  locale: oneOf(...LOCALES),
  mode: required(oneOf("payment", "setup", "subscription")),
  payment_intent_data: hash({
    ...intentDataParameters,
    capture_method: oneOf("automatic", "automatic_async", "manual"),
    receipt_email: string(),
  }),
  setup_intent_data: hash({ description: string(1000), metadata: metadata() }),
  shipping_address_collection: hash({ allowed_countries: required(array(string(2))) }),
  subscription_data: hash({
    ...subscriptionDataParameters,
    // https://docs.stripe.com/billing/subscriptions/trials: two years at the most.
    trial_period_days: integer({ min: 1, max: MOST.trialDays }),
  }),
  success_url: url(MOST_CHARACTERS.returnUrl),
  ui_mode: oneOf("hosted_page"),
} satisfies ParametersOf<Stripe.Checkout.SessionCreateParams>;
export type SessionParameters = Parsed<typeof sessionParameters>;

/** Opens a session as asked. */
export function createSession(call: Call<typeof sessionParameters>): Stripe.Checkout.Session {
  const { context, accountId, account, params } = call;
  checkParameters(params, seconds(context.now()));
  const customer = params.customer === undefined ? null : account.customers[params.customer];
  if (customer === undefined) throw noSuchParam("customer", params.customer ?? "", "customer");
  checkCustomer(params, customer);
  const asked =
    params.mode === "setup"
      ? null
      : createCart(context, accountId, account, params.line_items ?? [], MOST.sessionLines);
  if (asked) checkMode(params.mode, asked);
  const trialDays = params.subscription_data?.trial_period_days;
  const due = asked && trialDays !== undefined ? onTrial(asked) : asked;
  const [discount] = (params.discounts ?? []).map((one) => findDiscount(account, one));
  const reduced = due && discount ? discounted(due, discount) : due;
  const cart = reduced && checkCart(reduced.items);
  const email = params.customer_email ?? customer?.email ?? null;
  return openSession(context, account, {
    mode: params.mode,
    cart,
    intentData: intentData(params),
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    automatic_tax: sessionTax(params.automatic_tax?.enabled ?? false),
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    ...(cart === null && { currency: params.currency ?? null }),
    custom_text: customTextOf(params.custom_text),
    customer: customer?.id ?? null,
    customer_creation: customerCreation(params),
    customer_details: email === null ? null : customerDetails(email, customer?.name ?? null),
    customer_email: params.customer_email ?? null,
    ...(discount && { discounts: [discount.shown] }),
    ...(params.expires_at !== undefined && { expires_at: params.expires_at }),
    invoice_creation:
      params.mode === "payment"
        ? {
            enabled: params.invoice_creation?.enabled ?? false,
            invoice_data: invoiceDataOf(params.invoice_creation),
          }
        : null,
    locale: params.locale ?? null,
    metadata: mergeMetadata(null, params.metadata),
    payment_method_collection:
      params.payment_method_collection ?? (params.mode === "payment" ? "if_required" : "always"),
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    shipping_address_collection: params.shipping_address_collection ?? null,
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    tax_id_collection: { required: "never", enabled: false, ...params.tax_id_collection },
  });
}

/** What is known of the payer. */
export function customerDetails(email: string, name: string | null): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: name,
    name,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}

function checkMode(mode: SessionParameters["mode"], cart: Cart): void {
  if (mode === "payment" && cart.mode === "subscription") {
    throw invalidRequest(
      "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use " +
        "only one-time prices.",
      { param: "line_items" },
    );
  }
  const recurring = cart.items.filter((item) => item.price?.recurring).length;
  if (
    mode === "subscription" &&
    Math.max(recurring, cart.items.length - recurring) > MOST.sessionLinesOfAKind
  ) {
    const message = `In \`subscription\` mode there can be at most ${MOST.sessionLinesOfAKind} recurring and ${MOST.sessionLinesOfAKind} one-time prices.`;
    throw invalidRequest(message, { param: "line_items" });
  }
  if (mode === "subscription" && cart.mode === "payment") {
    const message = "You must provide at least one recurring price in `subscription` mode when using prices.";
    throw invalidRequest(message, { param: "line_items" });
  }
}

function intentData(params: SessionParameters): SessionIntentData {
  const data = params.payment_intent_data;
  const asked = data ?? params.subscription_data ?? params.setup_intent_data;
  const trialDays = params.subscription_data?.trial_period_days;
  return {
    ...NO_INTENT_DATA,
    metadata: mergeMetadata(null, asked?.metadata),
    description: asked?.description ?? null,
    statement_descriptor: data?.statement_descriptor ?? null,
    statement_descriptor_suffix: data?.statement_descriptor_suffix ?? null,
    receipt_email: data?.receipt_email ?? null,
    setup_future_usage: data?.setup_future_usage ?? null,
    ...(trialDays !== undefined && { trial_period_days: trialDays }),
  };
}

function customerCreation(params: SessionParameters): Stripe.Checkout.Session.CustomerCreation | null {
  if (params.customer !== undefined || params.mode === "setup") return null;
  return params.mode === "subscription" ? "always" : (params.customer_creation ?? "if_required");
}
