// One mail of the ledger, as it is stored.

import { and, eq } from "drizzle-orm";
import { mails } from "../../platform/tables/mails.ts";
import type { Book } from "../book.ts";

export type MailRow = typeof mails.$inferSelect;

export function findMail(book: Book, id: string): MailRow | undefined {
  return book.db.select().from(mails).where(eq(mails.id, id)).get();
}

/** Changes a mail, and nothing of one that has gone on since it was looked at: another try has it. */
export function changeMail(
  book: Book,
  { id, status, attempts }: Pick<MailRow, "id" | "status" | "attempts">,
  set: Partial<MailRow>,
): boolean {
  const asLeft = and(eq(mails.id, id), eq(mails.status, status), eq(mails.attempts, attempts));
  const changed = book.db
    .update(mails)
    .set({ ...set, updatedAtMs: book.nowMs })
    .where(asLeft)
    .returning({ id: mails.id })
    .all();
  return changed.length > 0;
}
