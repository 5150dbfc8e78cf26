import { beforeAll, expect, test } from "vitest";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliverEvent, eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, testDeps } from "../harness/world.ts";

beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

async function paidWorld() {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  const succeeded = eventsOf(world).find((event) => event.type === "payment_intent.succeeded");
  if (!succeeded) throw new Error("The sandbox made no payment.");
  return { world, read, succeeded };
}

test("a connection that is switched off while an event is on its way to the ledger takes no payment", async () => {
  const { world, read, succeeded } = await paidWorld();
  let switchedOff = 0;
  const LEDGER = guardedLedgers(async (run, call) => {
    // What comes now would write the payment.
    if (call?.verb === "applyEvents" && switchedOff === 0) {
      const answer = await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false });
      switchedOff = answer.status;
    }
    return run();
  });
  const racing = testDeps({}, { LEDGER });
  await consumeEvent(racing, messageFor(world, succeeded));
  expect(switchedOff).toBe(200);
  expect((await world.api("GET", "/payments")).body.data).toEqual([]);
  expect((await read()).status).toBe("open");

  const [event] = (await world.api("GET", "/webhook_events")).body.data;
  expect(event).toMatchObject({ status: "ignored", reason: "connection_disabled" });
});

test("what came while a connection was off is processed once it is on again", async () => {
  const { world, read, succeeded } = await paidWorld();
  // The isolate's cache still lets it in: the consumer decides.
  await deliverEvent(world, { ...succeeded, id: "evt_warm", type: "product.created" });
  expect((await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false })).status).toBe(
    200,
  );
  await consumeEvent(testDeps(), messageFor(world, succeeded));
  expect((await read()).status).toBe("open");
  expect((await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: true })).status).toBe(
    200,
  );
  await eventually(read, (invoice) => invoice.status === "paid");
});
