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
  };
}

function priceData(price: InlinePrice): Stripe.Checkout.SessionCreateParams.LineItem.PriceData {
  const { currency, unitAmountMinor, product, recurring } = price;
  return {
    currency: currency.toLowerCase(),
    unit_amount: unitAmountMinor,
    product_data: {
      name: product.name,
      ...(product.description !== undefined && { description: product.description }),
      ...(product.images && { images: product.images }),
    },
    ...(recurring && {
      recurring: { interval: recurring.interval, interval_count: recurring.intervalCount },
    }),
  };
}
