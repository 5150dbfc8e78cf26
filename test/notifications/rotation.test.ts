import { expect, test } from "vitest";
import { createTenantWorld } from "../harness/world.ts";
import {
  createClockwork,
  createDestination,
  createReceiver,
  invoicePaid,
  type Received,
  verify,
} from "./receiver.ts";

test("during a rotation's overlap a message verifies with the old and with the new secret, afterwards with the new alone", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const old = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  const rotated = await world.api("POST", `/event_destinations/${old.id}/rotate_secret`, {
    overlap_seconds: 4 * 3600,
  });
  expect(rotated.status).toBe(200);
  expect(rotated.body.secret).not.toBe(old.secret);

  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_during"));
  await clock.run(1);
  await clock.run(5 * 60, 5);
  await clock.announce(world.scope, invoicePaid("inv_after"));
  await clock.run(1);

  const [during, after] = receiver.received as [Received, Received];
  expect(during.signature.split(" ")).toHaveLength(2);
  verify(old.secret, during);
  verify(rotated.body.secret, during);
  expect(after.signature.split(" ")).toHaveLength(1);
  verify(rotated.body.secret, after);
  expect(() => verify(old.secret, after)).toThrow();
});

test("rotated without an overlap, the old secret signs nothing more", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const old = await createDestination(world, receiver);
  const path = `/event_destinations/${old.id}/rotate_secret`;
  const rotated = await world.api("POST", path, { overlap_seconds: 0 });
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_cut"));
  await clock.run(1);

  const [message] = receiver.received as [Received];
  verify(rotated.body.secret, message);
  expect(() => verify(old.secret, message)).toThrow();
});
