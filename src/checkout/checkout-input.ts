// What a caller asks to be paid for, in the words of the house. Types only.

import type { NamedPrice } from "../ledger/checkout/price-aliases.ts";
import type { TAX_BEHAVIORS } from "../platform/stripe-limits.ts";
import type { CHECKOUT_MODES } from "../platform/tables/checkout-sessions.ts";

export type CheckoutMode = (typeof CHECKOUT_MODES)[number];

/** A price made on the spot. */
export type InlinePrice = {
  /** ISO 4217, upper case. */
  currency: string;
  unitAmountMinor: number;
  product: { name: string; description: string | undefined; images: string[] | undefined };
  taxBehavior: (typeof TAX_BEHAVIORS)[number] | undefined;
  recurring: { interval: "day" | "week" | "month" | "year"; intervalCount: number } | undefined;
};

export type CheckoutLine = {
  /** Undefined for a metered price, which has none. */
  quantity: number | undefined;
  /** A price that is kept at Stripe, by its id or a name of ours; exactly one of the two is there. */
  price: string | undefined;
  /** What is known of it by its name, once that was looked up. */
  named?: (NamedPrice & { name: string }) | undefined;
  inlinePrice: InlinePrice | undefined;
  /** Between which quantities payers may choose; Stripe's own limits where left out. */
  adjustableQuantity?: { minimum: number | undefined; maximum: number | undefined } | undefined;
};

export type CheckoutSessionInput = {
  mode: CheckoutMode;
  customerId: string | undefined;
  lines: CheckoutLine[] | undefined;
  /** Mode setup alone; upper case. The account's own where left out. */
  currency: string | undefined;
  successUrl: string;
  cancelUrl: string;
  clientReferenceId: string | undefined;
  metadata: Record<string, string>;
  trialDays: number | undefined;
  /** Whose address Stripe's page begins with, where no customer is named. */
  customerEmail: string | undefined;
  allowPromotionCodes: boolean;
  /** By Stripe's ids; exactly one of the two is there. */
  discount: { coupon: string | undefined; promotionCode: string | undefined } | undefined;
  automaticTax: boolean;
  taxIdCollection: { required: "if_supported" | "never" | undefined } | undefined;
  /** The language of Stripe's page; the browser's where left out. */
  locale: string | undefined;
};
