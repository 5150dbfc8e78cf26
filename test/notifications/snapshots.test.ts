// What a message says of its object.

import { expect, test } from "vitest";
import { announce } from "../../src/ledger/notifications/announce.ts";
import { OBJECT_KINDS, type ObjectKind } from "../../src/platform/notification-types.ts";
import type { Json } from "../harness/api.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createPayableInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createClockwork, createDestination, createReceiver, deliveriesOf, invoicePaid } from "./receiver.ts";

const PATHS: Partial<Record<ObjectKind, string>> = {
  invoice: "/invoices",
  payment: "/payments",
  refund: "/refunds",
  customer: "/customers",
  checkout_session: "/checkout_sessions",
  event_destination: "/event_destinations",
};

test.each(Object.entries(PATHS) as [ObjectKind, string][])(
  "of a %s it says what the API says at that moment, at each try, whatever becomes of it",
  async (kind, path) => {
    const world = await createWorld();
    const receiver = createReceiver();
    receiver.answer = async () => new Response("down", { status: 500 });
    const destination = await createDestination(world, receiver, { event_types: ["invoice.voided"] });
    const id = kind === "event_destination" ? destination.id : await makeOne(world, kind);
    const shown = await read(world, kind, path, id);
    const clock = createClockwork();
    await clock.announce(world.scope, { type: "invoice.voided", key: id, object: { kind, id } });
    await clock.drain();
    await ledgerSql(world.scope)
      .prepare(`DELETE FROM ${path.slice(1)} WHERE id = ?`)
      .bind(id)
      .run();
    clock.pass(10_000);
    await clock.ring();
    await clock.drain();
    const told = receiver.received.map(({ body }) => JSON.parse(body).data.object);
    if (kind === "event_destination") expect(told).toHaveLength(1);
    else expect(told).toHaveLength(2);
    for (const object of told) expect(object).toEqual(shown);
  },
);

test("of what is not there any more it says that it was deleted, and so it does of every kind", async () => {
  const world = await createWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver);
  const clock = createClockwork();
  const kinds = OBJECT_KINDS.filter((kind) => kind !== "connection");
  for (const kind of kinds) {
    await clock.announce(world.scope, { type: "invoice.paid", key: kind, object: { kind, id: "gone" } });
  }
  await clock.drain();
  const told = receiver.received.map(({ body }) => JSON.parse(body).data.object);
  expect(told).toEqual(kinds.map((kind) => ({ id: "gone", object: kind, deleted: true })));
});

test("a message that cannot be rendered is not sent, says why, and is tried again by its schedule", async () => {
  const world = await createWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await inLedger(world.scope, (book) => announce(book, invoicePaid("inv_odd")), clock.now());
  const database = ledgerSql(world.scope);
  await database.prepare("UPDATE messages SET object_kind = 'unicorn', snapshot = '{}'").run();
  clock.pass(60_000);
  await clock.ring([world.scope]);
  await clock.drain();
  expect(receiver.received).toHaveLength(0);
  const [waiting] = await deliveriesOf(world, destination.id);
  const error = "Not sent. There is no kind of object 'unicorn'.";
  expect(waiting).toMatchObject({ status: "pending", attempts: 1, response_status: null, error });
  await database.prepare("UPDATE messages SET object_kind = 'invoice', snapshot = NULL").run();
  clock.pass(60_000);
  await clock.ring([world.scope]);
  await clock.drain();
  expect(await deliveriesOf(world, destination.id)).toMatchObject([{ status: "succeeded", attempts: 2 }]);
});

async function read(world: TestWorld, kind: ObjectKind, path: string, id: string): Promise<Json> {
  const { body } = await world.api("GET", `${path}/${id}`);
  if (kind === "event_destination") return body;
  expect(body).toMatchObject({ id, object: kind });
  return body;
}

/** One that is as full of values as can be had in a few steps. */
async function makeOne(world: TestWorld, kind: ObjectKind): Promise<string> {
  if (kind === "customer") {
    const fields = { name: "Ada", email: "ada@example.com", metadata: { plan: "pro" } };
    return (await world.api("POST", "/customers", fields)).body.id;
  }
  if (kind === "checkout_session") {
    const urls = { success_url: "https://shop.example/thanks", cancel_url: "https://shop.example/cart" };
    return (await world.api("POST", "/checkout_sessions", { mode: "setup", ...urls })).body.id;
  }
  const invoice = await createPayableInvoice(world);
  if (kind === "invoice") return invoice.id;
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: invoice.payment_link.id },
    { card: "4242424242424242" },
  );
  await sandbox.settle();
  const payments = async () => (await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body.data;
  const [payment] = await eventually(payments, ([first]) => first?.status === "succeeded");
  const refund = (await world.api("POST", `/payments/${payment.id}/refunds`, { amount: 100 })).body;
  await sandbox.settle();
  await eventually(payments, ([first]) => first?.amount_refunded === 100);
  return kind === "payment" ? payment.id : refund.id;
}
