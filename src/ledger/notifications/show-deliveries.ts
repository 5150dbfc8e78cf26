// Deliveries as they are looked at: newest first, each with the log of its tries.

import { invalid } from "../../platform/app-error.ts";
import type { DeliveryStatus } from "../../platform/notification-types.ts";
import type { Book } from "../book.ts";
import { type DeliveryRow, type MessageRow, readDelivery, readMessage, toDeliveryRow } from "./deliveries.ts";
import { deliveryKey } from "./delivery-id.ts";
import { type DestinationRow, findDestination } from "./destinations.ts";
import { retryRefusal } from "./retry-delivery.ts";

export type DeliveryFilter = {
  destinationId: string;
  status?: DeliveryStatus | undefined;
  limit: number;
  /** The last one of the page before. */
  after: { id: string } | null;
};

/**
 * One more than the limit where there are more.
 * @throws AppError `validation_failed` where the page before was another list's
 */
export function listDeliveries(
  book: Book,
  { destinationId, status, limit, after }: DeliveryFilter,
): DeliveryRow[] {
  const last = after === null ? null : deliveryKey(after.id);
  if (last === undefined) throw invalid("cursor", "Not a cursor of this list.");
  return book.sql
    .all(
      `SELECT * FROM deliveries WHERE environment_id = ?1 AND destination_id = ?2 AND seq < ?3
         AND (?4 IS NULL OR status = ?4)
       ORDER BY seq DESC LIMIT ?5`,
      book.scope.environmentId,
      destinationId,
      last?.seq ?? Number.MAX_SAFE_INTEGER,
      status ?? null,
      limit + 1,
    )
    .map(toDeliveryRow);
}

export type DeliveryDetail = {
  delivery: DeliveryRow;
  /** Null once it is past its age. */
  message: MessageRow | null;
  /** Null once it is deleted. */
  destination: DestinationRow | null;
  /** Why it is not to be sent again now; null where it may be. */
  retryRefusal: string | null;
};

export function findDelivery(book: Book, { id }: { id: string }): DeliveryDetail | undefined {
  const delivery = readDelivery(book, id);
  if (!delivery) return undefined;
  return {
    delivery,
    message: readMessage(book, delivery) ?? null,
    destination: findDestination(book, { id: delivery.destinationId }) ?? null,
    retryRefusal: retryRefusal(book, delivery),
  };
}
