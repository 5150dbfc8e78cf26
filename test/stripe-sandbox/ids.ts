// Makes ids that look like Stripe's, so that code which checks or sorts them by shape is put to the test.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What stands between the prefix and the random part, and how long that part is. */
const SHAPES = {
  ba: ["1", 23],
  bps: ["1", 23],
  bpc: ["1", 23],
  ca: ["", 32],
  ch: ["3", 23],
  cs_live: ["a1", 56],
  cs_test: ["a1", 56],
  cus: ["", 14],
  du: ["1", 23],
  ed_test: ["", 32],
  evt: ["1", 23],
  il: ["1", 23],
  in: ["1", 23],
  inpay: ["1", 23],
  li: ["1", 23],
  mandate: ["1", 23],
  pi: ["3", 23],
  plink: ["1", 23],
  pm: ["1", 23],
  price: ["1", 23],
  prod: ["", 14],
  promo: ["1", 23],
  py: ["3", 23],
  pyr: ["1", 23],
  re: ["3", 23],
  req: ["", 14],
  seti: ["1", 23],
  si: ["", 14],
  sub: ["1", 23],
  txn: ["3", 23],
  we: ["1", 23],
  whsec: ["", 32],
} as const satisfies Record<string, readonly [string, number]>;

export type IdPrefix = keyof typeof SHAPES;

/** A fresh id, e.g. `pi_3Qx…`. Random, never guessable from another. */
export function newId(prefix: IdPrefix): string {
  const [version, length] = SHAPES[prefix];
  return `${prefix}_${version}${randomString(length)}`;
}

/** `length` letters and digits. */
export function randomString(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
