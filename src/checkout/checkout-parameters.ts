// What Stripe is asked for: the lines, where the payer goes afterwards, and our metadata on the session and
// on whatever it makes. Pure; and the same for the same input, since an idempotency key hangs on it.

import type Stripe from "stripe";
import type { Scope } from "../platform/deps.ts";
import type { CheckoutLine, CheckoutSessionInput, InlinePrice } from "./checkout-input.ts";
import { withOurKeys } from "./checkout-session-state.ts";

/** What only the connection knows. */
type AtStripe = {
  stripeCustomerId: string | undefined;
  /** Upper case; for mode setup. */
  accountCurrency: string | null;
};

export function checkoutParameters(
  scope: Scope,
  input: CheckoutSessionInput,
  { stripeCustomerId, accountCurrency }: AtStripe,
): Stripe.Checkout.SessionCreateParams {
  const metadata = withOurKeys(scope, input.customerId, input.metadata);
  return {
    mode: input.mode,
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
    metadata,
    ...(input.lines && { line_items: input.lines.map(lineItem) }),
    ...(stripeCustomerId !== undefined && { customer: stripeCustomerId }),
    ...(input.clientReferenceId !== undefined && { client_reference_id: input.clientReferenceId }),
    ...ofMode(input, metadata, accountCurrency),
    ...ofOptions(input, stripeCustomerId !== undefined),
  };
}

/** What is not asked for is left out: Stripe refuses some of them beside others even where they are false. */
function ofOptions(
  input: CheckoutSessionInput,
  isOfCustomer: boolean,
): Partial<Stripe.Checkout.SessionCreateParams> {
  const { customerEmail, allowPromotionCodes, discount, automaticTax, taxIdCollection, locale } = input;
  return {
    ...(customerEmail !== undefined && { customer_email: customerEmail }),
    ...(allowPromotionCodes && { allow_promotion_codes: true }),
    ...(discount && { discounts: [discountOf(discount)] }),
    ...(automaticTax && { automatic_tax: { enabled: true } }),
    ...(taxIdCollection && {
      tax_id_collection: {
        enabled: true,
        ...(taxIdCollection.required && { required: taxIdCollection.required }),
      },
    }),
    ...(locale !== undefined && { locale }),
    ...(isOfCustomer && customerUpdate(automaticTax, taxIdCollection !== undefined)),
  };
}

/**
 * Of a customer that is there already Stripe asks for leave to keep what the payer types: the business name of a tax
 * id (https://docs.stripe.com/tax/checkout/tax-ids), the address that tax is worked out by
 * (https://docs.stripe.com/tax/checkout#existing-customers).
 */
function customerUpdate(
  automaticTax: boolean,
  taxIds: boolean,
): Pick<Stripe.Checkout.SessionCreateParams, "customer_update"> {
  if (!automaticTax && !taxIds) return {};
  return { customer_update: { address: "auto", ...(taxIds && { name: "auto" }) } };
}

function discountOf({
  coupon,
  promotionCode,
}: NonNullable<CheckoutSessionInput["discount"]>): Stripe.Checkout.SessionCreateParams.Discount {
  return {
    ...(coupon !== undefined && { coupon }),
    ...(promotionCode !== undefined && { promotion_code: promotionCode }),
  };
}

/** Stripe does not copy a session's metadata to what it makes, which gets its own here. */
function ofMode(
  { mode, trialDays, currency }: CheckoutSessionInput,
  metadata: Record<string, string>,
  accountCurrency: string | null,
): Partial<Stripe.Checkout.SessionCreateParams> {
  if (mode === "payment") return { payment_intent_data: { metadata } };
  if (mode === "subscription") {
    const trial = trialDays === undefined ? {} : { trial_period_days: trialDays };
    return { subscription_data: { metadata, ...trial } };
  }
  const code = currency ?? accountCurrency;
  return { setup_intent_data: { metadata }, ...(code !== null && { currency: code.toLowerCase() }) };
}

function lineItem(line: CheckoutLine): Stripe.Checkout.SessionCreateParams.LineItem {
  return {
    ...(line.price !== undefined && { price: line.price }),
    ...(line.inlinePrice && { price_data: priceData(line.inlinePrice) }),
    ...(line.quantity !== undefined && { quantity: line.quantity }),
    ...(line.adjustableQuantity && { adjustable_quantity: adjustable(line.adjustableQuantity) }),
  };
}

function adjustable({
  minimum,
  maximum,
}: NonNullable<
  CheckoutLine["adjustableQuantity"]
>): Stripe.Checkout.SessionCreateParams.LineItem.AdjustableQuantity {
  return {
    enabled: true,
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}

function priceData(price: InlinePrice): Stripe.Checkout.SessionCreateParams.LineItem.PriceData {
  const { currency, unitAmountMinor, product, taxBehavior, recurring } = price;
  return {
    currency: currency.toLowerCase(),
    unit_amount: unitAmountMinor,
    product_data: {
      name: product.name,
      ...(product.description !== undefined && { description: product.description }),
      ...(product.images && { images: product.images }),
    },
    ...(taxBehavior && { tax_behavior: taxBehavior }),
    ...(recurring && {
      recurring: { interval: recurring.interval, interval_count: recurring.intervalCount },
    }),
  };
}
