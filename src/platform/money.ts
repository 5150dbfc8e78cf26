// The one place that knows how Stripe counts money: exponents, what can be charged, exact decimal strings.
// Integers and text only; no float ever holds an amount. Nothing here throws: what is stored is always shown.
// Which currencies have how many decimals: https://docs.stripe.com/currencies

import { isLocale } from "./locale.ts";
import { chargeLimits, SUPPORTED_CURRENCIES } from "./stripe-limits.ts";

// Stripe's zero-decimal currencies, not ISO's: ISK and UGX are counted in hundredths for old times' sake.
const ZERO_DECIMAL = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
const THREE_DECIMAL = new Set("BHD JOD KWD OMR TND".split(" "));
const supported = new Set(SUPPORTED_CURRENCIES);

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
 * @param amountMinor minor units as Stripe counts them; may be negative. What no door takes, a fraction or infinity,
 * is cut to whole units or shown as 0: a list must not fail for one row.
 */
export function formatDecimal(amountMinor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const whole = Number.isFinite(amountMinor) ? BigInt(Math.trunc(amountMinor)) : 0n;
  const sign = whole < 0n ? "-" : "";
  const digits = String(whole < 0n ? -whole : whole).padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * A price in the major unit that may have fractions of a minor unit, exactly: half a cent is "0.005".
 * @param minorDecimal minor units, such as "0.5" or "4900"; what is no such number is shown as 0
 */
export function formatPriceDecimal(minorDecimal: string, currency: string): string {
  const [, whole = "0", fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(minorDecimal) ?? [];
  const exponent = currencyExponent(currency);
  const digits = whole.padStart(exponent + 1, "0");
  const decimals = digits.slice(digits.length - exponent) + withoutLastZeros(fraction);
  const units = String(BigInt(digits.slice(0, digits.length - exponent)));
  return decimals === "" ? units : `${units}.${decimals}`;
}

function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end -= 1;
  return digits.slice(0, end);
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
 * @param locale a BCP 47 tag; English where it is none
 */
export function formatForDisplay(amountMinor: number, currency: string, locale: string): string {
  const code = currency.toUpperCase();
  const decimal = formatDecimal(amountMinor, code);
  if (!/^[A-Z]{3}$/.test(code)) return `${decimal} ${code}`;
  const digits = isWholeOnly(code) && amountMinor % 100 === 0 ? 0 : currencyExponent(code);
  return display(decimal, digits, code, locale);
}

/**
 * A price as people of a locale write it, with all of its decimals: "€0.005".
 * @param minorDecimal minor units, such as "0.5"
 */
export function formatPriceForDisplay(minorDecimal: string, currency: string, locale: string): string {
  if (/^\d{1,15}$/.test(minorDecimal)) return formatForDisplay(Number(minorDecimal), currency, locale);
  const code = currency.toUpperCase();
  const decimal = formatPriceDecimal(minorDecimal, code);
  if (!/^[A-Z]{3}$/.test(code)) return `${decimal} ${code}`;
  return display(decimal, decimal.split(".")[1]?.length ?? 0, code, locale);
}

/** @param decimal in the major unit, as text: a decimal string is exact where a division would not be */
function display(decimal: string, digits: number, code: string, locale: string): string {
  const format = new Intl.NumberFormat(isLocale(locale) ? locale : "en", {
    style: "currency",
    currency: code,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(decimal as Intl.StringNumericLiteral);
}

/** Counted with two decimals, which must be 00: the currency itself has none any more. */
function isWholeOnly(code: string): boolean {
  return chargeLimits(code).step === 100;
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
  return checkLimits(amountMinor, code) ?? checkLastDigits(amountMinor, code);
}

function checkLimits(amountMinor: number, code: string): Chargeable | undefined {
  const { least: minimum, most: maximum } = chargeLimits(code);
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

/**
 * Whether Stripe charges or refunds amounts of this kind in the currency: whole ones, or ones that end in 0.
 * @param amountMinor minor units, a safe integer
 */
export function checkLastDigits(amountMinor: number, currency: string): Chargeable {
  const code = currency.toUpperCase();
  const { step } = chargeLimits(code);
  if (amountMinor % step === 0) return { ok: true };
  if (isWholeOnly(code)) {
    return refuse(
      "decimals_not_zero",
      `${code} has no decimals, though Stripe counts it in hundredths, so the last two digits must be 00: send ${neighbours(amountMinor, step)}, not ${amountMinor}.`,
    );
  }
  return refuse(
    "last_digit_not_zero",
    `${code} amounts have three decimals and Stripe wants the last one to be 0: send ${neighbours(amountMinor, step)}, not ${amountMinor}.`,
  );
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
