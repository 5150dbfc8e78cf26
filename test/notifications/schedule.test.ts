import { expect, test } from "vitest";
import { nextDelaySeconds } from "../../src/platform/delivery-schedule.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

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

test("messages that failed together part ways", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  receiver.answer = async () => new Response("down", { status: 500 });
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  for (let index = 0; index < 10; index++) {
    await clock.announce(world.scope, invoicePaid(`inv_${index}`));
  }
  // The first wait is too short for a tenth of it to tell: the second has seven values.
  await clock.run(10);
  const dues = (await deliveriesOf(world, destination.id)).map(({ next_attempt_at }) => next_attempt_at);
  expect(new Set(dues).size).toBeGreaterThan(1);
  await clock.run(31 * 60, 10);
  expect(receiver.received).toHaveLength(90);
});

test.each([
  [429, "120", 120],
  [503, "120", 120],
  [429, () => new Date(Date.now() + HOUR * 1000 + 120_000).toUTCString(), 110],
  [429, String(30 * HOUR), HOUR],
  [500, "120", 5],
  [429, "soon", 5],
  [429, "-3", 5],
  [429, "2", 5],
])("after %i with Retry-After: %s it is not tried for %i s", async (status, asked, leastSeconds) => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const retryAfter = typeof asked === "string" ? asked : asked();
  receiver.answer = async () => new Response("busy", { status, headers: { "retry-after": retryAfter } });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_busy"));
  await clock.drain();
  const [waiting] = await deliveriesOf(world, destination.id);
  const waits = (Date.parse(waiting.next_attempt_at) - clock.now()) / 1000;
  expect(waits).toBeGreaterThanOrEqual(leastSeconds);
  expect(waits).toBeLessThanOrEqual(Math.ceil(leastSeconds * 1.1) + 20);
  receiver.received.length = 0;
  clock.pass((leastSeconds - 2) * 1000);
  await clock.ring();
  await clock.drain();
  expect(receiver.received).toHaveLength(0);
  clock.pass(waits * 1000);
  await clock.ring();
  await clock.drain();
  expect(receiver.received).toHaveLength(1);
});
