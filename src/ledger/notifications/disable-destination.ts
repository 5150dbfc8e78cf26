// Switches a destination off that does not take what it gets: with the reason on it, an entry in the audit log, and
// word to the environment's other destinations.

import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { announce } from "./announce.ts";
import { type DisableReason, reasonText } from "./delivery-state.ts";
import { type DestinationRow, saveDestination } from "./destinations.ts";
import { failPending } from "./fail-pending.ts";

/** What was still to be sent has failed, and can be recovered once it is on again. */
export function disableDestination(book: Book, destination: DestinationRow, reason: DisableReason): void {
  const { id } = destination;
  const words = reasonText(reason);
  saveDestination(book, { ...destination, isActive: false, disabledReason: words, updatedAtMs: book.nowMs });
  failPending(book, id, `The destination was switched off. ${words}`);
  writeAudit(book, {
    action: "event_destination.disabled",
    object: "event_destination",
    objectId: id,
    detail: { reason: words },
  });
  announce(book, {
    type: "event_destination.disabled",
    key: `${id}/${book.nowMs}`,
    object: { kind: "event_destination", id },
  });
}
