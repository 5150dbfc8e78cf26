// The address that an invoice keeps for good: `{PUBLIC_URL}/pay/{token}`. A token says where the invoice is found, an
// environment and a moment, and 131 random bits say that its holder was given it. Nothing in it can be read back.

import { sha256HexSync } from "./sha256.ts";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
// Bytes from here on would make some digits likelier than others.
const FAIR = 256 - (256 % DIGITS.length);
const CODE = 9;
const TIME = 8;
const RANDOM = 22;
const TOKEN = new RegExp(`^[0-9A-Za-z]{${CODE + TIME + RANDOM}}$`);

/** A token for an invoice of this environment; each call makes another. @param createdAtMs the invoice's */
export function newPaymentToken(environmentId: string, createdAtMs: number): string {
  return `${paymentCode(environmentId)}${digitsOf(createdAtMs, TIME)}${randomDigits(RANDOM)}`;
}

/** Where a token's invoice would be; null for what was never a token of ours. */
export function readPaymentToken(token: string): { code: string; createdAtMs: number } | null {
  if (!TOKEN.test(token)) return null;
  const time = token.slice(CODE, CODE + TIME);
  const createdAtMs = [...time].reduce((sum, digit) => sum * DIGITS.length + DIGITS.indexOf(digit), 0);
  return { code: token.slice(0, CODE), createdAtMs };
}

/** What an environment is called in its tokens: it follows from its id, and does not show it. */
export function paymentCode(environmentId: string): string {
  // 52 bits: as many as nine digits hold and a number is exact for.
  return digitsOf(Number.parseInt(sha256HexSync(`pay/${environmentId}`).slice(0, 13), 16), CODE);
}

/**
 * Null for an invoice without a token, and where nobody has said under which origin we are reached.
 * @param token undefined in a message of before there were any
 */
export function paymentUrl(publicUrl: string | null, token: string | null | undefined): string | null {
  return publicUrl && token ? `${publicUrl}/pay/${token}` : null;
}

function digitsOf(number: number, length: number): string {
  let digits = "";
  for (let rest = number; digits.length < length; rest = Math.floor(rest / DIGITS.length))
    digits = `${DIGITS[rest % DIGITS.length]}${digits}`;
  return digits;
}

function randomDigits(length: number): string {
  let digits = "";
  while (digits.length < length) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    for (const byte of bytes) if (byte < FAIR) digits += DIGITS[byte % DIGITS.length];
  }
  return digits.slice(0, length);
}
