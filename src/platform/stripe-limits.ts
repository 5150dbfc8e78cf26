// What Stripe takes in each field that is passed on to it. The doors, settings, links, refunds and the tests' sandbox
// all read it here, so that what a door has let through is not refused by Stripe days later. Pure.
// Where no other source is named, it is `maxLength` in Stripe's OpenAPI document, latest/openapi.spec3.json of
// https://github.com/stripe/openapi, or the words of the types made from it (stripe 23.1).

/** In characters: Stripe counts code points. */
export const MOST_CHARACTERS = {
  customerName: 256,
  customerEmail: 512,
  // "must be at most 20 characters" (https://github.com/odoo/odoo/pull/109728)
  customerPhone: 20,
  addressPart: 5000,
  // https://docs.stripe.com/changelog/2018-10-31/names-products-character-limit
  productName: 250,
  productDescription: 40_000,
  imageUrl: 2048,
  /** No text of Stripe's own is longer, but a description of a product. */
  stripeText: 5000,
  /** Of an id that Stripe makes (https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backward-compatible). */
  stripeId: 255,
  clientReference: 200,
  /** Where a checkout session sends its payer. */
  returnUrl: 5000,
  /** Where a payment link sends its payer. */
  redirectUrl: 2048,
  confirmationMessage: 500,
  inactiveMessage: 500,
  intentDescription: 1000,
  statementDescriptor: 22,
  // https://docs.stripe.com/api/metadata
  metadataKey: 40,
  metadataValue: 500,
  // https://docs.stripe.com/api/idempotent_requests
  idempotencyKey: 255,
} as const;

export const MOST = {
  // https://docs.stripe.com/api/metadata
  metadataKeys: 50,
  // https://docs.stripe.com/api/payment-link/create
  linkLines: 20,
  // https://docs.stripe.com/api/checkout/sessions/create, in mode payment
  sessionLines: 100,
  /** In mode subscription: so many that recur, and as many that are paid once. */
  sessionLinesOfAKind: 20,
  // https://docs.stripe.com/api/payment-link/create#create_payment_link-line_items-quantity
  quantity: 999_999,
  images: 8,
  /** "Currently, only up to one may be specified." */
  discounts: 1,
  trialDays: 730,
  /** Three years from one bill to the next. */
  intervals: { day: 1095, week: 156, month: 36, year: 3 },
} as const;

// https://docs.stripe.com/payments/checkout/adjustable-quantity; at a maximum of 1 there would be nothing to change.
export const ADJUSTABLE = { minimum: 0, maximum: 99, leastMaximum: 2 } as const;

export const TAX_BEHAVIORS = ["exclusive", "inclusive", "unspecified"] as const;

/** Of a checkout session, in seconds from when it is made: `expires_at`. */
export const SESSION_SECONDS = { least: 30 * 60, most: 24 * 60 * 60 } as const;

// Keys of ours stand beside a caller's own: three on a customer, five on an invoice's link, of which each payment
// and session has four or three.
export const MOST_CUSTOMER_KEYS = MOST.metadataKeys - 3;
export const MOST_INVOICE_KEYS = MOST.metadataKeys - 5;

/** `metadata[key]` is how a key goes to Stripe: it takes no square brackets in one. */
export function isMetadataKey(key: string): boolean {
  return !/[[\]]/.test(key);
}

// https://docs.stripe.com/get-started/account/statement-descriptors
const STATEMENT_DESCRIPTOR = /^(?=.*[A-Za-z])[\x20-\x7e]{5,22}$/;

/** Whether Stripe takes it on a payer's statement: 5 to 22 Latin characters, a letter, and none of < > \ ' " *. */
export function isStatementDescriptor(text: string): boolean {
  return STATEMENT_DESCRIPTOR.test(text) && !/[<>\\'"*]/.test(text);
}

export const REFUND_REASONS = ["duplicate", "fraudulent", "requested_by_customer"] as const;

// PaymentLinkCreateParams.PaymentMethodType. Which of them an account may use is Stripe's to say.
export const PAYMENT_METHOD_TYPES: readonly string[] = (
  "affirm afterpay_clearpay alipay alma au_becs_debit bacs_debit bancontact billie bizum blik boleto card " +
  "cashapp eps fpx giropay grabpay ideal klarna konbini link mb_way mobilepay multibanco oxxo p24 pay_by_bank " +
  "paynow paypal paypay payto pix promptpay satispay scalapay sepa_debit sequra sofort sunbit swish twint upi " +
  "us_bank_account wechat_pay zip"
).split(" ");

// Checkout.SessionCreateParams.Locale
export const LOCALES: readonly string[] = (
  "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt " +
  "pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
).split(" ");

// BillingPortal.SessionCreateParams.Locale
export const PORTAL_LOCALES: readonly string[] = (
  "auto bg cs da de el en en-AU en-CA en-GB en-IE en-IN en-NZ en-SG es es-419 et fi fil fr fr-CA hr hu id it ja ko lt " +
  "lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"
).split(" ");

// BillingPortal.SessionCreateParams.FlowData.Type, but the one that changes a subscription's items by itself.
export const PORTAL_FLOWS = [
  ...(["payment_method_update", "customer_update"] as const),
  ...(["subscription_cancel", "subscription_pause", "subscription_update"] as const),
] as const;

// ISO 3166-1 alpha-2, and the four more that Stripe knows (PaymentLinkCreateParams.ShippingAddressCollection).
export const COUNTRIES: readonly string[] = (
  "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY " +
  "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM " +
  "FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT " +
  "JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN " +
  "MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT " +
  "PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK " +
  "TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
).split(" ");

/**
 * Stripe's presentment currencies, ISO 4217, upper case (https://docs.stripe.com/currencies). BGN and HRK went when
 * their countries took the euro. Which of them an account may charge is Stripe's to say; one that is not here nobody may.
 */
export const SUPPORTED_CURRENCIES: readonly string[] = (
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF " +
  "CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF " +
  "IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT " +
  "MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF " +
  "SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV " +
  "WST XAF XCD XCG XOF XPF YER ZAR ZMW"
).split(" ");

/** No amount that Stripe knows has more than twelve digits, in whatever currency. Minor units. */
export const MOST_AMOUNT_MINOR = 999_999_999_999;

// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, in minor units. Of the currencies without
// an entry no minimum is documented: there the account's settlement currency decides, which nobody here knows.
const LEAST_CHARGE: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "USD ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD ZAR"
      .split(" ")
      .map((currency) => [currency, 50]),
  ),
  ...{ GBP: 30, AED: 200, MYR: 200, PLN: 200, RON: 200, DKK: 250, NOK: 300, SEK: 300, HKD: 400 },
  ...{ MXN: 1000, THB: 1000, CZK: 1500, HUF: 17_500 },
};

// Eight digits (https://docs.stripe.com/api/payment_intents/create), with three exceptions. Cards alone may go
// further, but the payer chooses the method on Stripe's page: what holds for every method keeps a link payable.
const MOST_CHARGE: Readonly<Record<string, number>> = {
  IDR: MOST_AMOUNT_MINOR,
  COP: 9_999_999_999,
  INR: 999_999_999,
};

// https://docs.stripe.com/currencies#three-decimal: the last digit must be 0. ISK and UGX are counted with two
// decimals that must be 00 (#special-cases); so are HUF and TWD, but in payouts alone.
const STEP: Readonly<Record<string, number>> = {
  ...{ BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10 },
  ...{ ISK: 100, UGX: 100 },
};

/**
 * What Stripe charges or refunds at once in a currency: at least, at most, and only multiples of `step`. Minor units.
 * A refund has no least.
 * @param currency upper case
 */
export function chargeLimits(currency: string): { least: number; most: number; step: number } {
  return {
    least: LEAST_CHARGE[currency] ?? 1,
    most: MOST_CHARGE[currency] ?? 99_999_999,
    step: STEP[currency] ?? 1,
  };
}
