import { expect, test } from "vitest";
import { nextDelaySeconds } from "../../src/notifications/delivery-state.ts";
import { createTenantWorld, testDeps } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, invoicePaid } from "./receiver.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const WANTED = [5, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

test("each wait is as long as it is said to be, and up to a tenth longer by chance, never shorter", () => {
  for (const random of [0, 0.37, 0.999]) {
    const waits = WANTED.map((_, step) => nextDelaySeconds(step, random) ?? 0);
    expect(waits).toEqual(WANTED.map((wanted) => Math.ceil(wanted * (1 + random / 10))));
  }
  expect(nextDelaySeconds(WANTED.length, 0.5)).toBeNull();
});

test("messages that failed together part ways, and no wait is given to a queue that is longer than it holds one", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  receiver.answer = async () => new Response("down", { status: 500 });
  await createDestination(world, receiver);
  const delays: number[] = [];
  const queues = testDeps().queues;
  const clock = createClockwork();
  const enqueue = clock.deps.queues.enqueueNotifications;
  clock.deps.queues = {
    ...queues,
    async enqueueNotifications(messages, delaySeconds = 0) {
      delays.push(delaySeconds);
      await enqueue(messages, delaySeconds);
    },
  };
  for (let index = 0; index < 10; index++) {
    await clock.announce(world.scope, invoicePaid(`inv_${index}`));
  }
  await clock.run(31 * 60, 10);
  expect(receiver.received).toHaveLength(90);
  expect(Math.max(...delays)).toBeLessThanOrEqual(5 * MINUTE * 1.1);
  const thirds = delays.filter((delay) => delay >= 5 * MINUTE);
  expect(thirds).toHaveLength(10);
  expect(new Set(thirds).size).toBeGreaterThan(3);
});
