// The Worker with queues that take their time: a batch comes in up to four parts, each after a wait of its own of at
// most QUEUE_JITTER_MS, so that its messages are out of step and come in any order. A test that looks twice while a
// queue is at work, or takes an order for granted, then fails often instead of once in a hundred runs.

import { env } from "cloudflare:workers";
import worker, { Ledger } from "../../src/index.ts";
import { randomOf } from "../proof/history.ts";

// With each message by itself, an import of hundreds would be hundreds of calls.
const PARTS = 4;

const jitterMs = Number(env.QUEUE_JITTER_MS);
const random = randomOf(Number(env.QUEUE_JITTER_SEED) || 1);

export { Ledger };

// biome-ignore lint/style/noDefaultExport: a Worker's handlers are its default export.
export default {
  ...worker,
  async queue(batch: MessageBatch<unknown>, bindings: Env): Promise<void> {
    const parts = Map.groupBy(batch.messages, () => random.upTo(PARTS - 1));
    await Promise.all(
      [...parts.values()].map(async (messages) => {
        await new Promise((resolve) => setTimeout(resolve, random.upTo(jitterMs)));
        await worker.queue(partOf(batch, messages.toReversed()), bindings);
      }),
    );
  },
};

function partOf(
  { queue, metadata }: MessageBatch<unknown>,
  messages: readonly Message<unknown>[],
): MessageBatch<unknown> {
  return {
    queue,
    metadata,
    messages,
    ackAll() {
      for (const message of messages) message.ack();
    },
    retryAll(options) {
      for (const message of messages) message.retry(options);
    },
  };
}
