// Every message that a queue may carry, and the only user of the queue bindings. Messages are parsed when
// they arrive: what was written by an older version, or by a mistake, is told apart before it does harm.

import { z } from "zod";
import { AppError } from "./app-error.ts";

const scope = { tenantId: z.string(), environmentId: z.string() };

/** A verified event. Larger ones are in `webhook_payloads` already, and `event` is null. */
export const stripeEventMessage = z.object({
  ...scope,
  connectionId: z.string(),
  /** One receipt at the door: a queue may hand it over twice, Stripe never sent it twice. */
  deliveryId: z.string(),
  receivedAtMs: z.number(),
  source: z.enum(["webhook", "reconciliation"]),
  eventId: z.string(),
  event: z.looseObject({}).nullable(),
});
export type StripeEventMessage = z.infer<typeof stripeEventMessage>;

/** Work that began in our own API: ids only, so that it reads the present state when it runs. */
export const jobMessage = z.discriminatedUnion("kind", [
  z.object({
    ...scope,
    kind: z.literal("create_payment_link"),
    jobId: z.string(),
    invoiceId: z.string(),
    revision: z.number(),
  }),
]);
export type JobMessage = z.infer<typeof jobMessage>;

export type Queues = {
  /** @throws AppError `queue_unavailable` (retryable) when the queue did not take it */
  enqueueStripeEvent: (message: StripeEventMessage) => Promise<void>;
  /** @throws AppError `queue_unavailable` (retryable) when the queue did not take all of them */
  enqueueJobs: (messages: readonly JobMessage[]) => Promise<void>;
};

// Cloudflare's limit is 128,000 bytes with metadata, which the local queue does not hold to (PITFALLS 19).
const MAX_MESSAGE_BYTES = 120_000;
// sendBatch takes at most 100 messages (https://developers.cloudflare.com/queues/platform/limits/).
const MAX_BATCH = 100;

export function createQueues(bindings: { STRIPE_EVENTS: Queue; JOBS: Queue }): Queues {
  return {
    async enqueueStripeEvent(message) {
      await onQueue(() => bindings.STRIPE_EVENTS.send(JSON.stringify(message), { contentType: "text" }));
    },
    async enqueueJobs(messages) {
      for (let start = 0; start < messages.length; start += MAX_BATCH) {
        const batch = messages.slice(start, start + MAX_BATCH);
        const bodies = batch.map((message) => ({
          body: JSON.stringify(message),
          contentType: "text" as const,
        }));
        await onQueue(() => bindings.JOBS.sendBatch(bodies));
      }
    },
  };
}

/** Whether a message fits in a queue, counted in UTF-8 bytes as it will be sent. */
export function fitsInQueue(message: StripeEventMessage): boolean {
  return new TextEncoder().encode(JSON.stringify(message)).byteLength <= MAX_MESSAGE_BYTES;
}

async function onQueue(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (cause) {
    const detail = "The queue did not take the message. Nothing was accepted: send it again.";
    throw new AppError("queue_unavailable", { detail, retryable: true, cause });
  }
}
