// Brings a queue's events to their ledgers: one call for each environment and batch. What fails in one environment
// does not hold another's, and whatever happens, each event's row and payload are there afterwards.

import { explainFault } from "../directory/all-tables.ts";
import { ledger } from "../ledger/client.ts";
import type { ArrivedEvent } from "../ledger/events/arrived-event.ts";
import { AppError } from "../platform/app-error.ts";
import { eachAtMost } from "../platform/at-most.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/event-message.ts";
import { gatherJobs } from "../platform/gather-jobs.ts";
import { errorText } from "../platform/logger.ts";
import { toScope } from "../platform/scope.ts";
import { ENDLESS, type Turn } from "../platform/turn.ts";
import { withAnswers } from "./answer-questions.ts";
import { arrive } from "./arrive.ts";
import { endBadly } from "./give-up-event.ts";
import { ToldEvents } from "./told-events.ts";
import { wakeEvents } from "./wake-events.ts";
import { writeDataPoints } from "./write-data-points.ts";

/** @returns for each message, in their order, null where it is done, or the error for which it is to be tried again */
export async function consumeEvents(
  deps: Deps,
  messages: readonly StripeEventMessage[],
): Promise<(Error | null)[]> {
  const { errors } = await bringEvents(deps, messages, ENDLESS);
  return messages.map((message) => errors.get(message) ?? null);
}

/** What came of a batch: errors for which messages are to be tried again, and for which there was no time. */
export type Brought = {
  errors: ReadonlyMap<StripeEventMessage, Error>;
  left: readonly StripeEventMessage[];
};

/** Brings as many as there is time for. What is left may be brought again, whatever of it was begun. */
export async function bringEvents(
  deps: Deps,
  messages: readonly StripeEventMessage[],
  turn: Turn,
): Promise<Brought> {
  const groups = byEnvironment(messages);
  const batch: Batch = { errors: new Map(), done: new Set(), told: new ToldEvents(), turn };
  const together = { ...deps, queues: gatherJobs(deps.queues) };
  await Promise.all(
    groups.map((group) => Promise.race([consumeGroup(together, group, batch), turn.abandoned])),
  );
  batch.told.write(
    deps,
    groups.flatMap(([first]) => first ?? []),
  );
  const { errors, done } = batch;
  return {
    errors: new Map(errors),
    left: messages.filter((message) => !errors.has(message) && !done.has(message)),
  };
}

/** Each environment's own, in their order. */
export function byEnvironment(messages: readonly StripeEventMessage[]): StripeEventMessage[][] {
  return [...Map.groupBy(messages, environmentOf).values()];
}

export function environmentOf({ tenantId, environmentId }: Scope): string {
  return `${tenantId}/${environmentId}`;
}

/** The same for one. @throws whatever can pass, so that it is tried again */
export async function consumeEvent(deps: Deps, message: StripeEventMessage): Promise<void> {
  const [error] = await consumeEvents(deps, [message]);
  if (error) throw error;
}

type Batch = {
  errors: Map<StripeEventMessage, Error>;
  /** Those with which nothing is to be done any more. */
  done: Set<StripeEventMessage>;
  told: ToldEvents;
  turn: Turn;
};

/** Never throws. */
async function consumeGroup(
  deps: Deps,
  messages: readonly StripeEventMessage[],
  batch: Batch,
): Promise<void> {
  const { errors, turn } = batch;
  const [scope] = messages;
  if (!scope) return;
  const arrived = new Map<ArrivedEvent, StripeEventMessage>();
  for (const message of messages) {
    if (turn.isOver()) break;
    try {
      arrived.set(await arrive(deps, message), message);
    } catch (error) {
      await noteFailure(deps, message, error, batch);
    }
  }
  try {
    await apply(deps, scope, arrived, batch);
  } catch (error) {
    for (const message of arrived.values()) if (!errors.has(message)) errors.set(message, asError(error));
  }
}

// At most six connections may wait for their answer at once
// (https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections).
const ASKS_AT_ONCE = 4;
// What is asked may have changed by the time of the answer; each round asks anew.
const ROUNDS = 4;

async function apply(
  deps: Deps,
  scope: Scope,
  arrived: Map<ArrivedEvent, StripeEventMessage>,
  batch: Batch,
): Promise<void> {
  const { errors, done, told, turn } = batch;
  // One of this batch may have come before what it waits for, too.
  const woken = new Set<string>();
  const waking: StripeEventMessage[] = [];
  let asked = 0;
  let round = [...arrived.keys()];
  while (round.length > 0 && !turn.isAbandoned()) {
    const outcomes = await ledger(deps, scope).applyEvents({ events: round });
    const next: ArrivedEvent[] = [];
    const asking: Asking[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const event = round[index];
      if (!event) continue;
      const message = arrived.get(event);
      if ("failed" in outcome) {
        const failed = new Error(outcome.failed);
        if (message) errors.set(message, failed);
        else await leaveToQueue(deps, scope, event);
      } else if ("ask" in outcome) {
        asking.push({ event, message, questions: asked < ROUNDS ? outcome.ask : null });
      } else {
        // What it woke is brought first: whoever brings it again wakes that again.
        if (message && outcome.ready.length > 0) waking.push(message);
        else if (message) done.add(message);
        writeDataPoints(deps, scope, event, outcome);
        next.push(...(await wakeEvents(deps, scope, outcome.ready, woken)));
      }
    }
    told.add(round, outcomes);
    await eachAtMost(ASKS_AT_ONCE, asking, async ({ event, message, questions }) => {
      // What no message of this batch brought has nobody who would bring it again.
      if (turn.isOver() && message) return;
      const answered = await answer(deps, scope, { event, message, questions }, batch);
      if (answered && message) arrived.set(answered, message);
      if (answered) next.push(answered);
    });
    if (asking.length > 0) asked += 1;
    round = next;
  }
  if (round.length === 0) for (const message of waking) done.add(message);
}

/** `questions`: null where it was asked often enough. */
type Asking = {
  event: ArrivedEvent;
  message: StripeEventMessage | undefined;
  questions: Parameters<typeof withAnswers>[3] | null;
};

/** @returns null where it could not be answered: what that means for its message is noted */
async function answer(
  deps: Deps,
  scope: Scope,
  { event, message, questions }: Asking,
  batch: Batch,
): Promise<ArrivedEvent | null> {
  try {
    if (questions === null) throw changingAllTheTime();
    return await withAnswers(deps, scope, event, questions);
  } catch (error) {
    if (batch.turn.isAbandoned()) return null;
    if (message) await noteFailure(deps, message, error, batch);
    else await leaveToQueue(deps, scope, event);
    return null;
  }
}

/** One that no message of this batch brought, and that failed when its turn came, is tried again like any other. */
async function leaveToQueue(deps: Deps, scope: Scope, event: ArrivedEvent): Promise<void> {
  const { connectionId, deliveryId, receivedAtMs, source, isReplay: replay, id: eventId } = event;
  await deps.queues.enqueueStripeEvent({
    ...toScope(scope),
    ...{ connectionId, deliveryId, receivedAtMs, source, replay, eventId },
    body: null,
  });
}

async function noteFailure(
  deps: Deps,
  message: StripeEventMessage,
  fault: unknown,
  { errors, done }: Batch,
): Promise<void> {
  const error = await explainFault(deps.directory, fault);
  const isFinal = error instanceof AppError && !error.retryable;
  // When it is the ledger that is down, there is no writing of it either: the queue keeps the event.
  const isDown = error instanceof AppError && error.code === "database_unavailable";
  try {
    if (!isDown) await endBadly(deps, message, isFinal ? "dead" : "failed", errorText(error));
    if (isFinal) done.add(message);
    else errors.set(message, asError(error));
  } catch (cause) {
    errors.set(message, asError(cause));
  }
}

function changingAllTheTime(): AppError {
  const detail = "Other events changed the same object again and again.";
  return new AppError("conflict", { detail, retryable: true });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
