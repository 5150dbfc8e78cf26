// What announcing costs the ledger, in rows of tables and indexes.

import { expect, test } from "vitest";
import { announce } from "../../src/ledger/notifications/announce.ts";
import type { Json } from "../harness/api.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { createTenantWorld } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

test("an announcement writes nothing where nobody listens, one row and two for each destination where somebody does, and nothing when its cause comes again", async () => {
  const world = await createTenantWorld();
  const written = async (id: string) =>
    (await inLedger(world.scope, (book) => announce(book, invoicePaid(id)))).rows.written;
  expect(await written("inv_1")).toBe(0);
  const destination = await createDestination(world, createReceiver(), { event_types: ["invoice.voided"] });
  expect(await written("inv_1")).toBe(0);
  await world.api("PATCH", `/event_destinations/${destination.id}`, { event_types: null });
  expect(await written("inv_1")).toBe(3);
  expect(await written("inv_1")).toBe(0);
  await createDestination(world, createReceiver(), { event_types: ["invoice.paid"] });
  expect(await written("inv_2")).toBe(5);
  // Nothing is to be sent to one that is switched off; what has failed is in an index.
  const off = await world.api("PATCH", `/event_destinations/${destination.id}`, { is_active: false });
  expect(off.body).toMatchObject({ is_active: false });
  expect(await written("inv_3")).toBe(5);
});

test("a message that is taken at once costs two rows more, and one that fails first two for each failure", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_1"));
  expect((await ledgerRows(world.scope, clock.drain)).written).toBe(2);
  receiver.answer = async () => new Response("down", { status: 500 });
  await clock.announce(world.scope, invoicePaid("inv_2"));
  // And the destination's first failure.
  expect((await ledgerRows(world.scope, clock.drain)).written).toBe(3);
  clock.pass(10_000);
  await clock.ring();
  expect((await ledgerRows(world.scope, clock.drain)).written).toBe(2);
  expect((await deliveriesOf(world, destination.id)).map(({ attempts }) => attempts)).toEqual([2, 1]);
});

test("a page of what failed, or is still to be sent, reads no more than it shows, however much was taken since", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  for (let index = 0; index < 4; index++) await clock.announce(world.scope, invoicePaid(`inv_${index}`));
  await world.api("PATCH", `/event_destinations/${destination.id}`, { is_active: false });
  await world.api("PATCH", `/event_destinations/${destination.id}`, { is_active: true });
  clock.queue.length = 0;
  for (let index = 4; index < 8; index++) await clock.announce(world.scope, invoicePaid(`inv_${index}`));
  const pending = clock.queue.splice(0).map(({ deliveryId }) => deliveryId);
  for (let index = 8; index < 108; index++) {
    await clock.announce(world.scope, invoicePaid(`inv_${index}`));
  }
  await clock.drain();

  const path = `/event_destinations/${destination.id}/deliveries`;
  const page = async (query: string): Promise<Json> =>
    (await world.api("GET", `${path}?limit=3&${query}`)).body;
  for (const status of ["failed", "pending"]) {
    let first: Json;
    const { read } = await ledgerRows(world.scope, async () => {
      first = await page(`status=${status}`);
    });
    expect(read).toBeLessThan(20);
    const second = await page(`status=${status}&cursor=${first.next_cursor}`);
    expect([first.data.length, second.data.length, second.has_more]).toEqual([3, 1, false]);
    const all = [...first.data, ...second.data];
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([status]));
    const ids = all.map(({ id }) => id);
    if (status === "pending") expect(ids).toEqual(pending.reverse());
    expect(ids).toEqual([...ids].sort().reverse());
  }
});
