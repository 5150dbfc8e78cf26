// Forgets the content of old mails, which repeats what the invoice says, and later the mails themselves. One that has
// not ended stays as it is: a try in doubt is repeated with the same content.

import type { Book } from "../book.ts";
import { contentsSinceMs, recordsSinceMs } from "./ages.ts";

const HAS_ENDED = "status NOT IN ('pending', 'sending')";

/** @returns of how many mails it went, at most the limit */
export function forgetMailContent(book: Book, limit: number): number {
  // In the words of the partial index: only so does SQLite see that it serves.
  const old = book.sql.all<{ id: string }>(
    `SELECT id FROM mails WHERE html IS NOT NULL AND created_at_ms < ? AND ${HAS_ENDED}
     ORDER BY created_at_ms LIMIT ?`,
    contentsSinceMs(book),
    limit,
  );
  for (const { id } of old) {
    book.sql.run("UPDATE mails SET text = NULL, html = NULL WHERE id = ?", id);
  }
  return old.length;
}

/** @returns how many mails went, at most the limit */
export function forgetMails(book: Book, limit: number): number {
  const old = book.sql.all<{ id: string }>(
    `SELECT id FROM mails WHERE created_at_ms < ? AND ${HAS_ENDED}
     ORDER BY created_at_ms LIMIT ?`,
    recordsSinceMs(book),
    limit,
  );
  for (const { id } of old) book.sql.run("DELETE FROM mails WHERE id = ?", id);
  return old.length;
}
