// Brings a batch of the queue in turns: its environments side by side, each for a moment. What one has left then is
// parked in its own ledger, which has it brought bit by bit, and what comes for it meanwhile is parked unread: neither
// its number of events nor a Stripe that does not answer holds up anybody else's.

import { ledger } from "../ledger/client.ts";
import type { Deps } from "../platform/deps.ts";
import { type StripeEventMessage, writeEventMessage } from "../platform/event-message.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { startTurn } from "../platform/turn.ts";
import { bringEvents, byEnvironment, environmentOf } from "./consume-events.ts";

// A hundred events that ask nobody take a tenth of it.
const TURN_MS = 500;
// Then it is tried whether the next ones go faster.
const PARKED_UNREAD_MS = 3_000;
const ENVIRONMENTS = 10_000;
/** By environment, until when (ms) what comes for it is parked unread. */
const behind = new RecentMap<string, number>(ENVIRONMENTS);

/** @returns for each message, in their order, null where it is done or parked, or why it is to be tried again */
export async function consumeInTurns(
  deps: Deps,
  messages: readonly StripeEventMessage[],
  turnMs = TURN_MS,
): Promise<(Error | null)[]> {
  const now = deps.now();
  const isBehind = (message: StripeEventMessage) =>
    !message.wasParked && (behind.get(environmentOf(message)) ?? 0) > now;
  const turn = startTurn(turnMs, { waits: false });
  const [brought, unread] = await Promise.all([
    bringEvents(
      deps,
      messages.filter((message) => !isBehind(message)),
      turn,
    ),
    park(deps, messages.filter(isBehind)),
  ]);
  turn.end();
  for (const message of brought.left) behind.set(environmentOf(message), deps.now() + PARKED_UNREAD_MS);
  const rest = await park(deps, brought.left);
  return messages.map(
    (message) => brought.errors.get(message) ?? unread.get(message) ?? rest.get(message) ?? null,
  );
}

/** @returns those that were not parked, and why: they are to be tried again */
async function park(
  deps: Deps,
  messages: readonly StripeEventMessage[],
): Promise<Map<StripeEventMessage, Error>> {
  const errors = new Map<StripeEventMessage, Error>();
  for (const message of messages) if (message.wasParked) errors.set(message, new Error(TOOK_TOO_LONG));
  const groups = byEnvironment(messages.filter(({ wasParked }) => !wasParked));
  await Promise.all(
    groups.map(async (group) => {
      const [scope] = group;
      const events = group.map((message) => ({ id: parkedId(message), message: writeEventMessage(message) }));
      try {
        if (scope) await ledger(deps, scope).parkEvents({ events });
      } catch (error) {
        for (const message of group)
          errors.set(message, error instanceof Error ? error : new Error(String(error)));
      }
    }),
  );
  return errors;
}

const TOOK_TOO_LONG = "It was not done within its environment's turn.";

/** The receipt, and whether it is to be decided again: one that is handed over twice is parked once. */
function parkedId({ deliveryId, eventId = "", replay = false }: StripeEventMessage): string {
  return `${deliveryId}/${eventId}/${replay ? "replay" : "first"}`;
}
