// Gives up all that is still to be sent to a destination.

import type { Book } from "../book.ts";
import { failUntried } from "./claim-delivery.ts";
import { readDelivery } from "./deliveries.ts";
import { endDelivery, pendingOf } from "./delivery-work.ts";

export function failPending(book: Book, destinationId: string, error: string): void {
  for (const id of pendingOf(book, destinationId)) {
    const delivery = readDelivery(book, id);
    if (delivery) failUntried(book, delivery, error);
    else endDelivery(book, id);
  }
}
