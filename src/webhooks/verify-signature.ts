// Verifies Stripe-Signature over the raw body: Stripe's own verifier with WebCrypto, and our own check of
// the time, which that verifier does not do for stamps ahead. A blank secret never verifies.

import Stripe from "stripe";

/** Five minutes either way, as Stripe's libraries allow for late ones. */
export const TOLERANCE_SECONDS = 300;

const cryptoProvider = Stripe.createSubtleCryptoProvider();

export type Verification = { ok: true } | { ok: false; reason: SignatureProblem };

/** For logs and counters only: whoever sent it is always told the same. */
export type SignatureProblem =
  | "no_header"
  | "no_timestamp"
  | "stale"
  | "no_signature"
  | "no_secret"
  | "no_match";

declare const isTimely: unique symbol;
/** A header that somebody may have signed: {@link readHeader} alone makes it. */
export type TimelyHeader = string & { readonly [isTimely]: true };

/**
 * @param rawBody exactly what arrived: one space more and it is refused
 * @param secrets every signing secret that is valid now; each `v1` in the header is tried against each
 * @param nowMs ms
 */
export async function verifySignature(
  rawBody: string,
  header: TimelyHeader,
  secrets: readonly string[],
  nowMs: number,
): Promise<Verification> {
  const usable = secrets.filter((secret) => secret.trim() !== "");
  if (usable.length === 0) return { ok: false, reason: "no_secret" };
  for (const secret of usable) {
    if (await isSignedWith(rawBody, header, secret, nowMs)) return { ok: true };
  }
  return { ok: false, reason: "no_match" };
}

/** Refuses what nobody can have signed, whatever the secrets are: before any of them is looked at. @param nowMs ms */
export function readHeader(
  header: string | undefined,
  nowMs: number,
): { ok: true; header: TimelyHeader } | { ok: false; reason: SignatureProblem } {
  if (!header) return { ok: false, reason: "no_header" };
  if (header.length > MOST_CHARACTERS) return { ok: false, reason: "no_signature" };
  const timestamp = timestampOf(header);
  if (timestamp === null) return { ok: false, reason: "no_timestamp" };
  if (Math.abs(nowMs / 1000 - timestamp) > TOLERANCE_SECONDS) return { ok: false, reason: "stale" };
  if (!SIGNATURE.test(header)) return { ok: false, reason: "no_signature" };
  return { ok: true, header: header as TimelyHeader };
}

// Stripe signs once with each secret of an endpoint, of which there are two while one is rolled: 200 characters.
const MOST_CHARACTERS = 1_000;
// An HMAC-SHA256 in hexadecimal (https://docs.stripe.com/webhooks#verify-manually).
const SIGNATURE = /(?:^|,)\s*v1=[0-9a-f]{64}\s*(?:,|$)/;

/** The body is not parsed: what it says is for the consumer to read. */
async function isSignedWith(
  rawBody: string,
  header: TimelyHeader,
  secret: string,
  nowMs: number,
): Promise<boolean> {
  try {
    const { signature } = Stripe.webhooks;
    return Boolean(
      await signature?.verifyHeaderAsync(rawBody, header, secret, TOLERANCE_SECONDS, cryptoProvider, nowMs),
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}

/** The `t=` of the header in seconds. Two of them, or anything but digits, is nobody's signature. */
function timestampOf(header: string): number | null {
  const stamps = header.split(",").filter((part) => part.trim().startsWith("t="));
  const [only] = stamps;
  if (only === undefined || stamps.length > 1) return null;
  const digits = only.trim().slice(2);
  return /^\d{1,12}$/.test(digits) ? Number(digits) : null;
}
