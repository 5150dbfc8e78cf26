import { expect, it } from "vitest";
import { formatAmount } from "./format-amount.ts";

it.each([
  [12900, "eur", "€129.00"],
  [12900, "jpy", "¥12,900"],
  [500, "MGA", "MGA 500"],
  [12340, "kwd", "KWD 12.340"],
  [150000, "isk", "ISK 1,500"],
  [1050, "huf", "HUF 10.50"],
  [1050, "twd", "NT$10.50"],
  [-500, "usd", "-$5.00"],
])("%i %s is shown as %s, by Stripe's exponents and not by ISO's", (amountMinor, currency, shown) => {
  expect(formatAmount(amountMinor, currency).replaceAll("\u00a0", " ")).toBe(shown);
});
