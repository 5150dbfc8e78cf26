// Environments take turns: one whose events are many and slow delays its own, and nobody else's.

import { env } from "cloudflare:workers";
import { afterAll, expect, test } from "vitest";
import { writeEventMessage } from "../../src/platform/event-message.ts";
import { createQueues } from "../../src/platform/jobs.ts";
import { consumeInTurns } from "../../src/webhooks/take-turns.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliverEvent, eventsOf } from "../harness/stripe-delivery.ts";
import { createPayableInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { quietDeps } from "./deliver.ts";

const usual = globalThis.fetch;
afterAll(() => {
  globalThis.fetch = usual;
});

/** Stripe does not answer this world until it is let. */
function hangStripe({ secretKey }: TestWorld): () => void {
  const { promise: answers, resolve } = Promise.withResolvers<void>();
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.headers.get("authorization")?.includes(secretKey)) await answers;
    return usual(request);
  };
  return resolve;
}

/** Each names an object that Stripe has to be asked for. */
const asking = (world: TestWorld, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...world.scope,
    connectionId: world.connectionId,
    deliveryId: `dlv_flood_${index}`,
    receivedAtMs: Date.now(),
    source: "webhook" as const,
    body: JSON.stringify({
      ...{ id: `evt_flood_${index}`, object: "v2.core.event", type: "v1.charge.succeeded" },
      ...{ created: new Date().toISOString(), livemode: false },
      related_object: { id: `ch_${index}`, type: "charge", url: `/v1/charges/ch_${index}` },
    }),
  }));

const count = async ({ scope }: TestWorld, from: string): Promise<number> =>
  Number((await ledgerSql(scope).prepare(`SELECT COUNT(*) AS n FROM ${from}`).first<{ n: number }>())?.n);

test("another's payment is settled while a flood waits for a Stripe that does not answer; the flood is taken in whole once it does", async () => {
  sandbox.world.deliveryPolicy.withhold = true;
  const [noisy, other] = [await createWorld(), await createWorld()];
  const { id } = await createPayableInvoice(other);
  const [link] = Object.keys(sandbox.world.accounts[other.accountId]?.paymentLinks ?? {});
  await sandbox.pay(other.accountId, { paymentLinkId: link ?? "" }, { card: "4242424242424242" });

  const letAnswer = hangStripe(noisy);
  const flood = asking(noisy, 150);
  await createQueues(env).enqueueStripeEvents(flood);
  const paid = eventsOf(other).find(({ type }) => type === "checkout.session.completed");
  expect((await deliverEvent(other, paid)).status).toBe(200);
  await eventually(
    async () => (await other.api("GET", `/invoices/${id}`)).body.status,
    (status) => status === "paid",
  );
  // It was ahead of the payment in the queue, and none of it is decided yet.
  expect(await count(noisy, "webhook_events WHERE status = 'ignored'")).toBe(0);

  letAnswer();
  await eventually(
    () => count(noisy, "webhook_events WHERE status = 'ignored'"),
    (taken) => taken === flood.length,
  );
  await eventually(
    () => count(noisy, "parked_events"),
    (left) => left === 0,
  );
});

test("what is left of a turn is parked once, however often the queue hands it over, and read by whoever brings it", async () => {
  const noisy = await createWorld();
  const letAnswer = hangStripe(noisy);
  const flood = asking(noisy, 3);
  const deps = { ...quietDeps, queues: { ...quietDeps.queues, enqueueJobs: async () => {} } };
  expect(await consumeInTurns(deps, flood, 1)).toEqual([null, null, null]);
  expect(await consumeInTurns(deps, flood, 1)).toEqual([null, null, null]);
  const parked = await ledgerSql(noisy.scope)
    .prepare("SELECT message FROM parked_events")
    .all<{ message: string }>();
  expect(parked.results.map(({ message }) => message).sort()).toEqual(flood.map(writeEventMessage).sort());
  // One that was parked before is not parked again: the queue tries it as often as any other.
  const [again] = await consumeInTurns(
    deps,
    flood.slice(0, 1).map((one) => ({ ...one, wasParked: true })),
    1,
  );
  expect(again).toBeInstanceOf(Error);
  letAnswer();
});
