import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { countAsked } from "../harness/count-asked.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createWorld, eventually } from "../harness/world.ts";
import {
  fillEvents,
  notingDeps,
  payUnheard,
  quietDeps,
  reader,
  reconcile,
  reconcileOnce,
  requestReconciliation,
  rowOf,
} from "./reconcile-fixture.ts";

const HOUR = 3_600_000;

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

test("250 events of one second, over three pages, are taken in once each", async () => {
  const world = await createWorld();
  await payUnheard(world);
  const second = Date.now() - HOUR;
  const ids = fillEvents(world, 250, second);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, second - 10_000);
  const { deps, taken } = notingDeps();
  await reconcile(world, deps);
  expect(taken.filter((id) => id.startsWith("evt_fill"))).toEqual(ids);
});

test("one run is a few queries and calls to the queue, however many events there are", async () => {
  const world = await createWorld();
  await payUnheard(world);
  fillEvents(world, 1_000);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const sends = vi.spyOn(env.STRIPE_EVENTS, "sendBatch").mockImplementation(async () => undefined as never);
  const single = vi.spyOn(env.STRIPE_EVENTS, "send");
  const asked = await countAsked(() => reconcileOnce(world, quietDeps()));
  const counts = [sends.mock.calls.length, single.mock.calls.length];
  vi.restoreAllMocks();
  expect(asked.directory + asked.ledgers).toBeLessThanOrEqual(16);
  expect(counts[0]).toBeLessThanOrEqual(20);
  expect(counts[1]).toBe(0);
  for (const [batch] of sends.mock.calls) {
    const bodies = [...batch].map(({ body }) => String(body));
    expect(bodies.length).toBeLessThanOrEqual(100);
    expect(bodies.join("").length + bodies.length * 100).toBeLessThanOrEqual(256_000);
  }
});

test("an event too large for a queue message is fetched by reconciliation all the same", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  for (const event of eventsOf(world)) Object.assign(event.data.object, { padding: "x".repeat(200_000) });
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const sends = vi.spyOn(env.STRIPE_EVENTS, "sendBatch");
  await reconcile(world);
  const sizes = sends.mock.calls.flatMap(([batch]) => [...batch].map(({ body }) => String(body).length));
  sends.mockRestore();
  expect(sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes)).toBeLessThan(128_000);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("a page of events too large for the queue stays within the free plan's queries, and each is taken in once", async () => {
  const world = await createWorld();
  await payUnheard(world);
  const ids = fillEvents(world, 40, Date.now() - HOUR / 2, { padding: "x".repeat(130_000) });
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const { deps, taken } = notingDeps();
  const asked: number[] = [];
  for (let more = true; more; ) {
    const { directory, ledgers } = await countAsked(async () => {
      ({ more } = await reconcileOnce(world, deps));
    });
    asked.push(directory + ledgers);
  }
  // With the batch's other three jobs (wrangler.toml) it is below 50.
  expect(Math.max(...asked)).toBeLessThanOrEqual(20);
  expect(taken.filter((id) => id.startsWith("evt_fill"))).toEqual(ids);
  expect(await rowOf(world)).toMatchObject({ phase: null, events_missed: 40 });
});
