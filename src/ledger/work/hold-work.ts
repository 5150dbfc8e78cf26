// Work is held by one who does it, for a while.

import type { Book } from "../book.ts";

/** Longer than a try takes; a try that has not ended by then died. */
export const LEASE_MS = 2 * 60_000;

/** Nobody else is given it meanwhile. Each call holds it for longer. */
export function holdWork(book: Book, id: string): void {
  book.leases.set(id, book.nowMs + LEASE_MS);
}
