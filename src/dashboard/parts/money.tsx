// An amount as people write it. The locale is one for all, so that two people who compare see the same.

import { formatForDisplay, formatPriceForDisplay } from "../../platform/money.ts";

export function moneyText(amountMinor: number, currency: string): string {
  return formatForDisplay(amountMinor, currency, "en");
}

/** @param minorDecimal minor units, such as "0.5": a price may have fractions of them */
export function priceText(minorDecimal: string, currency: string): string {
  return formatPriceForDisplay(minorDecimal, currency, "en");
}

export function Money({ amountMinor, currency }: { amountMinor: number; currency: string }) {
  return <span class="money">{moneyText(amountMinor, currency)}</span>;
}
