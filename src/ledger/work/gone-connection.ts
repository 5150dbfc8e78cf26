// What only a connection can do ends with its connection, and says so; it is taken up again once that account is
// connected again.

import type { Book } from "../book.ts";
import { readLastConnection } from "../connection/keep-connection.ts";
import { findDeactivationAccount } from "../invoices/deactivate-payment-link.ts";
import { endWork, OUTBOX_COLUMNS, type OutboxRow, readWork } from "../outbox/outbox-row.ts";
import { want } from "../outbox/want.ts";
import { giveUpWork } from "./give-up-work.ts";
import { kindOf } from "./kinds.ts";

/** Ends what waits for the connection, and what would come to wait for it. What somebody is at ends by itself. */
export function endOrphanedWork(book: Book): void {
  const rows = book.sql.all<OutboxRow>(
    `SELECT ${OUTBOX_COLUMNS} FROM outbox
     WHERE status = 'waiting' OR (status = 'wanted' AND kind NOT IN ('deliver', 'send_mail'))`,
  );
  for (const row of rows) {
    const work = readWork(row);
    if ((book.leases.get(row.id) ?? 0) > book.nowMs) continue;
    if (work && kindOf(work).isOver(book, work)) endWork(book, row.id);
    else giveUpWork(book, row, row.attempts, goneWords(book));
  }
}

/** Takes up what had ended with a connection to this account; its links can be switched off after all. */
export function reviveOrphanedWork(book: Book, accountId: string): void {
  const rows = book.sql.all<OutboxRow>(`SELECT ${OUTBOX_COLUMNS} FROM outbox WHERE status = 'dead'`);
  for (const row of rows) {
    const work = readWork(row);
    if (!work) continue;
    const isOfAccount =
      work.kind === "deactivate_payment_link"
        ? findDeactivationAccount(book, work) === accountId
        : row.error === disconnectedFrom(accountId);
    if (!isOfAccount) continue;
    kindOf(work).onRetried?.(book, work);
    want(book, work, { again: true });
  }
}

/** Why it ends: what it waited for. */
export function goneWords(book: Book): string {
  const last = readLastConnection(book);
  return last ? disconnectedFrom(last.accountId) : "This environment has no Stripe connection.";
}

function disconnectedFrom(accountId: string): string {
  return `The Stripe connection that it waited for was disconnected. Connect the account ${accountId} again, and it goes on.`;
}
