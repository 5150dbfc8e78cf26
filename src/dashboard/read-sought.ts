// What somebody typed or pasted into the search, read for the ids in it: one alone, in an address of ours or of Stripe's,
// or in a line of a log. Pure.

import type { SearchText } from "../ledger/search/search.ts";
import { MOST_SOUGHT_CHARACTERS } from "../platform/bounds.ts";

/** So many ids of one text are looked for. */
const MOST_IDS = 8;

export function readSought(typed: string): SearchText {
  // What follows the id in an address of Stripe's checkout may be cut.
  const text = typed.trim().slice(0, MOST_SOUGHT_CHARACTERS);
  const url = urlOf(text);
  const ids = url === null ? idsOfText(text) : [text, ...idsOfUrl(url)];
  return {
    text,
    ids: [...new Set(ids.flatMap(inEachCase))].slice(0, MOST_IDS),
    url: url === null ? null : `${url.origin}${url.pathname}`,
  };
}

/** Whether it is a key or a signing secret: it is neither looked for nor shown again. */
export function isSecret(text: string): boolean {
  return /^(?:qt_|whsec_|(?:sk|rk)_(?:test|live)_)\S{8}/.test(text.trim());
}

const ID = /[A-Za-z]{2,16}(?:_[A-Za-z0-9]+)+/g;

/** Itself first; without what it was quoted in; then what looks like an id within it. */
function idsOfText(text: string): string[] {
  const bare = unquoted(text);
  return [text, bare, ...(text.match(ID) ?? [])];
}

const QUOTES = new Set("\"'`<>()[]{},;.");

function unquoted(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && QUOTES.has(text.charAt(from))) from += 1;
  while (to > from && QUOTES.has(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** With `https://`, or as browsers show it. */
function urlOf(text: string): URL | null {
  if (/\s/.test(text)) return null;
  const whole = /^https?:\/\//i.test(text)
    ? text
    : /^[\w-]+(?:\.[\w-]+)+\//.test(text)
      ? `https://${text}`
      : "";
  return URL.canParse(whole) ? new URL(whole) : null;
}

// `/dashboard/invoices/{id}`, `/api/v1/invoices/{id}`; `/pay/{token}`.
const OURS = /\/(?:dashboard\/[a-z-]+|api\/v1\/[a-z_]+|pay)\/([^/]+)/;

/** What an address of ours names, then what looks like an id, the last part of the path first. */
function idsOfUrl({ pathname, searchParams, hash }: URL): string[] {
  const named = OURS.exec(pathname)?.[1];
  const parts = [...pathname.split("/").reverse(), ...searchParams.values(), hash.slice(1)].map(decoded);
  const alike = parts.filter((part) => part.match(ID)?.[0] === part);
  // Stripe's addresses begin with the account: it is meant where nothing else is named.
  const others = alike.filter((part) => !part.startsWith("acct_"));
  return [...(named === undefined ? [] : [decoded(named)]), ...(others.length === 0 ? alike : others)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** In ids of our own making case means nothing; in Stripe's it does. */
function inEachCase(id: string): string[] {
  return /^[a-z_]{2,16}_[0-9a-f]{32}(?:_[0-9a-z]{1,11})?$/i.test(id) ? [id, id.toLowerCase()] : [id];
}
