// Shows an amount as a payer reads it. It knows Stripe's exponents by itself, so that the sandbox never
// proves the Worker's table by that same table. https://docs.stripe.com/currencies#zero-decimal

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const THREE_DECIMAL = "bhd jod kwd omr tnd".split(" ");
/** Counted in hundredths by Stripe for old times' sake, though nobody writes their decimals. */
const WRITTEN_WITHOUT_DECIMALS = "isk ugx".split(" ");

/** `amountMinor` is in the currency's minor unit as Stripe counts it; `currency` in any case. */
export function formatAmount(amountMinor: number, currency: string): string {
  const code = currency.toLowerCase();
  const exponent = ZERO_DECIMAL.includes(code) ? 0 : THREE_DECIMAL.includes(code) ? 3 : 2;
  const digits = WRITTEN_WITHOUT_DECIMALS.includes(code) && amountMinor % 100 === 0 ? 0 : exponent;
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency: code.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountMinor / 10 ** exponent);
}
