// What tells the name of a price from an id of Stripe's, and what stands in a session's lines for each name. Pure.

import type { CheckoutRules, NamedPrice, PriceAliasRow } from "../ledger/checkout/price-aliases.ts";
import { AppError, type FieldError } from "../platform/app-error.ts";
import type { CheckoutLine } from "./checkout-input.ts";

// Stripe's prices, and the plans that came before them (https://docs.stripe.com/api/prices).
const STRIPE_PRICE = /^(price|plan)_/;
// `prod_` and `sku_` are pasted in the place of a price; the others of Stripe's ids end in many letters and digits.
const STRIPE_ID = /^(price|plan|prod|sku)_|^[a-z]{2,}_(test_|live_)?(?=[A-Za-z]*\d)[A-Za-z0-9]{14,}$/;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What is wrong with a name for a price, in a sentence; null for nothing. */
export function priceNameProblem(name: string): string | null {
  if (STRIPE_ID.test(name))
    return "It looks like an id of Stripe's. Give a name of your own, such as starter or pro-monthly.";
  if (NAME.test(name)) return null;
  return "A name is 1 to 64 small letters, digits or . _ - and begins with a letter or digit, such as starter.";
}

/** The names among the prices of these lines. */
export function namesIn(lines: readonly CheckoutLine[]): string[] {
  const names = lines.flatMap(({ price }) =>
    price === undefined || STRIPE_PRICE.test(price) ? [] : [price],
  );
  return [...new Set(names)];
}

/** The lines with Stripe's own ids, and the places of names that stand for nothing. */
export function withPrices(
  lines: readonly CheckoutLine[],
  { found, known }: Pick<CheckoutRules, "found" | "known">,
): { lines: CheckoutLine[]; errors: FieldError[] } {
  const names = namesIn(lines);
  const priceOf = new Map(found.map((row) => [row.id, row]));
  const errors = lines.flatMap(({ price }, index) => {
    if (price === undefined || !names.includes(price) || priceOf.has(price)) return [];
    return [{ path: `line_items[${index}].price`, message: unknownName(price, known) }];
  });
  return { lines: lines.map((line) => withPrice(line, priceOf.get(line.price ?? ""))), errors };
}

/**
 * Stripe's refusal of a price, with the name that the caller knows it by: it may have been archived since it was
 * named, or another account may be connected.
 */
export function withNames(error: unknown, lines: readonly CheckoutLine[]): unknown {
  if (!(error instanceof AppError) || error.code !== "stripe_refused") return error;
  const [place] = error.errors ?? [];
  const index = /^line_items\[(\d+)\]\.price$/.exec(place?.path ?? "")?.[1];
  const named = index === undefined ? undefined : lines[Number(index)]?.named;
  if (!place || !named) return error;
  const message = `${place.message} '${named.name}' stands for it: give the name another price with PUT /api/v1/price_aliases/${named.name}.`;
  return new AppError(error.code, { detail: message, errors: [{ ...place, message }], cause: error.cause });
}

function withPrice(line: CheckoutLine, alias: PriceAliasRow | undefined): CheckoutLine {
  return alias ? { ...line, price: alias.priceId, named: { ...alias, name: alias.id } } : line;
}

function unknownName(name: string, known: readonly string[]): string {
  const there = known.length === 0 ? "No price has a name yet." : `There are: ${known.join(", ")}.`;
  const make =
    priceNameProblem(name) === null
      ? `Name it with PUT /api/v1/price_aliases/${name}, or give`
      : "Give a name, or";
  return `No price is named '${name}' in this environment. ${there} ${make} an id of Stripe's, which begins with price_.`;
}

/** How often a price is paid, for a sentence: "every 3 months". */
export function recurs({ interval, intervalCount }: Pick<NamedPrice, "interval" | "intervalCount">): string {
  return intervalCount === 1 || intervalCount === null
    ? `every ${interval}`
    : `every ${intervalCount} ${interval}s`;
}
