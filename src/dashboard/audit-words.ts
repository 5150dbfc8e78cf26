// What an entry of a log says of a change, as people read it: amounts with their currency, moments in the
// environment's time zone. Pure.

import { isSupportedCurrency } from "../platform/money.ts";
import { DEFAULT_TIME_ZONE } from "../platform/time-zone.ts";
import { moneyText } from "./parts/money.tsx";
import { wordsOf } from "./status-words.ts";
import { exactTime } from "./time-words.ts";

/** `Name: Stripe → Stripe EU, Amount: €50.00`; values that were not set are left out. */
export function detailWords(detail: Record<string, unknown>, timeZone: string = DEFAULT_TIME_ZONE): string {
  const currency = currencyOf(detail.currency);
  const words: Words = (name, value) => valueWords(name, value, currency, timeZone);
  return Object.entries(detail)
    .filter(([name, value]) => value !== null && !(name === "currency" && currency !== null))
    .map(([name, value]) => `${wordsOf(name)}: ${changeWords(name, value, words)}`)
    .join(", ");
}

type Words = (name: string, value: unknown) => string;

function currencyOf(currency: unknown): string | null {
  return typeof currency === "string" && isSupportedCurrency(currency.toUpperCase())
    ? currency.toUpperCase()
    : null;
}

function changeWords(name: string, value: unknown, words: Words): string {
  if (typeof value !== "object" || value === null) return words(name, value);
  const [from, to] = ["from" in value ? value.from : null, "to" in value ? value.to : null];
  return `${words(name, from)} → ${words(name, to)}`;
}

function valueWords(name: string, value: unknown, currency: string | null, timeZone: string): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))
    return exactTime(Date.parse(value), timeZone);
  const isAmount = typeof value === "number" && Number.isSafeInteger(value) && /amount/.test(name);
  return isAmount && currency !== null ? moneyText(value, currency) : String(value);
}
