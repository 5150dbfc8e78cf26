// JSON to be read: indented, and coloured by kind. Every piece is text, escaped like any other.

import type { Child } from "hono/jsx";

// Stripe's payloads are some KiB; past this, colour would cost more than it tells.
const COLOURED_CHARACTERS = 64 * 1024;
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function JsonView({ json }: { json: string }) {
  const text = indented(json);
  return (
    <pre class="json">
      <code>{text.length > COLOURED_CHARACTERS ? text : coloured(text)}</code>
    </pre>
  );
}

function indented(json: string): string {
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
