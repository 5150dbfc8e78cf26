// A delivery that is retried by hand: how often it goes out, whoever asks at once.

import { expect, test } from "vitest";
import { deliver } from "../../src/notifications/deliver.ts";
import { createTenantWorld, eventually } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

/** A destination that has refused its message as often as the schedule tries. */
async function givenUp() {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  receiver.answer = async () => new Response("down", { status: 503 });
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_retry"));
  await clock.run(34 * 60, 5);
  const [delivery] = await deliveriesOf(world, destination.id);
  expect(delivery.status).toBe("failed");
  receiver.received.length = 0;
  const read = async () => (await deliveriesOf(world, destination.id))[0];
  return { ...world, receiver, clock, delivery, read, path: `/deliveries/${delivery.id}/retry` };
}

const retries = async (world: { api: Awaited<ReturnType<typeof givenUp>>["api"] }) =>
  (await world.api("GET", "/audit_log?action=delivery.retried")).body.data;

test("of calls at once without a key one sends it again: the others are 409 and say so", async () => {
  const world = await givenUp();
  world.receiver.answer = async () => new Response("back");
  const answers = await Promise.all(Array.from({ length: 4 }, () => world.api("POST", world.path)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
  for (const { body } of answers.filter(({ status }) => status === 409)) {
    expect(body.code).toBe("conflict");
    expect(body.detail).toMatch(/This delivery is (about to be sent already|being tried at this moment)\./);
  }
  await eventually(world.read, ({ status }) => status === "succeeded");
  expect(world.receiver.received).toHaveLength(1);
  expect(await retries(world)).toHaveLength(1);
  // What has come to an end may be asked for again.
  expect((await world.api("POST", world.path)).status).toBe(202);
  await eventually(
    async () => world.receiver.received.length,
    (count) => count === 2,
  );
});

test("a delivery that is being tried is 409, and is not sent a second time beside that try", async () => {
  const world = await givenUp();
  const { promise: answered, resolve: answer } = Promise.withResolvers<Response>();
  world.receiver.answer = () => answered;
  expect((await world.api("POST", world.path)).status).toBe(202);
  await eventually(
    async () => world.receiver.received.length,
    (count) => count === 1,
  );
  const refused = await world.api("POST", world.path);
  expect([refused.status, refused.body.detail]).toEqual([
    409,
    "This delivery is being tried at this moment. See first how that ends.",
  ]);
  answer(new Response("taken"));
  await eventually(world.read, ({ status }) => status === "succeeded");
  expect(world.receiver.received).toHaveLength(1);
});

test("one that waits for a later try is sent sooner, once", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  receiver.answer = async () => new Response("down", { status: 503 });
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_waits"));
  await clock.run(45);
  const [waiting] = await deliveriesOf(world, destination.id);
  expect(waiting.status).toBe("pending");
  expect(Date.parse(waiting.next_attempt_at)).toBeGreaterThan(clock.now());
  receiver.received.length = 0;
  receiver.answer = async () => new Response("back");
  expect((await world.api("POST", `/deliveries/${waiting.id}/retry`)).status).toBe(202);
  await eventually(
    async () => (await deliveriesOf(world, destination.id))[0].status,
    (status) => status === "succeeded",
  );
  // The message that the queue held back for the later try finds nothing to do.
  await deliver(clock.deps, { ...world.scope, deliveryId: waiting.id });
  expect(receiver.received).toHaveLength(1);
});
