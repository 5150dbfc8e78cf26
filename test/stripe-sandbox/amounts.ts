// What Stripe can charge: its currencies, the least and the most, and the digits that must be 0.
// https://docs.stripe.com/currencies

import { invalidRequest } from "./errors.ts";
import type { Parameter } from "./parameters.ts";
import { string } from "./parameters.ts";

/** In minor units. */
export const MAX_AMOUNT = 99_999_999;

const CURRENCIES = (
  "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf " +
  "clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr " +
  "ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr " +
  "mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd " +
  "shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar " +
  "zmw"
).split(" ");

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const THREE_DECIMAL = "bhd jod kwd omr tnd".split(" ");
/** Charged with two decimals that must be 00. */
const WHOLE_UNITS = "isk ugx".split(" ");

/** In minor units; other currencies must be worth about half a US dollar, which is not computed here. */
const MINIMUMS: Record<string, number> = {
  aed: 200,
  bgn: 100,
  czk: 1500,
  dkk: 250,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  mxn: 1000,
  myr: 200,
  nok: 300,
  pln: 200,
  ron: 200,
  sek: 300,
  thb: 1000,
};
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

/** Throws 400 when Stripe could not charge one unit at this amount, in minor units. */
export function checkUnitAmount(amount: number, code: string, param: string): void {
  const step = THREE_DECIMAL.includes(code) ? 10 : WHOLE_UNITS.includes(code) ? 100 : 1;
  if (amount % step === 0) return;
  const message = `Invalid amount: amounts in ${code} must be evenly divisible by ${step}.`;
  throw invalidRequest(message, { param });
}

/** Throws 400 when a total, in minor units, is below the least or above the most that Stripe charges. */
export function checkTotal(total: number, code: string): void {
  const least = MINIMUMS[code] ?? (THREE_DECIMAL.includes(code) ? 150 : 50);
  if (total < least) {
    const message = `The Checkout Session's total amount due must add up to at least ${shown(least, code)}`;
    throw invalidRequest(message, { code: "amount_too_small" });
  }
  if (total > MAX_AMOUNT) {
    const message = `The Checkout Session's total amount due must be no more than ${shown(MAX_AMOUNT, code)}`;
    throw invalidRequest(message, { code: "amount_too_large" });
  }
}

/** An amount in minor units as Stripe writes it in its errors: `$0.50 usd`. */
export function shown(amount: number, code: string): string {
  const exponent = ZERO_DECIMAL.includes(code) ? 0 : THREE_DECIMAL.includes(code) ? 3 : 2;
  return `${SYMBOLS[code] ?? ""}${(amount / 10 ** exponent).toFixed(exponent)} ${code}`;
}
