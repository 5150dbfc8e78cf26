// Takes in what a provider reports of a mail that it had taken: it came back, or its reader complained. Told twice it
// changes nothing; of both, the complaint stands. No more mail goes to that address until somebody says so.

import { eq } from "drizzle-orm";
import { digestOfMail } from "../../platform/mail-reference.ts";
import { mails } from "../../platform/tables/mails.ts";
import type { Book } from "../book.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { announce } from "../notifications/announce.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { mailWork } from "../outbox/work.ts";
import { holdAddress } from "./held-addresses.ts";
import { changeMail, type MailRow } from "./mail-row.ts";

export type MailReport = {
  provider: string;
  providerMessageId: string;
  /** Of the mail, as its reference has them. */
  createdAtMs: number;
  digest: string;
  what: "bounced" | "complained";
  /** In the provider's words. */
  reason: string;
};

/** `known`: it was told before. `unknown`: there is no such mail. */
export type MailReported = "recorded" | "known" | "unknown";

// It was given to a provider, whatever we know of how that ended.
const MAY_BE_REPORTED: ReadonlySet<MailRow["status"]> = new Set([
  "pending",
  "sending",
  "sent",
  "unknown",
  "bounced",
]);

export function recordMailReport(book: Book, report: MailReport): MailReported {
  const mail = findReported(book, report);
  if (!mail) return "unknown";
  const { what, reason, providerMessageId } = report;
  if (mail.status === what || mail.status === "complained") return "known";
  if (!MAY_BE_REPORTED.has(mail.status)) return "unknown";
  const sentAtMs = mail.sentAtMs ?? mail.claimedAtMs;
  changeMail(book, mail, { status: what, error: reason, providerMessageId, sentAtMs });
  // A report may come before whoever sent it has said that it was sent.
  endWork(book, mailWork(mail.id, mail.invoiceId).id);
  holdAddress(book, mail.recipient, { why: what, reason, mailId: mail.id });
  if (mail.invoiceId !== null)
    addTimeline(book, {
      invoiceId: mail.invoiceId,
      kind: what === "bounced" ? "mail_bounced" : "mail_complained",
      key: mail.id,
      detail: { mail_id: mail.id, to: mail.recipient, reason },
    });
  announce(book, { type: `mail.${what}`, key: mail.id, object: { kind: "mail", id: mail.id } });
  return "recorded";
}

/** One whose message's id was never heard, since its provider fell silent, is known by its reference alone. */
function findReported(book: Book, report: MailReport): MailRow | undefined {
  const ofThatMoment = book.db.select().from(mails).where(eq(mails.createdAtMs, report.createdAtMs)).all();
  return ofThatMoment.find(
    (mail) =>
      mail.provider === report.provider &&
      digestOfMail(mail.id) === report.digest &&
      (mail.providerMessageId === null || mail.providerMessageId === report.providerMessageId),
  );
}
