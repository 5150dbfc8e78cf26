// Text from elsewhere made harmless for subjects, headers and the text part. Pure. A line break would end a
// header and begin another; marks of direction could show an address or an amount reversed.

import { countCharacters, cutText } from "../platform/text.ts";

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
// Marks of direction and what has no width; the joiner of emoji and of some scripts stays.
const INVISIBLE = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** One line without control characters. */
export function oneLine(text: string): string {
  return text.replace(BREAKS, " ").replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
}

/** The same with its own line breaks kept, and no more than one blank line in a row. */
export function cleanLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map(oneLine);
  return lines.filter((line, index) => line !== "" || (index > 0 && lines[index - 1] !== ""));
}

/** One line of at most so many characters, whole ones. */
export function shortLine(text: string, maxCharacters: number): string {
  const line = oneLine(text);
  return countCharacters(line) <= maxCharacters ? line : `${cutText(line, maxCharacters - 1)}…`;
}
