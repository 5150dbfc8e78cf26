import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import { announce } from "../../src/ledger/notifications/announce.ts";
import { deliver } from "../../src/notifications/deliver.ts";
import { AppError } from "../../src/platform/app-error.ts";
import type { Deps } from "../../src/platform/deps.ts";
import type { Queues } from "../../src/platform/jobs.ts";
import { guardedLedgers, type LedgerGuard } from "../harness/guarded-ledgers.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { createTenantWorld } from "../harness/world.ts";
import { failingDatabase } from "./failing-database.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

test("a destination that is down for a day gets every message of that day, each effective once", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  // A receiver as the specification wants it: it takes what it can, and acts once for each id.
  const effective = new Map<string, number>();
  let up = true;
  receiver.answer = async (request) => {
    if (!up) return new Response("down", { status: 502 });
    const id = request.headers.get("webhook-id") ?? "";
    effective.set(id, (effective.get(id) ?? 0) + 1);
    // Some answers are lost on the way back, so that the same message comes again.
    const lost = /inv_(13|17|21)"/.test(await request.text()) && effective.get(id) === 1;
    return lost ? new Response("lost", { status: 504 }) : new Response("taken");
  };
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_before"));
  await clock.run(10);
  up = false;
  for (let hour = 0; hour < 24; hour++) {
    await clock.announce(world.scope, invoicePaid(`inv_${hour}`));
    await clock.run(60, 15);
  }
  up = true;
  await clock.announce(world.scope, invoicePaid("inv_after"));
  await clock.run(28 * 60, 15);

  expect(effective.size).toBe(26);
  expect([...effective.values()].filter((times) => times > 1)).toHaveLength(3);
  const deliveries = await deliveriesOf(world, destination.id);
  expect(deliveries).toHaveLength(26);
  expect(new Set(deliveries.map((delivery) => delivery.status))).toEqual(new Set(["succeeded"]));
  const seen = (await world.api("GET", `/event_destinations/${destination.id}`)).body;
  expect(seen).toMatchObject({ is_active: true, failing_since: null });
});

test("what was committed and never enqueued is sent when the ledger's alarm rings, after a minute", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_orphan"));
  // The process died right after the commit.
  clock.queue.length = 0;
  await clock.ring();
  expect(clock.queue).toHaveLength(0);
  await clock.run(1);
  expect(receiver.received).toHaveLength(1);
});

test("what died in the middle of a try is sent again, under the same id", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_dies"));
  const [pending] = await deliveriesOf(world, destination.id);
  // A try has claimed it, and the isolate is gone before it sends.
  expect(await ledger(clock.deps, world.scope).claimDelivery({ id: pending.id })).not.toBeNull();
  await clock.drain();
  expect(receiver.received).toHaveLength(0);
  await clock.run(2);
  expect(receiver.received).toHaveLength(1);
  // The isolate is gone after it has sent, before it could say so.
  await clock.announce(world.scope, invoicePaid("inv_dies_later"));
  const dying = guarded(clock.deps, async (run, call) => {
    if (call?.verb === "concludeDelivery") throw new Error("Network connection lost.");
    return run();
  });
  for (const message of clock.queue.splice(0)) await deliver(dying, message);
  expect(receiver.received).toHaveLength(2);
  await clock.run(2);
  const deliveries = await deliveriesOf(world, destination.id);
  expect(deliveries.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
  expect(receiver.received).toHaveLength(3);
  expect(receiver.received[2]?.id).toBe(receiver.received[1]?.id);
});

test("a ledger that dies between the claim and its conclusion, and forgets who is at what, takes what came of the try", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  receiver.answer = async () => {
    await evictDurableObject(env.LEDGER.getByName(ledgerName(world.scope)));
    return new Response("down", { status: 500 });
  };
  await clock.announce(world.scope, invoicePaid("inv_evicted"));
  await clock.drain();
  const [waiting] = await deliveriesOf(world, destination.id);
  expect(waiting).toMatchObject({ status: "pending", attempts: 1, response_status: 500 });
  receiver.answer = async () => new Response("taken");
  await clock.run(1);
  expect(await deliveriesOf(world, destination.id)).toMatchObject([{ status: "succeeded", attempts: 2 }]);
});

test("a ledger that dies in the middle of an announcement has announced nothing, and the same cause again announces it", async () => {
  const world = await createTenantWorld();
  const destination = await createDestination(world, createReceiver());
  const dying = inLedger(world.scope, (book) => {
    announce(book, invoicePaid("inv_half"));
    throw new Error("It died.");
  });
  await expect(dying).rejects.toThrow("It died.");
  expect(await deliveriesOf(world, destination.id)).toEqual([]);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_half"));
  await clock.drain();
  expect(await deliveriesOf(world, destination.id)).toMatchObject([{ status: "succeeded" }]);
});

test("a queue that refuses loses nothing: what was announced stands, and the alarm sends it", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver, { event_types: ["connection.updated"] });
  const clock = createClockwork();
  const refusing: Queues = {
    ...clock.deps.queues,
    enqueueNotifications: async () => {
      throw new AppError("queue_unavailable", { detail: "Full.", retryable: true });
    },
  };
  const notice = {
    type: "connection.updated" as const,
    key: "conn_1/1",
    connectionId: "conn_1",
    createdAtMs: clock.now(),
    rows: {},
  };
  await ledger({ ...clock.deps, queues: refusing }, world.scope).changeConnection({
    connection: null,
    heals: false,
    notices: [notice],
  });
  expect(clock.queue).toHaveLength(0);
  clock.pass(60_000);
  await clock.ring([world.scope]);
  expect(clock.queue).toHaveLength(1);
});

test("a directory or ledger that fails after any question of a try leads to the same end", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  let tries = 0;
  for (let failed = true; failed; ) {
    tries += 1;
    const clock = createClockwork();
    await clock.announce(world.scope, invoicePaid(`inv_d1_${tries}`));
    const { parts, hasFailed } = failingDatabase(tries);
    const deps = { ...clock.deps, ...parts };
    for (const message of clock.queue.splice(0)) await deliver(deps, message);
    failed = hasFailed();
    await clock.run(20);
  }
  const deliveries = await deliveriesOf(world, destination.id);
  expect(tries).toBeGreaterThan(3);
  expect(deliveries).toHaveLength(tries);
  expect(new Set(deliveries.map((delivery) => delivery.status))).toEqual(new Set(["succeeded"]));
  // At least once, and always under the same id.
  expect(receiver.received.length).toBeGreaterThanOrEqual(tries);
  expect(new Set(receiver.received.map((message) => message.id)).size).toBe(tries);
});

test("while names cannot be looked up, nothing is sent and no try is used up", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_dns"));
  const fetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (new Request(input, init).url.startsWith("https://cloudflare-dns.com/"))
      throw new Error("unreachable");
    return fetch(input, init);
  };
  await clock.run(5);
  globalThis.fetch = fetch;
  expect(receiver.received).toHaveLength(0);
  expect(await deliveriesOf(world, destination.id)).toMatchObject([{ status: "pending", attempts: 0 }]);
  await clock.run(2);
  expect(receiver.received).toHaveLength(1);
});

/** The same with every call of a ledger in the guard's hands. */
function guarded(deps: Deps, guard: LedgerGuard): Deps {
  return { ...deps, ledgers: { ...deps.ledgers, namespace: guardedLedgers(guard) } };
}
