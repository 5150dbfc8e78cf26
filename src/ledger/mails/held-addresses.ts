// Addresses that mail does not reach, or whose owner complained: what is wanted for one is held until its customer
// has another address, or somebody says that it shall be sent again.

import type { Book } from "../book.ts";
import { want } from "../outbox/want.ts";
import { mailWork } from "../outbox/work.ts";

export type Hold = {
  why: "bounced" | "complained";
  /** In the provider's words. */
  reason: string;
  /** The mail that came back. */
  mailId: string;
  /** ms */
  createdAtMs: number;
};

// What one call lets go at once; what is left shows as held, and goes by the next.
const MOST_RELEASED = 500;

/** Of an address, as whoever looks at its owner wants to know. */
export function readHold(book: Book, { address }: { address: string }): Hold | undefined {
  return findHold(book, address);
}

/** The same of a customer's present address. */
export function readHoldOfCustomer(book: Book, { customerId }: { customerId: string }): Hold | undefined {
  const row = book.sql.first<{ email: string | null }>(
    "SELECT email FROM customers WHERE id = ?",
    customerId,
  );
  return row?.email ? findHold(book, row.email) : undefined;
}

export function findHold(book: Book, address: string): Hold | undefined {
  return book.sql.first<Hold>(
    "SELECT why, reason, mail_id AS mailId, created_at_ms AS createdAtMs FROM held_addresses WHERE address = ?",
    address,
  );
}

/** A complaint stands above a bounce. */
export function holdAddress(
  book: Book,
  address: string,
  { why, reason, mailId }: Omit<Hold, "createdAtMs">,
): void {
  if (address === "") return;
  book.sql.run(
    `INSERT INTO held_addresses (address, why, reason, mail_id, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT DO UPDATE SET why = ?2, reason = ?3, mail_id = ?4, created_at_ms = ?5 WHERE why <> 'complained'`,
    address,
    why,
    reason,
    mailId,
    book.nowMs,
  );
}

/** Why a mail is held, and the ways out of it. */
export function heldWords({ why, reason }: Hold): string {
  const cause = why === "complained" ? "drew a complaint" : "came back";
  return `Held, because an earlier mail to this address ${cause}: ${reason.replace(/\.$/, "")}. It goes out once the customer has another address, or when it is sent again by hand.`;
}

/** Somebody says that mail shall go to this address again: what is held for it goes out. */
export function liftHold(book: Book, address: string): void {
  book.sql.run("DELETE FROM held_addresses WHERE address = ?", address);
  releaseMails(book, heldMailsTo(book, address), address);
}

/** The customer has another address: what was held for the former one goes there, or is held for the new one. */
export function moveHeldMails(book: Book, customerId: string, from: string | null, to: string | null): void {
  if (from === null || from === "" || to === null || to === "") return;
  const mine = heldMailsTo(book, from).filter((mail) => mail.customerId === customerId);
  const hold = findHold(book, to);
  if (hold) holdMails(book, mine, to, heldWords(hold));
  else releaseMails(book, mine, to);
}

function holdMails(book: Book, mails: readonly HeldMail[], recipient: string, reason: string): void {
  for (const { id } of mails)
    book.sql.run(
      "UPDATE mails SET recipient = ?, error = ?, updated_at_ms = ? WHERE id = ?",
      recipient,
      reason,
      book.nowMs,
      id,
    );
}

type HeldMail = { id: string; invoiceId: string | null; customerId: string };

function heldMailsTo(book: Book, address: string): HeldMail[] {
  // In the words of the partial index: only so does SQLite see that it serves.
  return book.sql.all<HeldMail>(
    `SELECT mails.id AS id, mails.invoice_id AS invoiceId,
       COALESCE(invoices.customer_id, payments.customer_id, '') AS customerId
     FROM mails LEFT JOIN invoices ON invoices.id = mails.invoice_id
       LEFT JOIN payments ON payments.id = mails.payment_id
     WHERE mails.status = 'held' AND recipient = ? COLLATE NOCASE LIMIT ?`,
    address,
    MOST_RELEASED,
  );
}

export function releaseMails(
  book: Book,
  mails: readonly Pick<HeldMail, "id" | "invoiceId">[],
  recipient: string,
): void {
  for (const { id, invoiceId } of mails) {
    book.sql.run(
      "UPDATE mails SET status = 'pending', recipient = ?, error = NULL, updated_at_ms = ? WHERE id = ?",
      recipient,
      book.nowMs,
      id,
    );
    want(book, mailWork(id, invoiceId));
  }
}
