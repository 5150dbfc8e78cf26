// Sends a delivery again by hand: the same message under the same id, with the whole schedule before it. Of any
// number of calls at once one does it; what is being sent already is left alone.

import { AppError, notFound } from "../../platform/app-error.ts";
import { writeAudit } from "../audit.ts";
import type { Book } from "../book.ts";
import { type DeliveryRow, readDelivery, readMessage, saveDelivery } from "./deliveries.ts";
import { isBeingTried, wantDelivery } from "./delivery-work.ts";
import { findDestination } from "./destinations.ts";

const ABOUT_TO_BE = "This delivery is about to be sent already. See first how that ends.";
const UNDER_WAY = "This delivery is being tried at this moment. See first how that ends.";
const TOO_OLD = "The message is too old: it is not kept any more.";

/**
 * @throws AppError `not_found`; `conflict` when it is being tried or about to be, when the destination is
 * switched off or gone, or when the message is too old to be kept
 */
export function retryDelivery(book: Book, { id }: { id: string }): DeliveryRow {
  const delivery = readDelivery(book, id);
  if (!delivery) throw notFound("delivery", id);
  const refusal = retryRefusal(book, delivery);
  if (refusal !== null) throw new AppError("conflict", { detail: refusal });
  const { destinationId } = delivery;
  if (!findDestination(book, { id: destinationId })?.isActive) {
    const detail = `The event destination '${destinationId}' is switched off or deleted. Switch it on first.`;
    throw new AppError("conflict", { detail });
  }
  if (!readMessage(book, delivery)) throw new AppError("conflict", { detail: TOO_OLD });
  writeAudit(book, {
    action: "delivery.retried",
    object: "delivery",
    objectId: id,
    detail: { event_destination: destinationId },
  });
  return restart(book, delivery, book.nowMs);
}

/** Why a delivery is not to be sent again now, or null. One that waits for a later try is sent sooner. */
export function retryRefusal(book: Book, { id, status, nextAttemptAtMs }: DeliveryRow): string | null {
  if (status !== "pending") return null;
  if (isBeingTried(book, id)) return UNDER_WAY;
  return (nextAttemptAtMs ?? book.nowMs) <= book.nowMs ? ABOUT_TO_BE : null;
}

/** Begins its schedule anew. @param atMs when it is to be tried first */
export function restart(book: Book, delivery: DeliveryRow, atMs: number): DeliveryRow {
  const restarted: DeliveryRow = {
    ...delivery,
    status: "pending",
    step: 0,
    nextAttemptAtMs: atMs,
    succeededAtMs: null,
    updatedAtMs: book.nowMs,
  };
  saveDelivery(book, restarted);
  wantDelivery(book, delivery.id, atMs);
  return restarted;
}
