import { expect, test } from "vitest";
import { deliver } from "../../src/notifications/deliver.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";
import {
  type Clockwork,
  createClockwork,
  createDestination,
  createReceiver,
  deliveriesOf,
  invoicePaid,
} from "./receiver.ts";

const DAY_MINUTES = 24 * 60;

test("410 for two messages at once switches off once: one word to the others, one entry in the audit log", async () => {
  const world = await createTenantWorld();
  const [gone, other] = [createReceiver(), createReceiver()];
  const destination = await createDestination(world, gone, { event_types: ["invoice.paid"] });
  await createDestination(world, other, { event_types: ["event_destination.disabled"] });
  const both = gate(2);
  gone.answer = async () => {
    await both();
    return new Response("gone", { status: 410 });
  };
  const clock = createClockwork();
  const ids = await announced(clock, world, destination.id, ["inv_1", "inv_2"]);
  await Promise.all(ids.map((id) => deliver(clock.deps, { ...world.scope, deliveryId: id })));
  await clock.run(2);

  expect(gone.received).toHaveLength(2);
  expect(other.received).toHaveLength(1);
  expect(await disablings(world)).toHaveLength(1);
  expect(await read(world, destination.id)).toMatchObject({ is_active: false });
});

test("410 of an address that was replaced while it answered does not switch the new one off", async () => {
  const world = await createTenantWorld();
  const [old, fresh] = [createReceiver(), createReceiver()];
  const destination = await createDestination(world, old);
  const path = `/event_destinations/${destination.id}`;
  old.answer = async () => {
    await world.api("PATCH", path, { url: fresh.url });
    return new Response("gone", { status: 410 });
  };
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_moved"));
  await clock.run(5);
  expect(await read(world, destination.id)).toMatchObject({ is_active: true, disabled_reason: null });
  expect(await disablings(world)).toHaveLength(0);
  expect(fresh.received).toHaveLength(1);
  expect(await deliveriesOf(world, destination.id)).toMatchObject([{ status: "succeeded", attempts: 2 }]);
});

test("a new address has 5 days of its own", async () => {
  const world = await createTenantWorld();
  const [old, fresh] = [createReceiver(), createReceiver()];
  for (const receiver of [old, fresh]) receiver.answer = async () => new Response("down", { status: 500 });
  const destination = await createDestination(world, old, { event_types: ["invoice.paid"] });
  const path = `/event_destinations/${destination.id}`;
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_old"));
  await clock.run(4.9 * DAY_MINUTES, 60);
  expect((await read(world, destination.id)).failing_since).not.toBeNull();
  const same = await world.api("PATCH", path, { url: old.url });
  expect(same.body.failing_since).not.toBeNull();
  const moved = await world.api("PATCH", path, { url: fresh.url });
  expect(moved.body.failing_since).toBeNull();
  await clock.announce(world.scope, invoicePaid("inv_new"));
  await clock.run(DAY_MINUTES, 60);
  expect(fresh.received.length).toBeGreaterThan(0);
  expect(await read(world, destination.id)).toMatchObject({ is_active: true });
});

test("what comes back after 5 days with its first success is not switched off by a failure beside it", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  receiver.answer = async () => new Response("down", { status: 500 });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_first"));
  await clock.run(5.1 * DAY_MINUTES, 60);
  const [well, ill] = await announced(clock, world, destination.id, ["inv_well", "inv_ill"]);
  if (!well || !ill) throw new Error("Two were announced.");
  // Late in its schedule, as one is that waits for a destination to come back.
  const late = "UPDATE deliveries SET step = 7 WHERE destination_id = ? AND message_key = 'inv_ill'";
  await ledgerSql(world.scope).prepare(late).bind(destination.id).run();
  const succeeded = Promise.withResolvers<void>();
  receiver.answer = async (request) => {
    if ((await request.text()).includes("inv_well")) return new Response("back");
    await succeeded.promise;
    return new Response("still starting", { status: 503 });
  };
  await Promise.all([
    deliver(clock.deps, { ...world.scope, deliveryId: ill }),
    deliver(clock.deps, { ...world.scope, deliveryId: well }).then(succeeded.resolve),
  ]);
  expect(await read(world, destination.id)).toMatchObject({ is_active: true });
  expect(await disablings(world)).toHaveLength(0);
  receiver.answer = async () => new Response("back");
  await clock.run(11 * 60, 30);
  const statuses = (await deliveriesOf(world, destination.id)).map(({ status }) => status);
  expect(statuses.sort()).toEqual(["failed", "succeeded", "succeeded"]);
});

test("a destination that has never taken anything is switched off too, and where nobody else listens the audit log says so", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  receiver.answer = async () => Promise.reject(new Error("connection refused"));
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_0"));
  await clock.run(5 * DAY_MINUTES, 60);
  expect(await read(world, destination.id)).toMatchObject({ is_active: true });
  await clock.announce(world.scope, invoicePaid("inv_5"));
  await clock.run(12 * 60, 30);
  expect(await read(world, destination.id)).toMatchObject({
    is_active: false,
    disabled_reason: "It took nothing for 5 days.",
  });
  expect(await disablings(world)).toHaveLength(1);
});

test("where there are few messages, one bad moment long after the last failure switches nothing off", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  receiver.answer = async () => new Response("down", { status: 500 });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_first"));
  await clock.run(10 * DAY_MINUTES, 120);
  await clock.announce(world.scope, invoicePaid("inv_later"));
  await clock.run(60, 5);
  expect(await read(world, destination.id)).toMatchObject({ is_active: true });
  receiver.answer = async () => new Response("back");
  await clock.run(240, 30);
  expect(await read(world, destination.id)).toMatchObject({ is_active: true, failing_since: null });
  const statuses = (await deliveriesOf(world, destination.id)).map(({ status }) => status);
  expect(statuses).toEqual(["succeeded", "failed"]);
});

test("what was still to be sent when it was switched off has failed, says why, and is not sent by switching it on", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  receiver.answer = async () => new Response("down", { status: 500 });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_waits"));
  await clock.run(10);
  receiver.answer = async () => new Response("gone", { status: 410 });
  await clock.announce(world.scope, invoicePaid("inv_gone"));
  await clock.run(1);
  const reasons = (await deliveriesOf(world, destination.id)).map(({ status, error }) => [status, error]);
  expect(reasons).toEqual([
    ["failed", "The destination answered 410."],
    ["failed", "The destination was switched off. It answered 410 Gone."],
  ]);
  receiver.received.length = 0;
  await world.api("PATCH", `/event_destinations/${destination.id}`, { is_active: true });
  await clock.run(3 * DAY_MINUTES, 60);
  expect(receiver.received).toHaveLength(0);
});

/** The ids of the deliveries of these invoices' being paid, not tried yet. */
async function announced(
  clock: Clockwork,
  world: Pick<TestWorld, "api" | "scope">,
  destinationId: string,
  invoiceIds: string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const invoiceId of invoiceIds) {
    await clock.announce(world.scope, invoicePaid(invoiceId));
    const [newest] = (await deliveriesOf(world, destinationId)).filter(({ id }) => !found.includes(id));
    found.push(newest.id);
  }
  clock.queue.length = 0;
  return found;
}

/** Opens when so many wait at it. */
function gate(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === count) resolve();
    return promise;
  };
}

async function read(world: Pick<TestWorld, "api">, id: string): Promise<Json> {
  return (await world.api("GET", `/event_destinations/${id}`)).body;
}

async function disablings(world: Pick<TestWorld, "api">): Promise<Json[]> {
  const entries: Json[] = (await world.api("GET", "/audit_log?limit=100")).body.data;
  return entries.filter(({ action }) => action === "event_destination.disabled");
}
