// Deliveries as they are looked at: newest first, each with the log of its tries.

import { invalid } from "../../platform/app-error.ts";
import type { DeliveryStatus } from "../../platform/notification-types.ts";
import type { Book } from "../book.ts";
import { type DeliveryRow, type MessageRow, readDelivery, readMessage, toDeliveryRow } from "./deliveries.ts";
import { deliveryKey } from "./delivery-id.ts";
import { pendingOf } from "./delivery-work.ts";
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
export function listDeliveries(book: Book, filter: DeliveryFilter): DeliveryRow[] {
  const { destinationId, status, limit, after } = filter;
  const last = after === null ? null : deliveryKey(after.id);
  if (last === undefined) throw invalid("cursor", "Not a cursor of this list.");
  if (status === "pending") {
    const ids = pendingOf(book, destinationId, { beforeId: after?.id ?? null, limit: limit + 1 });
    return ids.flatMap((id) => readDelivery(book, id) ?? []);
  }
  return book.sql
    .all(
      `SELECT * FROM deliveries WHERE destination_id = ? AND seq < ? ${OF_STATUS[status ?? "any"]}
       ORDER BY seq DESC LIMIT ?`,
      destinationId,
      last?.seq ?? Number.MAX_SAFE_INTEGER,
      limit + 1,
    )
    .map(toDeliveryRow);
}

// Written out: only so does SQLite see that the index of those that failed serves.
const OF_STATUS = { any: "", succeeded: "AND status = 'succeeded'", failed: "AND status = 'failed'" };

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
