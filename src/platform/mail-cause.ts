// What a mail is caused by, and the id that says so: one cause, one mail, however often the work is done.
// Invoice ids hold no slash, so that no two causes share an id. Pure.

import type { MAIL_KINDS } from "./tables/mails.ts";

type MailKind = (typeof MAIL_KINDS)[number];

export type MailCause =
  /** The link of this revision came to be. */
  | { by: "link"; revision: number }
  /** Somebody asked for it; the key is the call's own. */
  | { by: "send"; key: string; kind: MailKind }
  /** It is due: on which date (ms), and how many days after that, or before. */
  | { by: "reminder"; dueAtMs: number; days: number }
  /** The invoice was paid. */
  | { by: "receipt" };

/** `<invoice>/link/2`, `<invoice>/send/<key>`, `<invoice>/reminder/<due date>/-3`, `<invoice>/receipt`. */
export function mailIdFor(invoiceId: string, cause: MailCause): string {
  switch (cause.by) {
    case "link":
      return `${invoiceId}/link/${cause.revision}`;
    case "send":
      return `${invoiceId}/send/${cause.key}`;
    case "reminder":
      return `${invoiceId}/reminder/${cause.dueAtMs}/${cause.days}`;
    case "receipt":
      return `${invoiceId}/receipt`;
  }
}

/** The receipt of a payment that pays no invoice: `~<payment>/receipt`. No invoice's id begins so (platform/ids.ts). */
export function receiptIdFor(paymentId: string): string {
  return `~${paymentId}/receipt`;
}

/** The revision of the link that caused a mail; null where something else did. */
export function causingRevision(mailId: string): number | null {
  const match = /^[^/]+\/link\/(\d+)$/.exec(mailId);
  return match ? Number(match[1]) : null;
}

/** The due date, ms, that caused a reminder; null where something else did. */
export function causingDueDate(mailId: string): number | null {
  const match = /^[^/]+\/reminder\/(-?\d+)\//.exec(mailId);
  return match ? Number(match[1]) : null;
}
