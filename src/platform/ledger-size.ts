// How much an environment can hold, and when that is worth a word.

/** What Cloudflare lets a Durable Object's database grow to (https://developers.cloudflare.com/durable-objects/platform/limits/). */
export const MOST_LEDGER_BYTES = 10_000_000_000;

/** From here on there is time to do something about it, and reason to. */
export const LEDGER_FILLS_AT_BYTES = MOST_LEDGER_BYTES * 0.7;

/** What to say of an environment that is filling up; null for any other. */
export function sizeWarning(bytes: number): string | null {
  if (bytes <= LEDGER_FILLS_AT_BYTES) return null;
  const [held, most] = [bytes, MOST_LEDGER_BYTES].map((size) => (size / 1e9).toFixed(1).replace(/\.0$/, ""));
  return (
    `This environment holds ${held} GB, of ${most} that it can: then nothing more is taken in. ` +
    "Shorten RETENTION_DAYS, or go on in a new environment."
  );
}
