// What a call with an Idempotency-Key makes has the same id at each try of the call. So a try whose answer was
// lost finds what an earlier one has made, and does not make it again: no second refund or invoice.

import { ANSWERS_KEPT_MS } from "../platform/call-id.ts";
import type { IdPrefix } from "../platform/ids.ts";
import type { Book } from "./book.ts";

type Made = { createdAtMs: number };

/**
 * The id for what this call makes, and what an earlier try of it has made under that id. Without a key the id is
 * new. A key older than 24 hours is as good as new, and so is the id.
 * @param callId names a call that carries an Idempotency-Key; null for all others
 */
export function idOfCall<T extends Made>(
  book: Book,
  prefix: IdPrefix,
  callId: string | null,
  find: (id: string) => T | undefined,
): { id: string; made: T | undefined } {
  if (callId === null) return { id: book.newId(prefix), made: undefined };
  const id = `${prefix}_${callId}`;
  const made = find(id);
  if (made && !isRecent(book, made)) return { id: book.newId(prefix), made: undefined };
  return { id, made };
}

/** Whether an earlier try of a call with a key has made this, under the id that the caller gave: it says the same. */
export function isMadeByCall(
  book: Book,
  callId: string | null,
  found: Made & Readonly<Record<string, unknown>>,
  as: Readonly<Record<string, unknown>>,
): boolean {
  if (callId === null || !isRecent(book, found)) return false;
  return Object.entries(as).every(([name, value]) => JSON.stringify(found[name]) === JSON.stringify(value));
}

function isRecent(book: Book, { createdAtMs }: Made): boolean {
  return createdAtMs >= book.nowMs - ANSWERS_KEPT_MS;
}
