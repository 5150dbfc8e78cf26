// What an entry of a log says of a change, as people read it: amounts with their currency. Pure.

import { isSupportedCurrency } from "../platform/money.ts";
import { moneyText } from "./parts/money.tsx";
import { wordsOf } from "./status-words.ts";

/** `Name: Stripe → Stripe EU, Amount: €50.00`; values that were not set are left out. */
export function detailWords(detail: Record<string, unknown>): string {
  const currency = currencyOf(detail.currency);
  return Object.entries(detail)
    .filter(([name, value]) => value !== null && !(name === "currency" && currency !== null))
    .map(([name, value]) => `${wordsOf(name)}: ${changeWords(name, value, currency)}`)
    .join(", ");
}

function currencyOf(currency: unknown): string | null {
  return typeof currency === "string" && isSupportedCurrency(currency.toUpperCase())
    ? currency.toUpperCase()
    : null;
}

function changeWords(name: string, value: unknown, currency: string | null): string {
  if (typeof value !== "object" || value === null) return valueWords(name, value, currency);
  const [from, to] = ["from" in value ? value.from : null, "to" in value ? value.to : null];
  return `${valueWords(name, from, currency)} → ${valueWords(name, to, currency)}`;
}

function valueWords(name: string, value: unknown, currency: string | null): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  const isAmount = typeof value === "number" && Number.isSafeInteger(value) && /amount/.test(name);
  return isAmount && currency !== null ? moneyText(value, currency) : String(value);
}
