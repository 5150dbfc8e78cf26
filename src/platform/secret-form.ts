// Whether a secret of our own can hold 256 random bits, by its form: how long it is for the characters that it is made
// of, and whether they look as if nobody had chosen them. Pure; the secret is never repeated.

const BITS = 256;
// Of 64 hexadecimal digits or 43 characters of base64 so few are never the same.
const LEAST_DIFFERENT = 10;

/** What is wrong with it, as the rest of a sentence; null for nothing. */
export function weakSecretProblem(value: string): string | null {
  if (value.length * bitsOfCharacter(value) < BITS) return "is too short to hold 256 random bits";
  const codes = Array.from(value, (character) => character.codePointAt(0) ?? 0);
  return isRandom(codes, LEAST_DIFFERENT) ? null : "repeats too few characters to be random";
}

/** Whether bytes or characters may have been drawn: they are varied, do not repeat a piece and do not count up. */
export function isRandom(values: readonly number[], leastDifferent: number): boolean {
  if (new Set(values).size < leastDifferent) return false;
  const text = values.map((value) => String.fromCodePoint(value)).join("");
  if (`${text}${text}`.indexOf(text, 1) < text.length) return false;
  const neighbours = values.slice(1).filter((value, index) => Math.abs(value - (values[index] ?? 0)) <= 1);
  return neighbours.length <= values.length / 2;
}

function bitsOfCharacter(value: string): number {
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(value)) return 4;
  return /^[0-9a-z_-]+$|^[0-9A-Z_-]+$/.test(value) ? 5 : 6;
}
