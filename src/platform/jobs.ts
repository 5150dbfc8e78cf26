// Every message that a queue may carry, and the only user of the queue bindings. Messages are parsed when
// they arrive: what was written by an older version, or by a mistake, is told apart before it does harm.

import * as z from "zod";
import { AppError } from "./app-error.ts";
import { type StripeEventMessage, writeEventMessage } from "./event-message.ts";
import { parseJson } from "./parse-json.ts";
import { JURISDICTIONS } from "./scope.ts";
import { byteLength } from "./text.ts";

/** Why nothing can be done with a message that fits none of these shapes. */
export const UNREADABLE = "The message does not fit any known shape.";

/**
 * What a queue's name ends in, and the binding that sends to it. A Worker is not told the names of its queues, and in
 * one account several deployments have queues of several names.
 */
export const QUEUE_BINDINGS = {
  "stripe-events": "STRIPE_EVENTS",
  jobs: "JOBS",
  notifications: "NOTIFICATIONS",
} as const;
export type QueueKind = keyof typeof QUEUE_BINDINGS;
export const QUEUE_KINDS = Object.keys(QUEUE_BINDINGS) as QueueKind[];

/** The body by which cron asks a queue whether anybody serves it. */
export const QUEUE_QUESTION = '{"kind":"are_you_served"}';

/** Whose message it is. */
const scope = {
  tenantId: z.string(),
  environmentId: z.string(),
  jurisdiction: z.enum(JURISDICTIONS).nullish(),
};

export const messageScope = z.object(scope);

/** What caused it: see `Deps.trace`. */
const cause = { trace: z.string().optional() };

/** What can be done outside: each is a kind of row in a ledger's outbox. */
export const WORK_KINDS = [
  "create_payment_link",
  "deactivate_payment_link",
  "reconcile",
  "send_mail",
  "sync_customer",
  "mirror_subscriptions",
  "run_customers",
  "bring_parked_events",
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** A row of the outbox is to be worked on. What exactly is to be done, the ledger says when it is claimed. */
export const workMessage = z.object({ ...scope, ...cause, kind: z.enum(WORK_KINDS), id: z.string() });
export type WorkMessage = z.infer<typeof workMessage>;

/** A message to an event destination is to be sent. What exactly, the ledger says when it is claimed. */
export const notificationMessage = z.object({
  ...scope,
  ...cause,
  kind: z.literal("deliver"),
  deliveryId: z.string(),
});
export type NotificationMessage = z.infer<typeof notificationMessage>;

/** The works of one message, a line each; null where any of them is none. */
export function readWorkMessages(body: unknown): WorkMessage[] | null {
  const lines = typeof body === "string" ? body.split("\n").map(parseJson) : [body];
  return z.array(workMessage).safeParse(lines).data ?? null;
}

export type Queues = {
  /** @throws AppError `queue_unavailable` (retryable) when the queue did not take it */
  enqueueStripeEvent: (message: StripeEventMessage) => Promise<void>;
  /** Many in few calls. @throws AppError `queue_unavailable` (retryable) when the queue did not take all of them */
  enqueueStripeEvents: (messages: readonly StripeEventMessage[]) => Promise<void>;
  /** @throws AppError `queue_unavailable` (retryable) when the queue did not take all of them */
  enqueueJobs: (messages: readonly WorkMessage[]) => Promise<void>;
  /** @throws AppError `queue_unavailable` (retryable) when the queue did not take all of them */
  enqueueNotifications: (messages: readonly NotificationMessage[]) => Promise<void>;
  /** Sends each of these {@link QUEUE_QUESTION}. @throws AppError `queue_unavailable` (retryable) */
  ask: (kinds: readonly QueueKind[]) => Promise<void>;
};

// Cloudflare's limit is 128,000 bytes with metadata, which the local queue does not hold to.
const MAX_MESSAGE_BYTES = 120_000;
// sendBatch takes at most 100 messages and 256 KB (https://developers.cloudflare.com/queues/platform/limits/).
const MAX_BATCH = 100;
const MAX_BATCH_BYTES = 250_000;
// What a message's metadata counts for, there as well.
const METADATA_BYTES = 100;
// A queue charges by the message. Ids are short, so that so many are one; they share the time of one invocation.
export const LINES_A_MESSAGE = 5;

export function createQueues(bindings: Pick<Env, "STRIPE_EVENTS" | "JOBS" | "NOTIFICATIONS">): Queues {
  return {
    async enqueueStripeEvent(message) {
      const text = writeEventMessage(message);
      await onQueue(() => bindings.STRIPE_EVENTS.send(text, { contentType: "text" }));
    },
    enqueueStripeEvents: (messages) => sendAll(bindings.STRIPE_EVENTS, messages.map(writeEventMessage)),
    enqueueJobs: (messages) => sendAll(bindings.JOBS, inLines(messages)),
    enqueueNotifications: (messages) =>
      sendAll(
        bindings.NOTIFICATIONS,
        messages.map((message) => JSON.stringify(message)),
      ),
    async ask(kinds) {
      for (const kind of kinds)
        await onQueue(() => bindings[QUEUE_BINDINGS[kind]].send(QUEUE_QUESTION, { contentType: "text" }));
    },
  };
}

function inLines(messages: readonly WorkMessage[]): string[] {
  const lines = messages.map((message) => JSON.stringify(message));
  const length = Math.ceil(lines.length / LINES_A_MESSAGE);
  return Array.from({ length }, (_, n) =>
    lines.slice(n * LINES_A_MESSAGE, (n + 1) * LINES_A_MESSAGE).join("\n"),
  );
}

async function sendAll(queue: Queue, bodies: readonly string[]): Promise<void> {
  for (const batch of batchesOf(bodies)) {
    const requests = batch.map((body) => ({ body, contentType: "text" as const }));
    await onQueue(() => queue.sendBatch(requests));
  }
}

function batchesOf(bodies: readonly string[]): string[][] {
  const batches: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = byteLength(body) + METADATA_BYTES;
    const batch = batches.at(-1);
    if (batch && batch.length < MAX_BATCH && bytes + size <= MAX_BATCH_BYTES) {
      batch.push(body);
      bytes += size;
    } else {
      batches.push([body]);
      bytes = size;
    }
  }
  return batches;
}

/** Whether a message fits in a queue, counted in UTF-8 bytes as it will be sent. */
export function fitsInQueue(message: StripeEventMessage): boolean {
  // UTF-8 has at most three bytes for each of a string's units.
  const text = writeEventMessage(message);
  return text.length * 3 <= MAX_MESSAGE_BYTES || byteLength(text) <= MAX_MESSAGE_BYTES;
}

async function onQueue(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (cause) {
    const detail = "The queue did not take the message. Nothing was accepted: send it again.";
    throw new AppError("queue_unavailable", { detail, retryable: true, cause });
  }
}
