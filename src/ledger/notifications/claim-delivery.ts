// Gives a delivery to one who sends it, with all that is needed but the secrets. What cannot be sent any more has
// failed.

import type { Book } from "../book.ts";
import { type DeliveryRow, type MessageRow, readDelivery, readMessage, saveDelivery } from "./deliveries.ts";
import { SWITCHED_OFF } from "./delivery-state.ts";
import { endDelivery, lease } from "./delivery-work.ts";
import { findDestination } from "./destinations.ts";

export type ClaimedDelivery = {
  id: string;
  /** Until when it is theirs, ms. */
  leasedUntilMs: number;
  destination: { id: string; url: string };
  message: MessageRow;
};

/** Null where nothing is to be sent: it has ended, is not due yet, or somebody is at it. */
export function claimDelivery(book: Book, { id }: { id: string }): ClaimedDelivery | null {
  const leasedUntilMs = lease(book, id);
  if (leasedUntilMs === null) return null;
  const delivery = readDelivery(book, id);
  if (delivery?.status !== "pending") {
    endDelivery(book, id);
    return null;
  }
  const destination = findDestination(book, { id: delivery.destinationId });
  const message = readMessage(book, delivery);
  if (!destination?.isActive || !message) {
    failUntried(book, delivery, message ? SWITCHED_OFF : "The message is not kept any more.");
    return null;
  }
  const { url } = destination;
  return { id, leasedUntilMs, destination: { id: destination.id, url }, message };
}

/** Gives a delivery up without a try; it can be retried by hand. */
export function failUntried(book: Book, delivery: DeliveryRow, error: string): void {
  saveDelivery(book, { ...delivery, status: "failed", error, nextAttemptAtMs: null });
  endDelivery(book, delivery.id);
}
