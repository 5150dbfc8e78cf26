// How an event ends that could not be taken in: it has a row and its payload all the same, so that it can be seen, and
// replayed once it is dead.

import { keepUnreadable } from "../directory/unreadable-messages.ts";
import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import { type StripeEventMessage, writeEventMessage } from "../platform/event-message.ts";
import { arriveUnread } from "./arrive.ts";
import { writeDataPoints } from "./write-data-points.ts";

/** Leaves an event dead: visible, announced, and replayable. */
export async function giveUpEvent(deps: Deps, message: StripeEventMessage, error: string): Promise<void> {
  deps.log.error("event gave up", {
    trace: message.deliveryId,
    tenant: message.tenantId,
    environment: message.environmentId,
    event: message.eventId ?? null,
  });
  await endBadly(deps, message, "dead", error);
}

/** Leaves it failed, to be tried again, or dead. */
export async function endBadly(
  deps: Deps,
  message: StripeEventMessage,
  status: "failed" | "dead",
  error: string,
): Promise<void> {
  const event = await arriveUnread(deps, message).catch((cause: unknown) => {
    if (cause instanceof AppError && cause.code === "payload_gone") return null;
    throw cause;
  });
  if (event) {
    await ledger(deps, message).endEvent({ event, status, error });
    if (status === "dead") {
      const outcome = { status, reason: null, payments: [] };
      writeDataPoints(deps, message, event, outcome);
    }
    return;
  }
  // Its payload was kept apart and is gone. Where there is no row either, an operator sees that there was a message.
  const gone = "The event's payload is gone, so it cannot be read any more.";
  const id = message.eventId ?? "";
  if (!(await ledger(deps, message).killEvent({ id, error: gone })))
    await keepUnreadable(deps, {
      id: `webhook_event/${id}`,
      queue: "stripe-events",
      text: writeEventMessage(message),
      error: gone,
    });
}
