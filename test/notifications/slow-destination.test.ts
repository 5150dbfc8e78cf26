// One environment's destination that does not answer keeps no other's message waiting, in the same batch or behind it.

import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { announce } from "../../src/ledger/notifications/announce.ts";
import { consume } from "../../src/queue.ts";
import settings from "../../wrangler.toml?raw";
import { inLedger } from "../harness/in-ledger.ts";
import { createTenantWorld, eventually } from "../harness/world.ts";
import { createDestination, createReceiver, deliveriesOf, invoicePaid, type Receiver } from "./receiver.ts";

/** It answers when it is let go. */
function holding(receiver: Receiver) {
  const letGo = Promise.withResolvers<void>();
  receiver.answer = async () => {
    await letGo.promise;
    return new Response("thanks");
  };
  return { letGo: letGo.resolve };
}

type Listening = {
  world: Awaited<ReturnType<typeof createTenantWorld>>;
  receiver: Receiver;
  /** Of the destination. */
  id: string;
};

async function listening(): Promise<Listening> {
  const [world, receiver] = [await createTenantWorld(), createReceiver()];
  const { id } = await createDestination(world, receiver);
  return { world, receiver, id };
}

async function statusOf({ world, id }: Listening): Promise<string> {
  const [delivery] = await deliveriesOf(world, id);
  return delivery?.status;
}

function untilDelivered(one: Listening): Promise<string> {
  return eventually(
    () => statusOf(one),
    (status) => status === "succeeded",
  );
}

test("a batch in which one environment's destination does not answer ends with the others' messages delivered, and that one is heard to the end", async () => {
  const [slow, quick] = [await listening(), await listening()];
  const held = holding(slow.receiver);
  const messages = [];
  for (const { world, id } of [slow, quick]) {
    await inLedger(world.scope, (book) => announce(book, invoicePaid("inv_1")));
    const [delivery] = await deliveriesOf(world, id);
    const body = JSON.stringify({ kind: "deliver", ...world.scope, deliveryId: delivery?.id });
    messages.push({ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body });
  }
  const context = createExecutionContext();
  await consume(createMessageBatch("quittance-notifications", messages), env, context);
  await untilDelivered(quick);
  expect(await statusOf(slow)).toBe("pending");
  held.letGo();
  await waitOnExecutionContext(context);
  expect(await statusOf(slow)).toBe("succeeded");
  expect(slow.receiver.received).toHaveLength(1);
});

// The test's own queues wait for all that goes on, whatever the flag says; workerd and Cloudflare do not with it.
test("a batch is over for the queue when it ends, whatever of it goes on", () => {
  expect(settings).toMatch(/^compatibility_flags = \[.*"queue_consumer_no_wait_for_wait_until".*\]$/m);
});
