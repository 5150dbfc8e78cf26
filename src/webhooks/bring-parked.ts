// Brings events that were parked in their ledger, at their environment's own pace. One that fails goes back to the
// queue, which tries it again and again; one for which there was no time stays where it is, for the next turn.

import { keepUnreadable } from "../directory/unreadable-messages.ts";
import { ledger } from "../ledger/client.ts";
import type { ParkedEvent } from "../ledger/events/park-events.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { readEventMessage, type StripeEventMessage } from "../platform/event-message.ts";
import { startTurn } from "../platform/turn.ts";
import { bringEvents } from "./consume-events.ts";

const TURN_MS = 1_000;

/** @param workId the work of the outbox that this ends, or that goes on with what is left */
export async function bringParked(
  deps: Deps,
  scope: Scope,
  workId: string,
  events: readonly ParkedEvent[],
): Promise<void> {
  const messages = new Map<StripeEventMessage, string>();
  const brought: string[] = [];
  for (const { id, message: text } of events) {
    const message = readEventMessage(text);
    if (message) messages.set(message, id);
    else {
      await keepUnreadable(deps, { id: `parked/${scope.environmentId}/${id}`, queue: "stripe-events", text });
      brought.push(id);
    }
  }
  const turn = startTurn(TURN_MS, { waits: true });
  const { errors, left } = await bringEvents(deps, [...messages.keys()], turn);
  turn.end();
  await deps.queues.enqueueStripeEvents(
    [...errors.keys()].map((message) => ({ ...message, wasParked: true })),
  );
  for (const [message, id] of messages) if (!left.includes(message)) brought.push(id);
  await ledger(deps, scope).concludeParked({ id: workId, brought });
}
