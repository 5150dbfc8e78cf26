// JSON to be read: indented, and coloured by kind. Every piece is text, escaped like any other. Whatever Stripe signed
// and however deep it is, a page shows the beginning of it and says how much there is.

import type { Child } from "hono/jsx";
import { MOST_VALUES } from "../../platform/bounds.ts";
import { jsonSizeProblem } from "../../platform/json-size.ts";
import { cutText } from "../../platform/text.ts";

// Stripe's payloads are some KiB; past this, colour would cost more than it tells.
const COLOURED_CHARACTERS = 64 * 1024;
const SHOWN_CHARACTERS = 256 * 1024;
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function JsonView({ json }: { json: string }) {
  const whole = indented(json);
  const text = cutText(whole.slice(0, SHOWN_CHARACTERS), SHOWN_CHARACTERS);
  return (
    <>
      <pre class="json">
        <code>{text.length > COLOURED_CHARACTERS ? text : coloured(text)}</code>
      </pre>
      {text.length < whole.length ? (
        <p class="pad muted">
          This is the beginning of {json.length.toLocaleString("en")} characters. The API answers all of it.
        </p>
      ) : null}
    </>
  );
}

function indented(json: string): string {
  // Each line of what is deep begins with as many spaces: indented, it would be many times as long.
  if (jsonSizeProblem(json, MOST_VALUES) !== null) return json;
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function coloured(text: string): Child[] {
  const pieces: Child[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    const value = quoted ?? token;
    pieces.push(text.slice(end, match.index));
    pieces.push(<span class={kindOf(quoted, colon)}>{value}</span>);
    end = match.index + value.length;
  }
  pieces.push(text.slice(end));
  return pieces;
}

function kindOf(quoted: string | undefined, colon: string | undefined): string {
  if (quoted === undefined) return "j-value";
  return colon === undefined ? "j-text" : "j-key";
}
