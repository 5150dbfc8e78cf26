import { expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { deliver } from "../../src/notifications/deliver.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

test("the same cause announced twice, and its message handed over many times at once, is sent once", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  receiver.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return new Response("taken");
  };
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_twice"));
  await clock.announce(world.scope, invoicePaid("inv_twice"));
  const [delivery] = await deliveriesOf(world, destination.id);
  await Promise.all(
    Array.from({ length: 5 }, () => deliver(clock.deps, { ...world.scope, deliveryId: delivery.id })),
  );
  await clock.drain();
  await clock.run(3);

  expect(receiver.received).toHaveLength(1);
  expect(await deliveriesOf(world, destination.id)).toMatchObject([{ status: "succeeded", attempts: 1 }]);
});

test("two alarms at once enqueue each thing once", async () => {
  const world = await createTenantWorld();
  // As many as are in the queue at once, for each of two.
  for (const receiver of [createReceiver(), createReceiver()]) await createDestination(world, receiver);
  const clock = createClockwork();
  for (let index = 0; index < 6; index++) await clock.announce(world.scope, invoicePaid(`inv_cron_${index}`));
  clock.queue.length = 0;
  clock.pass(60_000);
  await Promise.all(Array.from({ length: 4 }, () => clock.ring()));
  const ids = clock.queue.map(({ deliveryId }) => deliveryId);
  expect(ids).toHaveLength(12);
  expect(new Set(ids).size).toBe(12);
});

test("of a try that was given up for dead only a success counts", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  const asked = ledger(clock.deps, world.scope);
  const answered = { durationMs: 1, response: "", retryAfterSeconds: null, error: null };
  const claim = async (id: string) => {
    const claimed = await asked.claimDelivery({ id });
    if (!claimed) throw new Error("It was not given.");
    const conclude = (status: number) =>
      asked.concludeDelivery({ ...claimed, url: receiver.url, sent: { ...answered, status }, random: 0 });
    return conclude;
  };
  await clock.announce(world.scope, invoicePaid("inv_late"));
  const [delivery] = await deliveriesOf(world, destination.id);
  const concludeLate = await claim(delivery.id);
  clock.pass(61_000);
  const concludePresent = await claim(delivery.id);
  await concludeLate(410);
  const read = async () => (await deliveriesOf(world, destination.id))[0];
  expect(await read()).toMatchObject({ status: "pending", attempts: 1 });
  const seen = (await world.api("GET", `/event_destinations/${destination.id}`)).body;
  expect(seen).toMatchObject({ is_active: true, failing_since: null });
  await concludeLate(200);
  expect(await read()).toMatchObject({ status: "succeeded", attempts: 2 });
  await concludePresent(500);
  expect(await read()).toMatchObject({ status: "succeeded", attempts: 3, error: null });
});
