// A mail as a file that mail programs open (RFC 5322 with MIME), to look at it as its reader will. Pure.

import type { EmailAddress } from "../platform/email-config.ts";
import { asTime } from "../platform/iso-time.ts";
import { byteLength } from "../platform/text.ts";
import { oneLine } from "./plain-text.ts";

export type FiledMail = {
  from: EmailAddress;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** ms */
  dateMs: number;
};

/** The file's text; ASCII with CRLF, whatever the mail holds. */
export function mailFile(mail: FiledMail): string {
  // A boundary cannot be in base64, which has no `=_` within.
  const boundary = "=_quittance_part";
  const part = (type: string, content: string) => [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    "",
    ...wrapped(base64(content)),
  ];
  const { name, email } = mail.from;
  return [
    `Date: ${new Date(asTime(mail.dateMs)).toUTCString().replace("GMT", "+0000")}`,
    `From: ${name === null ? "" : `${encodedWords(name)} `}<${oneLine(email)}>`,
    `To: <${oneLine(mail.to)}>`,
    `Subject: ${encodedWords(mail.subject)}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    ...part("text/plain", mail.text),
    ...part("text/html", mail.html),
    `--${boundary}--`,
    "",
  ].join("\r\n");
}

// An encoded word has at most 75 characters (RFC 2047): 45 bytes make 60, beside its 12 of frame.
const WORD_BYTES = 45;

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = "";
  for (const character of oneLine(text)) {
    if (byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((piece) => `=?utf-8?B?${base64(piece)}?=`).join("\r\n ");
}

function wrapped(text: string): string[] {
  return text.match(/.{1,76}/g) ?? [];
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
