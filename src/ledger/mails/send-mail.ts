// Sending a mail, once. Whoever begins it has it; what is cut off after that is in doubt, since it may have been
// sent. How it ended is written with its entry in the timeline, by the try that ended it alone.

import { AppError } from "../../platform/app-error.ts";
import { capWords } from "../../platform/mail-caps.ts";
import type { TimelineDetail } from "../../platform/tables/invoices.ts";
import type { Book } from "../book.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { announce } from "../notifications/announce.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";
import { endWork } from "../outbox/outbox-row.ts";
import { mailWork } from "../outbox/work.ts";
import { capsOf, countMail, reachedCap } from "./mail-counts.ts";
import { changeMail, findMail, type MailRow } from "./mail-row.ts";
import { type MailSubject, readMailSubject } from "./mail-subject.ts";
import { toPresentAddress } from "./present-address.ts";

export type MailSending = {
  /** As the last try left it. */
  mail: MailRow;
  about: MailSubject;
};

// A try that has not ended by then died: the provider's 15 seconds, and ample for all else.
const ABANDONED_MS = 60_000;
const NO_ADDRESS = { wanted: "no" as const, reason: "The customer has no e-mail address any more." };

export const mailSending: KindOfWork<"send_mail", MailSending> = {
  claim(book, { mailId }) {
    const mail = findMail(book, mailId);
    if (mail?.status === "sending") {
      const abandonedAtMs = (mail.claimedAtMs ?? 0) + ABANDONED_MS;
      if (abandonedAtMs > book.nowMs) return { laterMs: abandonedAtMs };
      const error = `The try was cut off while ${mail.provider} was being asked: it may have been sent, or not.`;
      return { mail: { ...mail, inDoubt: true, error }, about: readMailSubject(book, mail) };
    }
    if (mail?.status !== "pending") return null;
    const about = readMailSubject(book, mail);
    // One that the provider may have taken is repeated to the letter.
    if (about.wanted !== "yes" || mail.inDoubt) return { mail, about };
    const { email } = about.customer;
    if (!email) return { mail, about: NO_ADDRESS };
    const addressed = toPresentAddress(book, mail, email);
    // One that was begun before has been counted.
    const waitsUntilMs = addressed?.attempts === 0 ? takePlace(book, addressed) : null;
    return waitsUntilMs === null ? addressed && { mail: addressed, about } : { laterMs: waitsUntilMs };
  },
  isOver(book, { mailId }) {
    const status = findMail(book, mailId)?.status;
    return status !== "pending" && status !== "sending";
  },
  onGivenUp(book, { mailId, invoiceId }, error) {
    const mail = findMail(book, mailId);
    if (mail?.status !== "pending" && mail?.status !== "sending") return;
    if (invoiceId !== null)
      addTimeline(book, {
        invoiceId,
        kind: "mail_failed",
        // Apart from how a mail ends by itself, once. Retried by hand, it may be given up again.
        key: `${mailId}/gave_up`,
        recurs: true,
        detail: { mail_id: mailId, status: "failed", reason: error },
      });
    // What was never taken has failed; what may have been is unknown.
    const isUnknown = mail.status === "sending" || mail.inDoubt;
    changeMail(book, mail, { status: isUnknown ? "unknown" : "failed", error: mail.error ?? error });
  },
  onRetried(book, { mailId }) {
    const mail = findMail(book, mailId);
    if (mail?.status === "unknown") {
      const detail =
        "This mail may have been sent, or not, so it is not repeated. Ask the customer or the provider, and send the invoice's mail again if need be.";
      throw new AppError("conflict", { detail });
    }
    if (mail?.status === "failed" && !mail.inDoubt)
      changeMail(book, mail, { status: "pending", error: null });
  },
};

/** Counts a mail that is about to go; where a cap is reached it waits instead, and that is told once. @returns until when, ms */
function takePlace(book: Book, mail: MailRow): number | null {
  const caps = capsOf(book, mail);
  const reached = reachedCap(book, caps);
  if (reached === null) {
    countMail(book, caps);
    if (mail.error !== null) changeMail(book, mail, { error: null });
    return null;
  }
  const { cap, sinceMs, freeAtMs } = reached;
  changeMail(book, mail, { error: `It waits: ${capWords(cap, freeAtMs)}` });
  const key = `${cap.name}/${sinceMs}`;
  book.sql.run(
    "UPDATE environment SET mails_wait_until_ms = MAX(COALESCE(mails_wait_until_ms, 0), ?)",
    freeAtMs,
  );
  announce(book, { type: "mail.delayed", key, object: { kind: "mail", id: mail.id } });
  return freeAtMs;
}

/** How a try found a mail: what it writes holds only while the mail is still so. */
export type MailAsLeft = Pick<MailRow, "id" | "invoiceId" | "status" | "attempts">;

/**
 * Takes a mail for one try, with the content that will be sent.
 * @returns false when another try has it
 */
export function beginMail(
  book: Book,
  input: {
    left: MailAsLeft;
    content: Pick<MailRow, "subject" | "text" | "html" | "linkRevision" | "provider" | "inDoubt">;
  },
): boolean {
  const { left, content } = input;
  const taken = { status: "sending" as const, attempts: left.attempts + 1, claimedAtMs: book.nowMs };
  return changeMail(book, left, { ...content, ...taken });
}

/** It was not taken for sure, or may be asked for once more: the next try goes on. */
export function reopenMail(book: Book, input: { left: MailAsLeft; error: string; inDoubt: boolean }): void {
  const { left, error, inDoubt } = input;
  changeMail(book, left, { status: "pending", error, inDoubt });
}

export type MailEnd = {
  status: "sent" | "unknown" | "failed" | "canceled";
  error: string | null;
  provider: string | null;
  providerMessageId?: string | null;
};

export function concludeMail(book: Book, { left, end }: { left: MailAsLeft; end: MailEnd }): void {
  const { status, error, provider, providerMessageId } = end;
  const sent =
    status === "sent" ? { providerMessageId: providerMessageId ?? null, sentAtMs: book.nowMs } : {};
  if (!changeMail(book, left, { status, error, ...sent })) return;
  const mail = findMail(book, left.id);
  if (mail) noteEnd(book, mail, status === "sent" ? { provider } : { status, reason: error });
  endWork(book, mailWork(left.id, left.invoiceId).id);
}

const SENT_KIND = { invoice: "mailed", reminder: "reminder_mailed", receipt: "receipt_mailed" } as const;

function noteEnd(book: Book, mail: MailRow, outcome: TimelineDetail): void {
  // A payment that pays no invoice has no timeline.
  if (mail.invoiceId === null) return;
  addTimeline(book, {
    invoiceId: mail.invoiceId,
    kind: mail.status === "sent" ? SENT_KIND[mail.kind] : "mail_failed",
    key: mail.id,
    detail: { mail_id: mail.id, to: mail.recipient, ...outcome },
  });
}
