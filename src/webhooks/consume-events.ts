// Brings a queue's events to their ledgers: one call for each environment and batch. What fails in one environment
// does not hold another's, and whatever happens, each event's row and payload are there afterwards.

import { explainFault } from "../directory/all-tables.ts";
import { keepUnreadable } from "../directory/unreadable-messages.ts";
import { ledger } from "../ledger/client.ts";
import type { ArrivedEvent, EventOutcome } from "../ledger/events/arrived-event.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { type StripeEventMessage, writeEventMessage } from "../platform/event-message.ts";
import { gatherJobs } from "../platform/gather-jobs.ts";
import { errorText } from "../platform/logger.ts";
import { toScope } from "../platform/scope.ts";
import { withAnswers } from "./answer-questions.ts";
import { arrive, arriveUnread } from "./arrive.ts";
import { wakeEvents } from "./wake-events.ts";
import { writeDataPoints } from "./write-data-points.ts";

/** @returns for each message, in their order, null where it is done, or the error for which it is to be tried again */
export async function consumeEvents(
  deps: Deps,
  messages: readonly StripeEventMessage[],
): Promise<(Error | null)[]> {
  const groups = Map.groupBy(messages, ({ tenantId, environmentId }) => `${tenantId}/${environmentId}`);
  const errors = new Map<StripeEventMessage, Error>();
  const told = new Told();
  const together = { ...deps, queues: gatherJobs(deps.queues) };
  await Promise.all([...groups.values()].map((group) => consumeGroup(together, group, errors, told)));
  told.write(
    deps,
    [...groups.values()].flatMap(([first]) => first ?? []),
  );
  return messages.map((message) => errors.get(message) ?? null);
}

/** The same for one. @throws whatever can pass, so that it is tried again */
export async function consumeEvent(deps: Deps, message: StripeEventMessage): Promise<void> {
  const [error] = await consumeEvents(deps, [message]);
  if (error) throw error;
}

/** Leaves an event dead: visible, announced, and replayable. */
export async function giveUpEvent(deps: Deps, message: StripeEventMessage, error: string): Promise<void> {
  deps.log.error("event gave up", {
    tenant: message.tenantId,
    environment: message.environmentId,
    event: message.eventId ?? null,
  });
  await end(deps, message, "dead", error);
}

async function consumeGroup(
  deps: Deps,
  messages: readonly StripeEventMessage[],
  errors: Map<StripeEventMessage, Error>,
  told: Told,
): Promise<void> {
  const [scope] = messages;
  if (!scope) return;
  const arrived = new Map<ArrivedEvent, StripeEventMessage>();
  for (const message of messages) {
    try {
      arrived.set(await arrive(deps, message), message);
    } catch (error) {
      await noteFailure(deps, message, error, errors);
    }
  }
  try {
    await apply(deps, scope, arrived, errors, told);
  } catch (error) {
    for (const message of arrived.values()) if (!errors.has(message)) errors.set(message, asError(error));
  }
}

// What is asked may have changed by the time of the answer; each round asks anew.
const ROUNDS = 4;

async function apply(
  deps: Deps,
  scope: Scope,
  arrived: Map<ArrivedEvent, StripeEventMessage>,
  errors: Map<StripeEventMessage, Error>,
  told: Told,
): Promise<void> {
  // One of this batch may have come before what it waits for, too.
  const woken = new Set<string>();
  let asked = 0;
  let round = [...arrived.keys()];
  while (round.length > 0) {
    const outcomes = await ledger(deps, scope).applyEvents({ events: round });
    const next: ArrivedEvent[] = [];
    let askedNow = false;
    for (const [index, outcome] of outcomes.entries()) {
      const event = round[index];
      if (!event) continue;
      const message = arrived.get(event);
      if ("failed" in outcome) {
        const failed = new Error(outcome.failed);
        if (message) errors.set(message, failed);
        else await leaveToQueue(deps, scope, event);
      } else if ("ask" in outcome) {
        askedNow = true;
        const questions = asked < ROUNDS ? outcome.ask : null;
        const answered = await answer(deps, scope, event, questions, message, errors);
        if (answered && message) arrived.set(answered, message);
        if (answered) next.push(answered);
      } else {
        writeDataPoints(deps, scope, event, outcome);
        next.push(...(await wakeEvents(deps, scope, outcome.ready, woken)));
      }
    }
    told.add(round, outcomes);
    if (askedNow) asked += 1;
    round = next;
  }
}

/**
 * @param questions null where it was asked often enough
 * @returns null where it could not be answered: what that means for its message is noted
 */
async function answer(
  deps: Deps,
  scope: Scope,
  event: ArrivedEvent,
  questions: Parameters<typeof withAnswers>[3] | null,
  message: StripeEventMessage | undefined,
  errors: Map<StripeEventMessage, Error>,
): Promise<ArrivedEvent | null> {
  try {
    if (questions === null) throw changingAllTheTime();
    return await withAnswers(deps, scope, event, questions);
  } catch (error) {
    if (message) await noteFailure(deps, message, error, errors);
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
  errors: Map<StripeEventMessage, Error>,
): Promise<void> {
  const error = await explainFault(deps.directory, fault);
  const isFinal = error instanceof AppError && !error.retryable;
  // When it is the ledger that is down, there is no writing of it either: the queue keeps the event.
  const isDown = error instanceof AppError && error.code === "database_unavailable";
  try {
    if (!isDown) await end(deps, message, isFinal ? "dead" : "failed", errorText(error));
    if (!isFinal) errors.set(message, asError(error));
  } catch (cause) {
    errors.set(message, asError(cause));
  }
}

async function end(
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

/** One line a batch: a line for each of its environments would cost more than it tells. */
class Told {
  #events = 0;
  #ended = { processed: 0, ignored: 0 };
  #oldestMs = Number.POSITIVE_INFINITY;

  add(events: readonly ArrivedEvent[], outcomes: readonly EventOutcome[]): void {
    this.#events += events.length;
    this.#oldestMs = Math.min(this.#oldestMs, ...events.map(({ createdAtMs }) => createdAtMs));
    for (const outcome of outcomes)
      if ("status" in outcome && outcome.status !== "dead") this.#ended[outcome.status] += 1;
  }

  write(deps: Deps, scopes: readonly Scope[]): void {
    const [only, more] = scopes;
    if (this.#events === 0 || !only) return;
    const whose = more
      ? { environments: scopes.length }
      : { tenant: only.tenantId, environment: only.environmentId };
    const lag = { lag_ms: deps.now() - this.#oldestMs };
    deps.log.info("events taken in", { ...whose, events: this.#events, ...this.#ended, ...lag });
  }
}

function changingAllTheTime(): AppError {
  const detail = "Other events changed the same object again and again.";
  return new AppError("conflict", { detail, retryable: true });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
