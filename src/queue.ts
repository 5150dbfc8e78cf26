// The queues' consumers. Each message is acknowledged or retried by itself, so that one poisoned message
// does not touch its neighbours; what gave up becomes a row that can be seen.

import { noteQueueRun } from "./directory/queue-runs.ts";
import { keepUnreadable } from "./directory/unreadable-messages.ts";
import { isOfErased } from "./message-of-erased.ts";
import { type Background, deliverInTurn } from "./notifications/deliver.ts";
import { readConfig } from "./platform/config.ts";
import { createDeps, type Deps } from "./platform/deps.ts";
import { readEventMessage } from "./platform/event-message.ts";
import { newId } from "./platform/ids.ts";
import {
  type NotificationMessage,
  notificationMessage,
  QUEUE_QUESTION,
  readWorkMessages,
  type WorkMessage,
} from "./platform/jobs.ts";
import { causeText, createLogger, errorText } from "./platform/logger.ts";
import { parseJson } from "./platform/parse-json.ts";
import { retryDelaySeconds } from "./platform/retry-delay.ts";
import { giveUpWorkMessage, runWorks } from "./run-work.ts";
import { giveUpEvent } from "./webhooks/give-up-event.ts";
import { consumeInTurns } from "./webhooks/take-turns.ts";

/**
 * The Worker's queue handler, for every queue that wrangler.toml names.
 * @param context of the invocation; without one all of a batch is waited for
 */
export async function consume(batch: MessageBatch<unknown>, env: Env, context?: Background): Promise<void> {
  const config = readConfig(env);
  if (!config.ok) {
    // Nothing is lost: the messages wait until the settings are right.
    createLogger({}).error("not configured", {
      settings: config.problems.map(({ setting }) => setting).join(", "),
    });
    return batch.retryAll({ delaySeconds: 300 });
  }
  const deps = createDeps(env, config.config, { kind: "queue", id: null, ip: null }, "", newId("req"));
  const questions = batch.messages.filter(({ body }) => body === QUEUE_QUESTION);
  const messages = batch.messages.filter((message) => !questions.includes(message));
  const known = findConsumer(batch.queue);
  const run = { queue: batch.queue, kind: known?.ending ?? null, answers: questions.length > 0 };
  const noted = noteQueueRun(deps, run);
  if (known) await handle(deps, batch.queue, messages, (own, some) => known.consumer(own, some, context));
  else await Promise.all(messages.map((message) => leave(deps, batch.queue, message)));
  const isNoted = await noted;
  for (const question of questions) isNoted ? question.ack() : question.retry({ delaySeconds: 60 });
}

// A queue that no setting was made for drops a message after its third retry.
const TRIES_LEFT_ALONE = 3;

/** A queue that is named otherwise is told of by /readyz. Its messages wait for a while, and then for a person. */
async function leave(deps: Deps, queue: string, message: Message<unknown>): Promise<void> {
  deps.log.error("no consumer for the queue", { queue, message_id: message.id });
  if (message.attempts < TRIES_LEFT_ALONE) return message.retry({ delaySeconds: 600 });
  const error = "No consumer is for a queue of this name.";
  await keepUnreadable(deps, { id: message.id, queue, text: String(message.body), error });
  message.ack();
}

/** A message says whose it is in its first line. */
function firstLine(body: unknown): string {
  return String(body).split("\n", 1)[0] ?? "";
}

/** What became of a message: done, to be tried again for an error, or kept because it cannot be read. */
type Outcome = "done" | "unreadable" | { error: unknown };
/** Takes a batch; what becomes of one message does not touch its neighbours. */
type Consumer = (
  deps: Deps,
  messages: readonly Message<unknown>[],
  context?: Background,
) => Promise<Outcome[]>;

const GAVE_UP = "It failed at every try, over hours.";

/** By what the queue's name ends in: in one account several deployments have queues of several names. */
const CONSUMERS: Record<string, Consumer> = {
  "stripe-events": takeEvents,
  "stripe-events-dead": each(readEventMessage, (deps, message) => giveUpEvent(deps, message, GAVE_UP)),
  jobs: takeWorks,
  "jobs-dead": each(readWorkMessages, giveUpWorks),
  notifications: each(readNotification, deliverInTurn),
  // The ledger enqueues it again when it is due.
  "notifications-dead": each(readNotification, async () => {}),
};

function findConsumer(queue: string): { ending: string; consumer: Consumer } | null {
  const found = Object.entries(CONSUMERS).find(
    ([ending]) => queue === ending || queue.endsWith(`-${ending}`),
  );
  return found ? { ending: found[0], consumer: found[1] } : null;
}

async function takeEvents(deps: Deps, messages: readonly Message<unknown>[]): Promise<Outcome[]> {
  const read = messages.map(({ body }) => readEventMessage(body));
  const readable = read.filter((message) => message !== null);
  const errors = await consumeInTurns(deps, readable);
  return read.map((message) => {
    if (message === null) return "unreadable";
    const error = errors[readable.indexOf(message)] ?? null;
    return error === null ? "done" : { error };
  });
}

/** One message after another's fashion: each by itself, all at once. */
function each<T>(
  read: (body: unknown) => T | null,
  run: (deps: Deps, message: T, context?: Background) => Promise<void>,
): Consumer {
  return (deps, messages, context) =>
    Promise.all(
      messages.map(async ({ body }): Promise<Outcome> => {
        const message = read(body);
        if (message === null) return "unreadable";
        try {
          await run(deps, message, context);
          return "done";
        } catch (error) {
          return { error };
        }
      }),
    );
}

function readNotification(body: unknown): NotificationMessage | null {
  return notificationMessage.safeParse(parseJson(body)).data ?? null;
}

/** All works of a batch together, which never throws. */
async function takeWorks(deps: Deps, messages: readonly Message<unknown>[]): Promise<Outcome[]> {
  const read = messages.map(({ body }) => readWorkMessages(body));
  const works = read.flatMap((ofMessage) => ofMessage ?? []);
  await runWorks(deps, works);
  return read.map((ofMessage) => (ofMessage === null ? "unreadable" : "done"));
}

/** Each, whatever becomes of the others. @throws the first that failed; what is of an erased environment does not */
async function giveUpWorks(deps: Deps, messages: readonly WorkMessage[]): Promise<void> {
  const failed: unknown[] = [];
  for (const message of messages) {
    try {
      await giveUpWorkMessage(deps, message);
    } catch (error) {
      if (!(await isOfErased(deps, message, error))) failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}

async function handle(
  deps: Deps,
  queue: string,
  messages: readonly Message<unknown>[],
  consumer: Consumer,
): Promise<void> {
  const outcomes = await consumer(deps, messages);
  await Promise.all(
    messages.map(async (message, index) => {
      const outcome = outcomes[index] ?? { error: new Error("The consumer passed it over.") };
      if (outcome === "done") return message.ack();
      if (outcome !== "unreadable") return tryAgain(deps, message, outcome.error);
      try {
        deps.log.error("unreadable message kept", { message_id: message.id });
        await keepUnreadable(deps, { id: message.id, queue, text: String(message.body) });
        message.ack();
      } catch (error) {
        await tryAgain(deps, message, error);
      }
    }),
  );
}

async function tryAgain(deps: Deps, message: Message<unknown>, error: unknown): Promise<void> {
  if (await isOfErased(deps, firstLine(message.body), error)) {
    deps.log.warn("message of an erased environment dropped", { message_id: message.id });
    return message.ack();
  }
  const delaySeconds = retryDelaySeconds(message.attempts, error);
  const fields = { message_id: message.id, attempts: message.attempts, delay_seconds: delaySeconds };
  deps.log.warn("message will be tried again", {
    ...fields,
    error: errorText(error),
    cause: causeText(error),
  });
  message.retry({ delaySeconds });
}
