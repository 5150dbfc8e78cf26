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
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case LIST:
      case OBJECT:
        level += 1;
        values += 1;
        if (level > MOST_LEVELS) return `It is nested more than ${MOST_LEVELS} levels deep.`;
        break;
      case LIST_ENDS:
      case OBJECT_ENDS:
        level -= 1;
        break;
      case COMMA:
        values += 1;
        break;
    }
    if (values > mostValues) return `It holds more than ${mostValues.toLocaleString("en")} values.`;
  }
  return null;
}

// As numbers, and a string's end by the engine's own search: every event is measured.
const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [LIST, LIST_ENDS, OBJECT, OBJECT_ENDS] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where the string ends that begins here. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}
