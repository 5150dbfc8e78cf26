// The parameters that payment links and checkout sessions share, and what they become in the objects.

import type Stripe from "stripe";
import {
  ADJUSTABLE,
  isStatementDescriptor,
  MOST,
  MOST_CHARACTERS,
} from "../../../src/platform/stripe-limits.ts";
import { currency } from "../amounts.ts";
import { metadata } from "../metadata.ts";
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
  stringThat,
} from "../parameters.ts";
import { priceData } from "./prices.ts";

export const lineItemParameters = {
  adjustable_quantity: hash({
    enabled: required(boolean()),
    maximum: integer({ min: ADJUSTABLE.leastMaximum, max: MOST.quantity }),
    minimum: integer({ min: 0, max: MOST.quantity }),
  }),
  price: string(),
  price_data: priceData,
  quantity: integer({ min: 0, max: MOST.quantity }),
};
export type LineItemParameters = Parsed<typeof lineItemParameters>;

const message = hash({ message: required(string(1200)) });
const invoiceData = {
  custom_fields: emptyable(array(hash({ name: required(string(40)), value: required(string(140)) }))),
  description: string(1500),
  footer: string(),
  metadata: metadata(),
};

export const checkoutParameters = {
  allow_promotion_codes: boolean(),
  automatic_tax: hash({ enabled: required(boolean()) }),
  billing_address_collection: oneOf("auto", "required"),
  currency: currency(),
  custom_text: hash({
    after_submit: emptyable(message),
    shipping_address: emptyable(message),
    submit: emptyable(message),
    terms_of_service_acceptance: emptyable(message),
  }),
  customer_creation: oneOf("always", "if_required"),
  invoice_creation: hash({ enabled: required(boolean()), invoice_data: hash(invoiceData) }),
  metadata: metadata(),
  payment_method_collection: oneOf("always", "if_required"),
  phone_number_collection: hash({ enabled: required(boolean()) }),
  submit_type: oneOf("auto", "book", "donate", "pay", "subscribe"),
  tax_id_collection: hash({ enabled: required(boolean()), required: oneOf("if_supported", "never") }),
};

const statementDescriptor = stringThat(
  (text) => (isStatementDescriptor(text) ? null : `Invalid statement descriptor: ${text}`),
  MOST_CHARACTERS.statementDescriptor,
);

/** What is put on the payment intent. A statement descriptor has at most 22 characters. */
export const intentDataParameters = {
  description: emptyable(string(MOST_CHARACTERS.intentDescription)),
  metadata: metadata(),
  setup_future_usage: emptyable(oneOf("off_session", "on_session")),
  statement_descriptor: emptyable(statementDescriptor),
  statement_descriptor_suffix: emptyable(statementDescriptor),
  transfer_group: emptyable(string()),
};

export const subscriptionDataParameters = {
  description: emptyable(string(500)),
  metadata: metadata(),
};

type CustomTextParameters = Parsed<typeof checkoutParameters>["custom_text"];
type InvoiceCreationParameters = Parsed<typeof checkoutParameters>["invoice_creation"];

/** Texts that were not given are null. */
export function customTextOf(params: CustomTextParameters): Stripe.PaymentLink.CustomText {
  return {
    after_submit: params?.after_submit ?? null,
    shipping_address: params?.shipping_address ?? null,
    submit: params?.submit ?? null,
    terms_of_service_acceptance: params?.terms_of_service_acceptance ?? null,
  };
}

/** What an invoice made after a payment would say; links and sessions have it in the same form. */
export function invoiceDataOf(
  params: InvoiceCreationParameters,
): Stripe.PaymentLink.InvoiceCreation.InvoiceData {
  const data = params?.invoice_data;
  return {
    account_tax_ids: null,
    custom_fields: data?.custom_fields ?? null,
    description: data?.description ?? null,
    footer: data?.footer ?? null,
    issuer: { type: "self" },
    metadata: data?.metadata ?? {},
    rendering_options: null,
  };
}
