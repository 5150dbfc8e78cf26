// The queues' consumers. Each message is acknowledged or retried by itself, so that one poisoned message
// does not touch its neighbours; what gave up becomes a row that can be seen.

import type * as z from "zod";
import { noteQueueRun } from "./directory/queue-runs.ts";
import { keepUnreadable } from "./directory/unreadable-messages.ts";
import { isOfErased } from "./message-of-erased.ts";
import { consumeNotification, giveUpNotification } from "./notifications/consume-notification.ts";
import { hastenNotifications } from "./notifications/sweep-notifications.ts";
import { readConfig } from "./platform/config.ts";
import { createDeps, type Deps, type Scope } from "./platform/deps.ts";
import { newId } from "./platform/ids.ts";
import {
  messageScope,
  notificationMessage,
  QUEUE_QUESTION,
  stripeEventMessage,
  workMessage,
} from "./platform/jobs.ts";
import { causeText, createLogger, errorText } from "./platform/logger.ts";
import { parseJson } from "./platform/parse-json.ts";
import { retryDelaySeconds } from "./platform/retry-delay.ts";
import { objects } from "./render-objects.ts";
import { giveUpWork, runWork } from "./run-work.ts";
import { consumeEvent, giveUpEvent } from "./webhooks/consume-event.ts";

/** The Worker's queue handler, for every queue that wrangler.toml names. */
export async function consume(batch: MessageBatch<unknown>, env: Env): Promise<void> {
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
  if (known) await Promise.all(messages.map((message) => handle(deps, batch.queue, known.consumer, message)));
  else await Promise.all(messages.map((message) => leave(deps, batch.queue, message)));
  const isNoted = await noted;
  for (const question of questions) isNoted ? question.ack() : question.retry({ delaySeconds: 60 });
  // What these messages announced goes out now, not at the next sweep.
  for (const scope of scopesOf(messages)) await hastenNotifications(deps, scope);
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

/** The environments that these messages are about, each once. */
function scopesOf(messages: readonly Message<unknown>[]): Scope[] {
  const parsed = messages.flatMap(({ body }) => messageScope.safeParse(parseJson(body)).data ?? []);
  return [...new Map(parsed.map((scope) => [scope.environmentId, scope])).values()];
}

/** Takes one message; throwing means: try again later. */
type Consumer = (deps: Deps, text: unknown, attempts: number) => Promise<"done" | "unreadable">;

const GAVE_UP = "It failed at every try, over hours.";

/** By what the queue's name ends in: in one account several deployments have queues of several names. */
const CONSUMERS: Record<string, Consumer> = {
  "stripe-events": consumer(stripeEventMessage, consumeEvent),
  "stripe-events-dead": consumer(stripeEventMessage, (deps, message) => giveUpEvent(deps, message, GAVE_UP)),
  jobs: consumer(workMessage, runWork),
  "jobs-dead": consumer(workMessage, giveUpWork),
  notifications: consumer(notificationMessage, (deps, message) =>
    consumeNotification(deps, objects, message),
  ),
  "notifications-dead": consumer(notificationMessage, giveUpNotification),
};

function findConsumer(queue: string): { ending: string; consumer: Consumer } | null {
  const found = Object.entries(CONSUMERS).find(
    ([ending]) => queue === ending || queue.endsWith(`-${ending}`),
  );
  return found ? { ending: found[0], consumer: found[1] } : null;
}

function consumer<S extends z.ZodType>(
  schema: S,
  run: (deps: Deps, message: z.infer<S>, attempts: number) => Promise<void>,
): Consumer {
  return async (deps, text, attempts) => {
    const parsed = schema.safeParse(parseJson(text));
    if (!parsed.success) return "unreadable";
    await run(deps, parsed.data, attempts);
    return "done";
  };
}

async function handle(
  deps: Deps,
  queue: string,
  consumer: Consumer,
  message: Message<unknown>,
): Promise<void> {
  try {
    const result = await consumer(deps, message.body, message.attempts);
    if (result === "unreadable") {
      deps.log.error("unreadable message kept", { message_id: message.id });
      await keepUnreadable(deps, { id: message.id, queue, text: String(message.body) });
    }
    message.ack();
  } catch (error) {
    if (await isOfErased(deps, message.body, error)) {
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
}
