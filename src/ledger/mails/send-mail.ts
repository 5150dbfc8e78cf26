// Sending a mail: which one, and what giving up leaves on it. One that may have been sent is never repeated.

import { AppError } from "../../platform/app-error.ts";
import type { Book } from "../book.ts";
import { addTimeline } from "../invoices/timeline.ts";
import type { KindOfWork } from "../outbox/kind-of-work.ts";

export type MailSending = { mailId: string; invoiceId: string };

export const mailSending: KindOfWork<"send_mail", MailSending> = {
  claim(book, { mailId, invoiceId }) {
    const status = findMail(book, mailId)?.status;
    return status === "pending" || status === "sending" ? { mailId, invoiceId } : null;
  },
  onGivenUp(book, { mailId, invoiceId }, error) {
    const mail = findMail(book, mailId);
    if (mail?.status !== "pending" && mail?.status !== "sending") return;
    addTimeline(book, {
      invoiceId,
      kind: "mail_failed",
      // Apart from how a mail ends by itself, once. Retried by hand, it may be given up again.
      key: `${mailId}/gave_up`,
      recurs: true,
      detail: { mail_id: mailId, status: "failed", reason: error },
    });
    // What was never taken has failed; what may have been is unknown.
    const status = mail.status === "sending" || mail.inDoubt === 1 ? "unknown" : "failed";
    setStatus(book, mailId, status, mail.error ?? error);
  },
  onRetried(book, { mailId }) {
    const mail = findMail(book, mailId);
    if (mail?.status === "unknown") {
      const detail =
        "This mail may have been sent, or not, so it is not repeated. Ask the customer or the provider, and send the invoice's mail again if need be.";
      throw new AppError("conflict", { detail });
    }
    if (mail?.status === "failed" && mail.inDoubt === 0) setStatus(book, mailId, "pending", null);
  },
};

type KnownMail = { status: string; inDoubt: number; error: string | null };

function findMail(book: Book, id: string): KnownMail | undefined {
  return book.sql.first<KnownMail>(
    "SELECT status, in_doubt AS inDoubt, error FROM mails WHERE environment_id = ? AND id = ?",
    book.scope.environmentId,
    id,
  );
}

function setStatus(
  book: Book,
  id: string,
  status: "pending" | "unknown" | "failed",
  error: string | null,
): void {
  book.sql.run(
    "UPDATE mails SET status = ?, error = ?, updated_at_ms = ? WHERE environment_id = ? AND id = ?",
    status,
    error,
    book.nowMs,
    book.scope.environmentId,
    id,
  );
}
