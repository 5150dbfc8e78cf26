import { expect, test } from "vitest";
import { deliver } from "../../src/notifications/deliver.ts";
import { claimDelivery } from "../../src/notifications/delivery-store.ts";
import { fanOut } from "../../src/notifications/fan-out.ts";
import { sweepNotifications } from "../../src/notifications/sweep-notifications.ts";
import { AppError } from "../../src/platform/app-error.ts";
import type { Queues } from "../../src/platform/jobs.ts";
import { objects } from "../../src/render-objects.ts";
import { createTenantWorld } from "../harness/world.ts";
import { failingDatabase } from "./failing-database.ts";
import {
  createClockwork,
  createDestination,
  createReceiver,
  deliveriesOf,
  invoicePaid,
  type Received,
  verify,
} from "./receiver.ts";

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

test("what was committed and never enqueued is sent by the sweep, within a minute", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver);
  const clock = createClockwork();
  // The process dies right after the commit: nothing is in the queue.
  await clock.announce(world.scope, invoicePaid("inv_orphan"));
  expect(clock.queue).toHaveLength(0);
  await clock.run(1);
  expect(receiver.received).toHaveLength(1);
});

test("what was fanned out and never enqueued, and what died in the middle of a try, is sent by the sweep", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_dies"));
  await fanOut(clock.deps, objects, world.scope, "invoice.paid/inv_dies");
  clock.queue.length = 0;
  await clock.run(1);
  expect(receiver.received).toHaveLength(1);

  await clock.announce(world.scope, invoicePaid("inv_dies_later"));
  // A try has claimed it, and the isolate is gone before it sends.
  await fanOut(clock.deps, objects, world.scope, "invoice.paid/inv_dies_later");
  clock.queue.length = 0;
  const [pending] = await deliveriesOf(world, destination.id);
  expect(await claimDelivery(clock.deps, world.scope, pending.id)).toMatchObject({ attempts: 1 });
  expect(await claimDelivery(clock.deps, world.scope, pending.id)).toBeUndefined();
  await clock.run(2);
  const deliveries = await deliveriesOf(world, destination.id);
  expect(deliveries.map((delivery) => delivery.status)).toEqual(["succeeded", "succeeded"]);
});

test("a queue that refuses loses nothing: the sweeps after it send", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_refused"));
  const refusing: Queues = {
    ...clock.deps.queues,
    enqueueNotifications: async () => {
      throw new AppError("queue_unavailable", { detail: "Full.", retryable: true });
    },
  };
  await expect(sweepNotifications({ ...clock.deps, queues: refusing })).rejects.toThrow("Full.");
  await clock.run(1);
  expect(receiver.received).toHaveLength(1);

  await clock.announce(world.scope, invoicePaid("inv_refused_later"));
  await fanOut({ ...clock.deps, queues: refusing }, objects, world.scope, "invoice.paid/inv_refused_later");
  await clock.run(1);
  expect(receiver.received).toHaveLength(2);
});

test("the same message handed over many times at once is fanned out once and sent once", async () => {
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
  await Promise.all(
    Array.from({ length: 5 }, () => fanOut(clock.deps, objects, world.scope, "invoice.paid/inv_twice")),
  );
  const [delivery] = await deliveriesOf(world, destination.id);
  await Promise.all(Array.from({ length: 5 }, () => deliver(clock.deps, world.scope, delivery.id)));
  await clock.drain();
  await clock.run(3);

  expect(receiver.received).toHaveLength(1);
  expect(await deliveriesOf(world, destination.id)).toMatchObject([{ status: "succeeded", attempts: 1 }]);
});

test("two sweeps at once enqueue each thing once", async () => {
  const world = await createTenantWorld();
  await createDestination(world, createReceiver());
  const clock = createClockwork();
  for (let index = 0; index < 12; index++)
    await clock.announce(world.scope, invoicePaid(`inv_cron_${index}`));
  await Promise.all(Array.from({ length: 4 }, () => sweepNotifications(clock.deps)));
  const ids = clock.queue.map(({ message }) => JSON.stringify(message));
  expect(ids).toHaveLength(12);
  expect(new Set(ids).size).toBe(12);
});

test("a database that fails at any query of a try leads to the same end", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  let tries = 0;
  for (let failed = true; failed; ) {
    tries += 1;
    const clock = createClockwork();
    const id = `inv_d1_${tries}`;
    await clock.announce(world.scope, invoicePaid(id));
    const { parts, hasFailed } = failingDatabase(tries);
    const deps = { ...clock.deps, ...parts };
    await fanOut(deps, objects, world.scope, `invoice.paid/${id}`).catch(() => {});
    for (const { message } of clock.queue.splice(0)) {
      if (message.kind === "deliver") await deliver(deps, world.scope, message.deliveryId).catch(() => {});
    }
    failed = hasFailed();
    await clock.run(20);
  }
  const deliveries = await deliveriesOf(world, destination.id);
  expect(tries).toBeGreaterThan(5);
  expect(deliveries).toHaveLength(tries);
  expect(new Set(deliveries.map((delivery) => delivery.status))).toEqual(new Set(["succeeded"]));
  // At least once, and always under the same id.
  expect(receiver.received.length).toBeGreaterThanOrEqual(tries);
  expect(new Set(receiver.received.map((message) => message.id)).size).toBe(tries);
});

test("one tenant's destination never gets another's messages, and never sees what another's answered", async () => {
  const [mine, theirs] = [await createTenantWorld(), await createTenantWorld()];
  const [myReceiver, theirReceiver] = [createReceiver(), createReceiver()];
  const myDestination = await createDestination(mine, myReceiver);
  const theirDestination = await createDestination(theirs, theirReceiver);
  theirReceiver.answer = async () => new Response("their secret answer", { status: 500 });
  const clock = createClockwork();
  // The same invoice id in both: ids are the platform's own.
  await clock.announce(mine.scope, invoicePaid("inv_same"));
  await clock.announce(theirs.scope, invoicePaid("inv_same"));
  await clock.run(2);

  expect(myReceiver.received).toHaveLength(1);
  const [mineGot] = myReceiver.received as [Received];
  expect(JSON.parse(mineGot.body).tenant_id).toBe(mine.scope.tenantId);
  for (const message of theirReceiver.received)
    expect(JSON.parse(message.body).tenant_id).toBe(theirs.scope.tenantId);
  expect(mineGot.id).not.toBe(theirReceiver.received[0]?.id);
  expect(() => verify(theirDestination.secret, mineGot)).toThrow();

  const [theirDelivery] = await deliveriesOf(theirs, theirDestination.id);
  expect(theirDelivery.attempt_log[0].response).toBe("their secret answer");
  for (const [method, path] of [
    ["GET", `/event_destinations/${theirDestination.id}`],
    ["GET", `/event_destinations/${theirDestination.id}/deliveries`],
    ["PATCH", `/event_destinations/${theirDestination.id}`],
    ["DELETE", `/event_destinations/${theirDestination.id}`],
    ["POST", `/event_destinations/${theirDestination.id}/test`],
    ["POST", `/event_destinations/${theirDestination.id}/rotate_secret`],
    ["POST", `/deliveries/${theirDelivery.id}/retry`],
  ] as const) {
    const body = method === "PATCH" ? { is_active: false } : undefined;
    const answer = await mine.api(method, path, body);
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).not.toContain("their secret answer");
  }
  const everything = [
    (await mine.api("GET", "/event_destinations")).body,
    await deliveriesOf(mine, myDestination.id),
    (await mine.api("GET", "/audit_log?limit=100")).body,
  ];
  expect(JSON.stringify(everything)).not.toContain("their secret answer");
  expect(JSON.stringify(everything)).not.toContain(theirDestination.id);
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
