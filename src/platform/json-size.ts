// Whether a JSON text is more than anybody needs, counted along the text in one pass: what it says is not made into
// values before. Pure.

import { MOST_LEVELS } from "./bounds.ts";

/**
 * What is too much about a JSON text, in a sentence; null for nothing. A text that is no JSON is measured as well, and
 * is refused by whoever parses it.
 * @param mostValues in all its lists and objects together
 */
export function jsonSizeProblem(text: string, mostValues: number): string | null {
  let values = 1;
  let level = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case "[":
      case "{":
        level += 1;
        values += 1;
        if (level > MOST_LEVELS) return `It is nested more than ${MOST_LEVELS} levels deep.`;
        break;
      case "]":
      case "}":
        level -= 1;
        break;
      case ",":
        values += 1;
        break;
    }
    if (values > mostValues) return `It holds more than ${mostValues.toLocaleString("en")} values.`;
  }
  return null;
}

/** Where the string ends that begins here. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
