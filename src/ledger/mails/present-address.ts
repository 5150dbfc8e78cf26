// A mail goes to the customer's address as it is when it goes, though it may have waited for hours: what was meant for
// a customer is sent to nobody who has its former address.

import type { Book } from "../book.ts";
import { addTimeline } from "../invoices/timeline.ts";
import { findHold, heldWords } from "./held-addresses.ts";
import { changeMail, type MailRow } from "./mail-row.ts";

/**
 * @param mail one that is to be tried, and that the provider has not taken
 * @param address the customer's present one
 * @returns the mail with that address; null where it is held for it instead
 */
export function toPresentAddress(book: Book, mail: MailRow, address: string): MailRow | null {
  if (address === mail.recipient) return mail;
  const hold = findHold(book, address);
  if (!hold) {
    changeMail(book, mail, { recipient: address });
    return { ...mail, recipient: address };
  }
  const reason = heldWords(hold);
  changeMail(book, mail, { recipient: address, status: "held", error: reason });
  const { id, invoiceId } = mail;
  if (invoiceId !== null)
    addTimeline(book, {
      invoiceId,
      kind: "mail_held",
      key: id,
      detail: { mail_id: id, to: address, reason },
    });
  return null;
}
