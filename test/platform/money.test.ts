import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkChargeable,
  currencyExponent,
  formatDecimal,
  formatForDisplay,
  isSupportedCurrency,
  parseDecimal,
} from "../../src/platform/money.ts";
import { SUPPORTED_CURRENCIES } from "../../src/platform/stripe-limits.ts";

const anyCurrency = fc.constantFrom(...SUPPORTED_CURRENCIES);
const anyAmount = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

describe("decimal strings", () => {
  test("every Stripe currency times random amounts round-trips exactly", () => {
    for (const currency of SUPPORTED_CURRENCIES) {
      fc.assert(
        fc.property(anyAmount, (amountMinor) => {
          const text = formatDecimal(amountMinor, currency);
          expect(parseDecimal(text, currency)).toEqual({ ok: true, amountMinor });
        }),
        {
          numRuns: 50,
          examples: [[0], [1], [-1], [9], [10], [99], [100], [-100], [Number.MAX_SAFE_INTEGER]],
        },
      );
    }
  });

  test("a decimal string is worth its amount by integer arithmetic alone", () => {
    fc.assert(
      fc.property(anyCurrency, anyAmount, (currency, amountMinor) => {
        const digits = formatDecimal(amountMinor, currency).replace(".", "");
        expect(BigInt(digits)).toBe(BigInt(amountMinor));
      }),
    );
  });

  test.each([
    [12_900, "EUR", "129.00"],
    [5, "EUR", "0.05"],
    [-5, "EUR", "-0.05"],
    [0, "EUR", "0.00"],
    [-12_900, "usd", "-129.00"],
    [1500, "JPY", "1500"],
    [-1500, "JPY", "-1500"],
    [0, "KRW", "0"],
    [10_240, "KWD", "10.240"],
    [7, "KWD", "0.007"],
    [500, "ISK", "5.00"],
    [500, "UGX", "5.00"],
    [17_500, "HUF", "175.00"],
    [9_007_199_254_740_991, "USD", "90071992547409.91"],
  ])("%i %s reads %s", (amountMinor, currency, text) => {
    expect(formatDecimal(amountMinor, currency)).toBe(text);
  });

  test.each([
    [Number.NaN, "0.00"],
    [Number.POSITIVE_INFINITY, "0.00"],
    [1.5, "0.01"],
    [-(2 ** 53), "-90071992547409.92"],
    [1e21, "10000000000000000000.00"],
  ])("%d, which no door takes, is shown all the same", (amount, text) => {
    expect(formatDecimal(amount, "EUR")).toBe(text);
  });

  test("no amount, currency or locale that is stored makes showing it fail", () => {
    fc.assert(
      fc.property(fc.double(), fc.string(), fc.string(), (amount, currency, locale) => {
        expect(formatForDisplay(amount, currency, locale)).not.toBe("");
      }),
    );
  });

  test.each([
    ["129", "EUR", 12_900],
    ["129.5", "EUR", 12_950],
    ["-0.00", "EUR", 0],
    ["1500", "jpy", 1500],
    ["10.24", "KWD", 10_240],
    ["0007.10", "EUR", 710],
  ])("reads %s %s as %i", (text, currency, amountMinor) => {
    const parsed = parseDecimal(text, currency);
    expect(parsed).toEqual({ ok: true, amountMinor });
    expect(parsed.ok && Object.is(parsed.amountMinor, -0)).toBe(false);
  });

  test.each([
    "129.005",
    "1e3",
    "1,000",
    " 1",
    "+1",
    "1.",
    ".5",
    "",
    "-",
    "0x10",
    "١",
    "1.2.3",
    "99999999999999999",
  ])("refuses %j rather than round or guess", (text) => {
    expect(parseDecimal(text, "EUR")).toMatchObject({ ok: false, detail: expect.stringMatching(/\.$/) });
  });

  test("a yen has no decimals to be given", () => {
    expect(parseDecimal("1500.0", "JPY")).toEqual({
      ok: false,
      detail: 'JPY has no decimals, but "1500.0" has 1.',
    });
  });
});

describe("exponents", () => {
  test("are Stripe's, not ISO's", () => {
    const zero = SUPPORTED_CURRENCIES.filter((currency) => currencyExponent(currency) === 0);
    expect(zero.join(" ")).toBe("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF");
    const three = SUPPORTED_CURRENCIES.filter((currency) => currencyExponent(currency) === 3);
    expect(three.join(" ")).toBe("BHD JOD KWD OMR TND");
    for (const currency of ["ISK", "UGX", "HUF", "TWD"]) expect(currencyExponent(currency)).toBe(2);
  });

  test("do not depend on the case", () => {
    expect(currencyExponent("jpy")).toBe(0);
    expect(isSupportedCurrency("eur")).toBe(true);
    expect(isSupportedCurrency("XYZ")).toBe(false);
  });

  test("every supported currency is there once, in upper case", () => {
    expect(new Set(SUPPORTED_CURRENCIES).size).toBe(SUPPORTED_CURRENCIES.length);
    expect(SUPPORTED_CURRENCIES.every((currency) => /^[A-Z]{3}$/.test(currency))).toBe(true);
    expect(SUPPORTED_CURRENCIES.length).toBeGreaterThan(135);
  });
});

describe("what Stripe would refuse is refused with the rule and the remedy", () => {
  test.each([
    [0, "EUR", "amount_not_positive"],
    [-100, "EUR", "amount_not_positive"],
    [10.5, "EUR", "amount_not_integer"],
    [100, "XYZ", "currency_not_supported"],
    [100, "BGN", "currency_not_supported"],
    [49, "USD", "amount_below_minimum"],
    [29, "GBP", "amount_below_minimum"],
    [49, "JPY", "amount_below_minimum"],
    [299, "SEK", "amount_below_minimum"],
    [249, "DKK", "amount_below_minimum"],
    [399, "HKD", "amount_below_minimum"],
    [999, "MXN", "amount_below_minimum"],
    [999, "THB", "amount_below_minimum"],
    [1499, "CZK", "amount_below_minimum"],
    [17_499, "HUF", "amount_below_minimum"],
    [199, "AED", "amount_below_minimum"],
    [100_000_000, "USD", "amount_above_maximum"],
    [100_000_000, "JPY", "amount_above_maximum"],
    [1_000_000_000_000, "IDR", "amount_above_maximum"],
    [10_000_000_000, "COP", "amount_above_maximum"],
    [1_000_000_000, "INR", "amount_above_maximum"],
    [10_245, "KWD", "last_digit_not_zero"],
    [501, "ISK", "decimals_not_zero"],
    [550, "UGX", "decimals_not_zero"],
  ])("%d %s: %s", (amountMinor, currency, rule) => {
    expect(checkChargeable(amountMinor, currency)).toMatchObject({ ok: false, rule });
  });

  test.each([
    [50, "USD"],
    [30, "GBP"],
    [50, "JPY"],
    [17_500, "HUF"],
    [17_501, "HUF"],
    [1, "PEN"],
    [99_999_999, "USD"],
    [999_999_999_999, "IDR"],
    [9_999_999_999, "COP"],
    [999_999_999, "INR"],
    [10_240, "KWD"],
    [500, "ISK"],
    [500, "ugx"],
    [101, "TWD"],
  ])("%d %s can be charged", (amountMinor, currency) => {
    expect(checkChargeable(amountMinor, currency)).toEqual({ ok: true });
  });

  test("each refusal says what to send instead", () => {
    const detail = (amountMinor: number, currency: string) => {
      const result = checkChargeable(amountMinor, currency);
      return result.ok ? "" : result.detail;
    };
    expect(detail(10_245, "KWD")).toBe(
      "KWD amounts have three decimals and Stripe wants the last one to be 0: send 10240 or 10250, not 10245.",
    );
    expect(detail(5, "KWD")).toContain("send 10, not 5.");
    expect(detail(501, "ISK")).toContain("send 500 or 600, not 501.");
    expect(detail(10, "USD")).toBe(
      "0.10 USD is below the least that Stripe charges: send at least 50 (0.50 USD).",
    );
    expect(detail(100_000_000, "USD")).toContain("send at most 99999999 (999999.99 USD)");
    expect(detail(1.5, "JPY")).toContain("for 12900 send 12900");
  });

  test("what is refused for its last digits can be charged as told", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("BHD", "JOD", "KWD", "OMR", "TND", "ISK", "UGX"),
        fc.integer({ min: 1, max: 99_999_000 }),
        (currency, amountMinor) => {
          const refusal = checkChargeable(amountMinor, currency);
          if (refusal.ok) return;
          const [, remedy = ""] = /send ([\d or]+), not/.exec(refusal.detail) ?? [];
          for (const told of remedy.split(" or "))
            expect(checkChargeable(Number(told), currency)).toEqual({ ok: true });
        },
      ),
    );
  });
});

describe("display", () => {
  const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

  test.each([
    [12_900, "EUR", "en", "€129.00"],
    [12_900, "EUR", "de", "129,00 €"],
    [1500, "JPY", "en", "¥1,500"],
    [10_240, "KWD", "en", "KWD 10.240"],
    [500, "UGX", "en", "UGX 5"],
    [550, "ISK", "en", "ISK 5.50"],
    [12_345, "HUF", "en", "HUF 123.45"],
    [-12_900, "EUR", "en", "-€129.00"],
    [Number.MAX_SAFE_INTEGER, "USD", "en", "$90,071,992,547,409.91"],
  ])("%d %s in %s reads %s", (amountMinor, currency, locale, text) => {
    expect(plain(formatForDisplay(amountMinor, currency, locale))).toBe(text);
  });
});
