// Finds what somebody typed: an id of ours or of Stripe's, a number, the beginning of a customer's name or mail address,
// an amount. Along keys and indexes; what has none is looked for among so many of the newest rows.

import type { Book } from "../book.ts";
import { byAmount, byMailAddress, byReference, byStripeNumber } from "./among-newest.ts";
import { byId } from "./by-id.ts";
import { byUrl } from "./by-url.ts";
import { FOUND_CUSTOMER, FOUND_INVOICE, type Found, foundRows } from "./found.ts";
import { namedBeside } from "./named-beside.ts";

export type SearchText = {
  text: string;
  /** What of it may be an id, the likeliest first. */
  ids: readonly string[];
  /** Origin and path, where the text is an address. */
  url: string | null;
};
export type FoundBy = {
  /** What an id names, or an address leads to. */
  id: Found[];
  /** What is called so, or amounts to so much. */
  text: Found[];
};

/** Nothing twice. */
export function search(book: Book, { text, ids, url }: SearchText): FoundBy {
  if (text === "") return { id: [], text: [] };
  const found = unique([...firstOf(ids, (id) => byId(book, id)), ...(url === null ? [] : byUrl(book, url))]);
  const named = found.length > 0 ? found : unique(firstOf(ids, (id) => namedBeside(book, id)));
  const called = url === null ? byText(book, text) : [];
  return { id: named, text: unique([...named, ...called]).slice(named.length) };
}

function firstOf(ids: readonly string[], find: (id: string) => Found[]): Found[] {
  for (const id of ids) {
    const found = find(id);
    if (found.length > 0) return found;
  }
  return [];
}

/** Numbers and names, then amounts. */
function byText(book: Book, text: string): Found[] {
  return [
    ...byNumber(book, text),
    ...byStripeNumber(book, text),
    ...byReference(book, text),
    ...byName(book, text),
    ...byMailAddress(book, text),
    ...byAmount(book, text),
  ];
}

function unique(found: readonly Found[]): Found[] {
  return [...new Map(found.map((one) => [`${one.kind}/${one.id}`, one])).values()];
}

/** The least text that no text beginning with this one is beyond. */
export function endOfBeginning(beginning: string): string {
  return `${beginning}\u{10ffff}`;
}

function byNumber(book: Book, text: string): Found[] {
  const query = `${FOUND_INVOICE} WHERE number COLLATE NOCASE >= ? AND number COLLATE NOCASE < ?
    ORDER BY number COLLATE NOCASE`;
  return foundRows(book, query, text, endOfBeginning(text));
}

function byName(book: Book, text: string): Found[] {
  const byPart = (column: string) =>
    `${FOUND_CUSTOMER} WHERE ${column} >= ? AND ${column} < ? AND deleted_at_ms IS NULL ORDER BY ${column}`;
  const emails = [...new Set([text, text.toLowerCase()])];
  return [
    ...foundRows(book, byPart("name COLLATE NOCASE"), text, endOfBeginning(text)),
    ...emails.flatMap((email) => foundRows(book, byPart("email"), email, endOfBeginning(email))),
  ];
}
