// What many environments want done at once goes through the queue together, and each piece of it stands by itself.

import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createQueues, readWorkMessages, type WorkMessage } from "../../src/platform/jobs.ts";
import { consume } from "../../src/queue.ts";
import { consumeEvents } from "../../src/webhooks/consume-events.ts";
import { messageOf, outboxRow, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { createLinkedInvoice, linkAtStripe } from "./invoice-fixture.ts";

type Paid = { world: TestWorld; linkId: string; work: WorkMessage };

/** Environments with an invoice each that is paid at Stripe, of which nothing was heard yet. */
function payInEach(count: number): Promise<Paid[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const world = await createWorld();
      const invoice = await createLinkedInvoice(world);
      const linkId = invoice.payment_link.id;
      await sandbox.pay(world.accountId, { paymentLinkId: linkId }, { card: "4242424242424242" });
      return { world, linkId, work: messageOf(world.scope, `deactivate_payment_link/${invoice.id}/1`) };
    }),
  );
}

function completedOf({ world }: Paid) {
  const completed = eventsOf(world).filter(({ type }) => type === "checkout.session.completed");
  return completed.map((event) => messageFor(world, event));
}

/** The works' message as the queue of this name hands it over. @returns whether it was acknowledged */
async function handOver(queue: string, works: readonly WorkMessage[]): Promise<boolean> {
  const body = works.map((work) => JSON.stringify(work)).join("\n");
  const batch = createMessageBatch(queue, [{ id: "m_1", timestamp: new Date(), attempts: 1, body }]);
  let isAcked = false;
  for (const message of batch.messages) {
    message.ack = () => {
      isAcked = true;
    };
  }
  await consume(batch, env);
  return isAcked;
}

test("what the environments of one batch of events want done is sent in one call", async () => {
  const all = await payInEach(3);
  const calls: string[][] = [];
  const deps = testDeps();
  const enqueueJobs = async (works: readonly WorkMessage[]) => void calls.push(works.map(({ id }) => id));
  const queues = { ...deps.queues, enqueueJobs };
  await consumeEvents({ ...deps, queues }, all.flatMap(completedOf));
  expect(calls.map((ids) => ids.toSorted())).toEqual([all.map(({ work }) => work.id).toSorted()]);
});

test("many works are few messages, and none is lost on the way", async () => {
  const bodies: unknown[] = [];
  const sendBatch = async (messages: Iterable<MessageSendRequest>) => {
    for (const { body } of messages) bodies.push(body);
  };
  const works = Array.from({ length: 12 }, (_, n) =>
    messageOf({ tenantId: "t", environmentId: `e_${n}` }, `reconcile/conn_${n}`),
  );
  await createQueues({ ...env, JOBS: { sendBatch } as unknown as Queue }).enqueueJobs(works);
  expect(bodies).toHaveLength(3);
  expect(bodies.flatMap(readWorkMessages)).toEqual(works);
});

test("of one message's works each is done, whatever becomes of the others", async () => {
  const all = await payInEach(3);
  await whileQueueIsDown(() => consumeEvents(testDeps(), all.flatMap(completedOf)));
  const [, failing] = all;
  await failing?.world.api("PATCH", `/connections/${await connectionOf(failing)}`, { is_active: false });
  expect(
    await handOver(
      "quittance-jobs",
      all.map(({ work }) => work),
    ),
  ).toBe(true);
  const ends = await Promise.all(
    all.map(async ({ world, linkId, work }) => [
      linkAtStripe(world, linkId).active,
      (await outboxRow(world.scope, work.id))?.status,
    ]),
  );
  expect(ends).toEqual([
    [false, undefined],
    [true, "waiting"],
    [false, undefined],
  ]);
});

test("of one message that the queue gave up each work is dead, but of an erased environment", async () => {
  const [erased, left] = await payInEach(2);
  if (!erased || !left) throw new Error("There are none.");
  await whileQueueIsDown(() => consumeEvents(testDeps(), [erased, left].flatMap(completedOf)));
  const gone = { ...erased.work, environmentId: "env_gone" };
  expect(await handOver("quittance-jobs-dead", [gone, left.work])).toBe(true);
  expect(await outboxRow(left.world.scope, left.work.id)).toMatchObject({ status: "dead" });
});

async function connectionOf({ world }: Paid): Promise<string> {
  return (await world.api("GET", "/connections")).body.data[0].id;
}
