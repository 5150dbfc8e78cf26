// What Stripe can charge: its currencies, the least and the most, and the digits that must be 0.
// https://docs.stripe.com/currencies

import { chargeLimits, SUPPORTED_CURRENCIES } from "../../src/platform/stripe-limits.ts";
import { invalidRequest } from "./errors.ts";
import type { Parameter } from "./parameters.ts";
import { string } from "./parameters.ts";

const CURRENCIES = SUPPORTED_CURRENCIES.map((code) => code.toLowerCase());

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const THREE_DECIMAL = "bhd jod kwd omr tnd".split(" ");
const SYMBOLS: Record<string, string> = {
  usd: "$",
  eur: "€",
  gbp: "£",
  jpy: "¥",
  hkd: "$",
  cad: "$",
  aud: "$",
};

/** A three-letter code in any case; read in lower case, as Stripe shows it. */
export function currency(): Parameter<string> {
  const code = string();
  return {
    parse(node, name) {
      const value = code.parse(node, name).toLowerCase();
      if (CURRENCIES.includes(value)) return value;
      const message = `Invalid currency: ${value}. Stripe currently supports these currencies: ${CURRENCIES.join(", ")}`;
      throw invalidRequest(message, { param: name });
    },
  };
}

/** Throws 400 when Stripe could not charge one unit at this amount, or give it back, in minor units. */
export function checkUnitAmount(amount: number, code: string, param: string): void {
  const { most, step } = chargeLimits(code.toUpperCase());
  if (amount > most) {
    const message = `Invalid unit_amount: must be less than or equal to ${most}`;
    throw invalidRequest(message, { code: "amount_too_large", param });
  }
  if (amount % step === 0) return;
  const message = `Invalid amount: amounts in ${code} must be evenly divisible by ${step}.`;
  throw invalidRequest(message, { param });
}

/** Throws 400 when a total, in minor units, is below the least or above the most that Stripe charges. */
export function checkTotal(total: number, code: string): void {
  const { least, most } = chargeLimits(code.toUpperCase());
  if (total < least) {
    const message = `The Checkout Session's total amount due must add up to at least ${shown(least, code)}`;
    throw invalidRequest(message, { code: "amount_too_small" });
  }
  if (total > most) {
    const message = `The Checkout Session's total amount due must be no more than ${shown(most, code)}`;
    throw invalidRequest(message, { code: "amount_too_large" });
  }
}

/** An amount in minor units as Stripe writes it in its errors: `$0.50 usd`. */
export function shown(amount: number, code: string): string {
  const exponent = ZERO_DECIMAL.includes(code) ? 0 : THREE_DECIMAL.includes(code) ? 3 : 2;
  return `${SYMBOLS[code] ?? ""}${(amount / 10 ** exponent).toFixed(exponent)} ${code}`;
}
