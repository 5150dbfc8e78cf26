// By what a mail is found again when its provider reports on it: whose it is and which, in the tags or metadata that
// go with it. Both providers limit names, values and characters (https://resend.com/docs/api-reference/emails/send-email,
// https://postmarkapp.com/developer/user-guide/send-email-with-api), so it is one text in base64url, in pieces. Pure.

import { OWN_ID } from "./ids.ts";
import type { Scope } from "./scope.ts";
import { sha256HexSync } from "./sha256.ts";

export type MailReference = {
  scope: Scope;
  /** When the mail was wanted, ms: mails are found along that. */
  createdAtMs: number;
  /** Of the mail's id, which may be longer than any value. */
  digest: string;
};

const NAME = "quittance_";
const MOST_CHARACTERS = 80;
const MOST_PIECES = 8;

export function digestOfMail(mailId: string): string {
  return sha256HexSync(mailId).slice(0, 24);
}

/** `{quittance_0: "…", quittance_1: "…"}`, the same for every try of a mail. */
export function writeReference(
  { tenantId, environmentId }: Scope,
  mail: { id: string; createdAtMs: number },
): Record<string, string> {
  const text = btoa([tenantId, environmentId, mail.createdAtMs, digestOfMail(mail.id)].join("\n"))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  const pieces = text.match(new RegExp(`.{1,${MOST_CHARACTERS}}`, "g")) ?? [];
  return Object.fromEntries(pieces.map((piece, index) => [`${NAME}${index}`, piece]));
}

/** Null for a mail that is not ours. */
export function readReference(values: Readonly<Record<string, unknown>>): MailReference | null {
  const pieces: string[] = [];
  for (let index = 0; index < MOST_PIECES; index++) {
    const piece = values[`${NAME}${index}`];
    if (typeof piece !== "string" || piece.length > MOST_CHARACTERS) break;
    pieces.push(piece);
  }
  const [tenantId = "", environmentId = "", createdAt = "", digest = "", ...more] = decode(
    pieces.join(""),
  ).split("\n");
  const isOurs = OWN_ID.test(tenantId) && OWN_ID.test(environmentId) && /^\d{1,15}$/.test(createdAt);
  if (!isOurs || !/^[0-9a-f]{24}$/.test(digest) || more.length > 0) return null;
  return { scope: { tenantId, environmentId }, createdAtMs: Number(createdAt), digest };
}

function decode(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}
