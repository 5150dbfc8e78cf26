// Forgets the content of old mails, which repeats what the invoice says; what was sent, to whom and when stays.
// One that has not ended keeps it: a try in doubt is repeated with the same content.

import type { Book } from "../book.ts";

/**
 * @param input.beforeMs of mails that were wanted before this moment, ms
 * @param input.limit of so many at the most
 * @returns how many went
 */
export function forgetMailContent(
  book: Book,
  { beforeMs, limit }: { beforeMs: number; limit: number },
): number {
  // In the words of the partial index: only so does SQLite see that it serves.
  const old = book.sql.all<{ id: string }>(
    `SELECT id FROM mails WHERE html IS NOT NULL AND created_at_ms < ?
       AND status NOT IN ('pending', 'sending') ORDER BY created_at_ms LIMIT ?`,
    beforeMs,
    limit,
  );
  for (const { id } of old) {
    book.sql.run(
      "UPDATE mails SET text = NULL, html = NULL WHERE environment_id = ? AND id = ?",
      book.scope.environmentId,
      id,
    );
  }
  return old.length;
}
