// Puts the text of verified events on the queue; one that is too large for it is kept in the ledger first, and its
// message says so.

import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/event-message.ts";
import { newId, receiptOfRequest } from "../platform/ids.ts";
import { fitsInQueue } from "../platform/jobs.ts";
import { toScope } from "../platform/scope.ts";
import { cutLargeEvent } from "./cut-event.ts";
import { readSignedEvent, withoutClientSecrets } from "./signed-event.ts";

type Taken = { connectionId: string; source: StripeEventMessage["source"] };

/**
 * One that came in a request of its own. Its receipt is named as the request, so that what was answered leads to what
 * came of it without a line in the log for each.
 * @param text as Stripe signed it
 * @throws AppError retryable
 */
export async function enqueueEvent(deps: Deps, scope: Scope, from: Taken, text: string): Promise<void> {
  const message = arrivalMessage(deps, scope, from, text, receiptOfRequest(deps.traceId));
  await deps.queues.enqueueStripeEvent(fitsInQueue(message) ? message : await keptApart(deps, message));
}

/**
 * The same for many, in few calls, in their order; it stops before more than `maxLarge` were too large for the
 * queue, each of which is a write of its own.
 * @returns how many went, and how many of them were too large
 * @throws AppError retryable; some may be in the queue then
 */
export async function enqueueEvents(
  deps: Deps,
  scope: Scope,
  from: Taken,
  texts: readonly string[],
  maxLarge = Number.POSITIVE_INFINITY,
): Promise<{ taken: number; large: number }> {
  const messages: StripeEventMessage[] = [];
  let large = 0;
  for (const text of texts) {
    const message = arrivalMessage(deps, scope, from, text);
    if (fitsInQueue(message)) messages.push(message);
    else if (large === maxLarge) break;
    else {
      large += 1;
      messages.push(await keptApart(deps, message));
    }
  }
  await deps.queues.enqueueStripeEvents(messages);
  return { taken: messages.length, large };
}

function arrivalMessage(
  deps: Deps,
  scope: Scope,
  from: Taken,
  text: string,
  deliveryId: string = newId("dlv"),
): StripeEventMessage {
  return {
    ...toScope(scope),
    ...from,
    deliveryId,
    receivedAtMs: deps.now(),
    body: cutLargeEvent(withoutClientSecrets(text)),
  };
}

async function keptApart(deps: Deps, message: StripeEventMessage): Promise<StripeEventMessage> {
  const { body: payload, receivedAtMs, deliveryId } = message;
  if (payload === null) return message;
  const eventId = readSignedEvent(payload)?.id ?? `evt_unreadable_${deliveryId}`;
  await ledger(deps, message).keepPayload({ eventId, payload, receivedAtMs });
  return { ...message, eventId, body: null };
}
