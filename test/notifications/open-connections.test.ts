import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { announce } from "../../src/ledger/notifications/announce.ts";
import { consume } from "../../src/queue.ts";
import settings from "../../wrangler.toml?raw";
import { countAsked } from "../harness/count-asked.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

const QUEUE = "quittance-notifications";

// Six may wait for their answer's head at once; a seventh waits for its turn while its own 15 s pass, so that
// one tenant's slow destinations would fail another's
// (https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections).
const MOST_CONNECTIONS = 6;
// https://developers.cloudflare.com/d1/platform/limits/: queries an invocation on the free plan.
const MOST_QUERIES = 50;

test("a full batch of deliveries has no more connections open at once, and makes no more queries, than one invocation may", async () => {
  const world = await createTenantWorld();
  const size = batchSize();
  const receivers = Array.from({ length: size }, createReceiver);
  for (const receiver of receivers) {
    receiver.answer = () =>
      new Promise((resolve) => setTimeout(() => resolve(new Response("no", { status: 500 })), 50));
    await createDestination(world, receiver);
  }
  await inLedger(world.scope, (book) => announce(book, invoicePaid("inv_busy")));
  const ids: string[] = [];
  for (const { id } of (await world.api("GET", "/event_destinations")).body.data) {
    for (const delivery of await deliveriesOf(world, id)) ids.push(delivery.id);
  }
  expect(ids).toHaveLength(size);

  const { most, queries } = await watched(() => {
    const messages = ids.map((deliveryId) => ({
      id: crypto.randomUUID(),
      timestamp: new Date(),
      attempts: 1,
      body: JSON.stringify({ kind: "deliver", ...world.scope, deliveryId }),
    }));
    return consume(createMessageBatch(QUEUE, messages), env);
  });
  expect(receivers.map(({ received }) => received.length)).toEqual(receivers.map(() => 1));
  expect(most).toBeLessThanOrEqual(MOST_CONNECTIONS);
  expect(queries).toBeLessThanOrEqual(MOST_QUERIES);
});

/** `max_batch_size` of the queue's consumer. */
function batchSize(): number {
  const [, consumer = ""] = settings.split(`[[queues.consumers]]\nqueue = "${QUEUE}"\n`);
  const [, size] = /^max_batch_size = (\d+)$/m.exec(consumer) ?? [];
  return Number(size);
}

/** The most fetches under way at one time while it ran, and what the directory and ledgers were asked. */
async function watched(run: () => Promise<void>): Promise<{ most: number; queries: number }> {
  const { fetch } = globalThis;
  let [open, most] = [0, 0];
  globalThis.fetch = async (...given) => {
    open += 1;
    most = Math.max(most, open);
    // Nothing answers at once.
    await new Promise((resolve) => setTimeout(resolve, 5));
    try {
      return await fetch(...given);
    } finally {
      open -= 1;
    }
  };
  try {
    const { directory, ledgers } = await countAsked(run);
    return { most, queries: directory + ledgers };
  } finally {
    globalThis.fetch = fetch;
  }
}
