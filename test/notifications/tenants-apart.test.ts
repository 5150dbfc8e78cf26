import { expect, test } from "vitest";
import { createTenantWorld } from "../harness/world.ts";
import {
  createClockwork,
  createDestination,
  createReceiver,
  deliveriesOf,
  invoicePaid,
  type Received,
  verify,
} from "./receiver.ts";

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
