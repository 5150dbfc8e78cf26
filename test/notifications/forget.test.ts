// Old deliveries go, with their messages; what is still to be sent does not.

import { expect, test } from "vitest";
import { forgetOldDeliveries } from "../../src/ledger/notifications/forget-deliveries.ts";
import { forgetAll } from "../harness/forget.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

test("deliveries go by age with their tries and messages, of a deleted destination as well; what is still to be sent does not", async () => {
  const world = await createTenantWorld();
  const [receiver, gone] = [createReceiver(), createReceiver()];
  const destination = await createDestination(world, receiver);
  const deleted = await createDestination(world, gone);
  const clock = createClockwork();
  receiver.answer = async (request) =>
    new Response("Oops", { status: (await request.text()).includes("inv_taken") ? 200 : 500 });
  await clock.announce(world.scope, invoicePaid("inv_taken"));
  await clock.announce(world.scope, invoicePaid("inv_pending"));
  await clock.drain();
  await world.api("DELETE", `/event_destinations/${deleted.id}`);
  const made = clock.now();
  const forget = async (beforeMs: number, limit = 100) =>
    (await inLedger(world.scope, (book) => forgetOldDeliveries(book, { beforeMs, limit }))).value;
  expect(await forget(made)).toBe(0);
  expect(await countsOf(world)).toEqual({ deliveries: 4, messages: 2 });
  clock.pass(1);
  await clock.announce(world.scope, invoicePaid("inv_later"));
  expect(await forget(made + 1, 2)).toBe(2);
  expect(await forget(made + 1, 2)).toBe(1);
  expect(await forget(made + 1, 2)).toBe(0);
  expect(await countsOf(world)).toMatchObject({ deliveries: 2 });
  const left = await deliveriesOf(world, destination.id);
  expect(left.map(({ status, type }) => [status, type])).toEqual([
    ["pending", "invoice.paid"],
    ["pending", "invoice.paid"],
  ]);
});

test("what is kept is kept for RETENTION_DAYS, and for three days at least, since tries take more than one", async () => {
  const world = await createTenantWorld();
  const destination = await createDestination(world, createReceiver());
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_old"));
  await clock.drain();
  await forgetAll(world.scope, 6.9, 7);
  await forgetAll(world.scope, 2.9, 1);
  expect(await deliveriesOf(world, destination.id)).toHaveLength(1);
  await forgetAll(world.scope, 3.1, 1);
  expect(await deliveriesOf(world, destination.id)).toHaveLength(0);
});

test("of a message that has gone, a delivery is neither retried, nor recovered, nor sent", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_gone"));
  await ledgerSql(world.scope).prepare("DELETE FROM messages").run();
  await clock.drain();
  expect(receiver.received).toHaveLength(0);
  const [delivery] = await deliveriesOf(world, destination.id);
  expect(delivery).toMatchObject({ status: "failed", error: "The message is not kept any more." });
  const retried = await world.api("POST", `/deliveries/${delivery.id}/retry`);
  expect([retried.status, retried.body.detail]).toEqual([
    409,
    "The message is too old: it is not kept any more.",
  ]);
  const path = `/event_destinations/${destination.id}/recover`;
  const recovered = await world.api("POST", path, { since: "2026-01-01T00:00:00Z" });
  expect(recovered.body).toMatchObject({ recovered: 0 });
});

async function countsOf(world: Pick<TestWorld, "scope">) {
  return ledgerSql(world.scope)
    .prepare(
      "SELECT (SELECT COUNT(*) FROM deliveries) AS deliveries, (SELECT COUNT(*) FROM messages) AS messages",
    )
    .first();
}
