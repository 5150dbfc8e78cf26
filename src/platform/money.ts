// The one place that knows how Stripe counts money: exponents, what can be charged, exact decimal strings.
// Integers and text only; no float ever holds an amount. Rules, lists and limits:
// https://docs.stripe.com/currencies (zero-decimal, special cases, minimum and maximum charge amounts) and
// https://docs.stripe.com/api/payment_intents/create (three decimals, eight digits).

// Stripe's zero-decimal currencies, not ISO's: ISK and UGX are counted in hundredths for old times' sake.
const ZERO_DECIMAL = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
const THREE_DECIMAL = new Set("BHD JOD KWD OMR TND".split(" "));
/** Counted with two decimals, which must be 00: the currency itself has none any more. */
const WHOLE_ONLY = new Set(["ISK", "UGX"]);

/**
 * Stripe's presentment currencies, ISO 4217, upper case. BGN and HRK went when their countries took the
 * euro. Which of them an account may charge is Stripe's to say; one that is not here nobody may.
 */
export const SUPPORTED_CURRENCIES: readonly string[] = (
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF " +
  "CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF " +
  "IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT " +
  "MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF " +
  "SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV " +
  "WST XAF XCD XCG XOF XPF YER ZAR ZMW"
).split(" ");

const supported = new Set(SUPPORTED_CURRENCIES);

// In minor units. Of the currencies without an entry Stripe documents no minimum of their own: there only the
// account's settlement currency decides, which nobody here knows.
const MINIMUM_MINOR: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "USD ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD ZAR"
      .split(" ")
      .map((currency) => [currency, 50]),
  ),
  GBP: 30,
  AED: 200,
  MYR: 200,
  PLN: 200,
  RON: 200,
  DKK: 250,
  NOK: 300,
  SEK: 300,
  HKD: 400,
  MXN: 1000,
  THB: 1000,
  CZK: 1500,
  HUF: 17_500,
};

// Cards alone may go to twelve digits, but the payer chooses the method on Stripe's page: the limit that
// holds for every method is the one that keeps the link payable.
const MAXIMUM_MINOR: Readonly<Record<string, number>> = {
  IDR: 999_999_999_999,
  COP: 9_999_999_999,
  INR: 999_999_999,
};
const MAXIMUM_MINOR_OTHERS = 99_999_999;

export type ChargeRule =
  | "currency_not_supported"
  | "amount_not_integer"
  | "amount_not_positive"
  | "amount_below_minimum"
  | "amount_above_maximum"
  | "last_digit_not_zero"
  | "decimals_not_zero";

export type Chargeable = { ok: true } | { ok: false; rule: ChargeRule; detail: string };
export type ParsedDecimal = { ok: true; amountMinor: number } | { ok: false; detail: string };

/** Whether Stripe charges in this currency at all. Any case. */
export function isSupportedCurrency(currency: string): boolean {
  return supported.has(currency.toUpperCase());
}

/** How many decimals Stripe's minor unit stands for: 0, 2 or 3. Any case; what is not listed has two. */
export function currencyExponent(currency: string): 0 | 2 | 3 {
  const code = currency.toUpperCase();
  return ZERO_DECIMAL.has(code) ? 0 : THREE_DECIMAL.has(code) ? 3 : 2;
}

/**
 * The amount in the major unit, with exactly as many decimals as the currency has: "129.00", "1500", "10.240".
 * @param amountMinor minor units as Stripe counts them; may be negative
 * @throws RangeError when it is not a safe integer
 */
export function formatDecimal(amountMinor: number, currency: string): string {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${amountMinor} is not an exact integer`);
  const exponent = currencyExponent(currency);
  const sign = amountMinor < 0 ? "-" : "";
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Reads a decimal string of the major unit ("129", "129.5", "-0.50") into minor units, exactly. Refuses
 * more decimals than the currency has rather than round, and anything but digits, a minus and a point.
 */
export function parseDecimal(text: string, currency: string): ParsedDecimal {
  const exponent = currencyExponent(currency);
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!parts) return { ok: false, detail: `"${text}" is not a decimal number such as "129.00".` };
  const [, sign = "", whole = "", decimals = ""] = parts;
  if (decimals.length > exponent) {
    return {
      ok: false,
      detail: `${currency.toUpperCase()} has ${count(exponent, "decimal")}, but "${text}" has ${decimals.length}.`,
    };
  }
  const amount = Number(whole + decimals.padEnd(exponent, "0"));
  if (!Number.isSafeInteger(amount)) return { ok: false, detail: `"${text}" is too large to be counted.` };
  return { ok: true, amountMinor: sign === "-" && amount !== 0 ? -amount : amount };
}

/**
 * The amount as people of a locale write it, for mails and pages: "€129.00", "￥1,500". Never parsed again.
 * @param locale a BCP 47 tag
 * @throws RangeError when the locale is malformed or the amount is not a safe integer
 */
export function formatForDisplay(amountMinor: number, currency: string, locale: string): string {
  const code = currency.toUpperCase();
  const digits = WHOLE_ONLY.has(code) && amountMinor % 100 === 0 ? 0 : currencyExponent(code);
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: code,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // Given as text, since a decimal string is exact where a division would not be.
  return format.format(formatDecimal(amountMinor, code) as Intl.StringNumericLiteral);
}

/**
 * Whether Stripe would take this amount as one charge; if not, by which rule, and what to send instead.
 * @param amountMinor minor units as Stripe counts them
 */
export function checkChargeable(amountMinor: number, currency: string): Chargeable {
  const code = currency.toUpperCase();
  if (!supported.has(code)) {
    return refuse("currency_not_supported", `Stripe does not charge in ${code}: use one of its currencies.`);
  }
  if (!Number.isSafeInteger(amountMinor)) {
    return refuse(
      "amount_not_integer",
      `An amount is a whole number of ${code} minor units: for ${formatDecimal(12_900, code)} send 12900.`,
    );
  }
  if (amountMinor <= 0) {
    return refuse("amount_not_positive", `${say(amountMinor, code)} cannot be charged: send more than 0.`);
  }
  return checkLimits(amountMinor, code) ?? checkLastDigits(amountMinor, code) ?? { ok: true };
}

function checkLimits(amountMinor: number, code: string): Chargeable | undefined {
  const minimum = MINIMUM_MINOR[code] ?? 1;
  const maximum = MAXIMUM_MINOR[code] ?? MAXIMUM_MINOR_OTHERS;
  if (amountMinor < minimum) {
    return refuse(
      "amount_below_minimum",
      `${say(amountMinor, code)} is below the least that Stripe charges: send at least ${minimum} (${say(minimum, code)}).`,
    );
  }
  if (amountMinor > maximum) {
    return refuse(
      "amount_above_maximum",
      `${say(amountMinor, code)} is above the most that Stripe charges at once: send at most ${maximum} (${say(maximum, code)}), or split the invoice.`,
    );
  }
}

function checkLastDigits(amountMinor: number, code: string): Chargeable | undefined {
  if (THREE_DECIMAL.has(code) && amountMinor % 10 !== 0) {
    return refuse(
      "last_digit_not_zero",
      `${code} amounts have three decimals and Stripe wants the last one to be 0: send ${neighbours(amountMinor, 10)}, not ${amountMinor}.`,
    );
  }
  if (WHOLE_ONLY.has(code) && amountMinor % 100 !== 0) {
    return refuse(
      "decimals_not_zero",
      `${code} has no decimals, though Stripe counts it in hundredths, so the last two digits must be 00: send ${neighbours(amountMinor, 100)}, not ${amountMinor}.`,
    );
  }
}

function neighbours(amountMinor: number, step: number): string {
  const below = amountMinor - (amountMinor % step);
  return below === 0 ? String(step) : `${below} or ${below + step}`;
}

function say(amountMinor: number, code: string): string {
  return `${formatDecimal(amountMinor, code)} ${code}`;
}

function count(number: number, noun: string): string {
  return number === 0 ? `no ${noun}s` : `${number} ${noun}s`;
}

function refuse(rule: ChargeRule, detail: string): Chargeable {
  return { ok: false, rule, detail };
}
