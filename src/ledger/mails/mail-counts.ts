// Counts mails by invoice, address and environment, each for as long as its cap says. An address is counted under its
// digest: who was written to stands in the mails alone, and goes with them.

import { askedCap, environmentCap, type MailCap, mailCaps } from "../../platform/mail-caps.ts";
import { sha256HexSync } from "../../platform/sha256.ts";
import type { Book } from "../book.ts";
import { presentBudgets } from "../budgets/budgets.ts";

/** A cap that is reached, and until when, ms. */
export type Reached = { cap: MailCap; freeAtMs: number; sinceMs: number };

export function capsOf(book: Book, mail: { invoiceId: string | null; recipient: string }): MailCap[] {
  const to = sha256HexSync(mail.recipient.toLowerCase()).slice(0, 32);
  return mailCaps({ invoiceId: mail.invoiceId, to, mailsPerDay: presentBudgets(book).mails_per_day });
}

/** The one that holds a mail up the longest; null: it can go. */
export function reachedCap(book: Book, caps: readonly MailCap[]): Reached | null {
  const reached = caps.flatMap((cap) => {
    const row = findCount(book, cap);
    return row && row.count >= cap.most
      ? [{ cap, sinceMs: row.sinceMs, freeAtMs: row.sinceMs + cap.withinMs }]
      : [];
  });
  return reached.toSorted((one, other) => other.freeAtMs - one.freeAtMs)[0] ?? null;
}

/** Counts one more. */
export function countMail(book: Book, caps: readonly MailCap[]): void {
  for (const cap of caps) {
    const row = findCount(book, cap);
    book.sql.run(
      `INSERT INTO mail_counts (name, since_ms, count) VALUES (?1, ?2, ?3)
       ON CONFLICT DO UPDATE SET since_ms = ?2, count = ?3`,
      cap.name,
      row?.sinceMs ?? book.nowMs,
      (row?.count ?? 0) + 1,
    );
  }
}

export function askedCaps(book: Book, mail: { invoiceId: string; recipient: string }): MailCap[] {
  return [askedCap(mail.invoiceId), ...capsOf(book, mail)];
}

/** How many of the environment's went within the day that is counted, and when that ends, ms. */
export function mailsToday(book: Pick<Book, "sql" | "nowMs">): { count: number; freeAtMs: number | null } {
  const cap = environmentCap(0);
  const row = findCount(book, cap);
  return { count: row?.count ?? 0, freeAtMs: row ? row.sinceMs + cap.withinMs : null };
}

// Longer than any cap counts.
const KEPT_MS = 2 * 24 * 60 * 60 * 1000;

/** @returns how many counts went, at most the limit */
export function forgetMailCounts(book: Book, limit: number): number {
  return book.sql.run(
    "DELETE FROM mail_counts WHERE name IN (SELECT name FROM mail_counts WHERE since_ms < ? LIMIT ?)",
    book.nowMs - KEPT_MS,
    limit,
  );
}

function findCount(
  book: Pick<Book, "sql" | "nowMs">,
  { name, withinMs }: MailCap,
): { sinceMs: number; count: number } | undefined {
  return book.sql.first<{ sinceMs: number; count: number }>(
    "SELECT since_ms AS sinceMs, count FROM mail_counts WHERE name = ? AND since_ms > ?",
    name,
    book.nowMs - withinMs,
  );
}
