import type Stripe from "stripe";
import { expect, test } from "vitest";
import { failNext, restrictedKey } from "../connections/stripe-side.ts";
import { countRows, paidWorld } from "../guarantees/paid-world.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, deliverEvent, eventsOf, signatureFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { type Thin, thinOf } from "../stripe-sandbox/thin-event.ts";
import { deliver as consume } from "./deliver.ts";

const THIN_SECRET = "whsec_of_the_thin_destination";

async function takesThin(world: TestWorld): Promise<void> {
  const set = { thin_webhook_secret: THIN_SECRET };
  const { body } = await world.api("PATCH", `/connections/${world.connectionId}`, set);
  expect(body.thin_webhook_secret_set).toBe(true);
}

async function sendThin(world: TestWorld, thin: object, secret = THIN_SECRET): Promise<number> {
  const body = JSON.stringify(thin);
  return (await deliver(world, body, await signatureFor(body, secret))).status;
}

async function logged(world: TestWorld): Promise<Json[]> {
  return (await world.api("GET", "/webhook_events")).body.data;
}

function ended(world: TestWorld, id: string): Promise<Json> {
  return eventually(
    async () => (await logged(world)).find((one) => one.stripe_event_id === id),
    (seen) => seen !== undefined && seen.status !== "failed",
  );
}

/** The queue hands over what the door would have let in. */
function bring(world: TestWorld, thin: Thin): Promise<void> {
  return consume(world, thin as never);
}

test("a thin event signed with its destination's own secret is taken in, its object fetched, and the invoice is paid", async () => {
  const { world, succeeded, read } = await paidWorld();
  expect(await sendThin(world, thinOf(succeeded, "nothing"))).toBe(400);
  await takesThin(world);
  expect(await sendThin(world, thinOf(succeeded, "nothing"))).toBe(200);
  const paid = await eventually(read, ({ status }) => status === "paid");
  expect(paid).toMatchObject({ payment_status: "paid", amount_remaining: 0 });
  expect(Date.parse(paid.paid_at)).toBe(succeeded.created * 1000);
  const event = await ended(world, thinOf(succeeded).id);
  expect(event).toMatchObject({
    status: "processed",
    type: "v1.payment_intent.succeeded",
    source: "webhook",
  });
  const whole = (await world.api("GET", `/webhook_events/${event.id}`)).body;
  expect(whole.payload).toEqual(thinOf(succeeded, "nothing"));
});

test.each(["the thin one first", "the snapshot first"])(
  "a thin event and the snapshot event of the same change are one event: %s, announced once",
  async (order) => {
    const { world, succeeded, read } = await paidWorld();
    await takesThin(world);
    await createDestination(world, createReceiver(), { event_types: ["invoice.paid", "payment.refunded"] });
    const thin = thinOf(succeeded);
    const both = [() => sendThin(world, thin), async () => (await deliverEvent(world, succeeded)).status];
    if (order === "the snapshot first") both.reverse();
    for (const send of both) {
      expect(await send()).toBe(200);
      await eventually(read, ({ status }) => status === "paid");
    }
    const one = await eventually(
      () => ended(world, succeeded.id),
      ({ deliveries }) => deliveries === 2,
    );
    expect(one.status).toBe("processed");
    expect(await countRows("webhook_events", world)).toBe(1);
    expect(await countRows("payments", world)).toBe(1);
    const query = ledgerSql(world.scope).prepare("SELECT type FROM messages");
    expect((await query.all()).results).toEqual([{ type: "invoice.paid" }]);
  },
);

test("every thin event of a paid link ends in the same invoice and payment as the snapshots do", async () => {
  const [snapshots, thins] = [await paidWorld(), await paidWorld()];
  for (const event of snapshots.events) await consume(snapshots.world, event as never);
  await takesThin(thins.world);
  for (const event of thins.events) await bring(thins.world, thinOf(event, "nothing"));
  const shape = ({ status, payment_status, amount_paid, amount_remaining }: Json) => ({
    ...{ status, payment_status, amount_paid, amount_remaining },
  });
  expect(shape(await thins.read())).toEqual(shape(await snapshots.read()));
  const payments = async ({ world }: { world: TestWorld }) =>
    (await world.api("GET", "/payments")).body.data.map(({ status, amount, payment_method_type }: Json) => ({
      status,
      amount,
      payment_method_type,
    }));
  expect(await payments(thins)).toEqual(await payments(snapshots));
});

test("of two destinations on one address, as Stripe's form for all events makes them, every event arrives and counts once", async () => {
  sandbox.world.deliveryPolicy.withhold = false;
  const world = await createWorld();
  const made = await sandbox.fetch(
    new Request("http://stripe.sandbox/_sandbox/thin_destinations", {
      method: "POST",
      body: JSON.stringify({ key: world.secretKey, url: world.webhookUrl }),
    }),
  );
  const { secret } = (await made.json()) as { secret: string };
  await world.api("PATCH", `/connections/${world.connectionId}`, { thin_webhook_secret: secret });
  const { id } = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${id}`)).body;
  const { payment_link } = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: payment_link.id }, { card: "4242424242424242" });
  await sandbox.settle();
  expect(await eventually(read, ({ status }) => status === "paid")).toMatchObject({
    payment_status: "paid",
    amount_remaining: 0,
  });
  // The endpoint that Quittance makes is sent what is used, the other one everything.
  const arrived = await eventually(
    async () => (await logged(world)).filter(({ reason }) => reason !== "event_type_not_used"),
    (seen) => seen.length > 0 && seen.every(({ deliveries }) => deliveries === 2),
  );
  expect(arrived.filter(({ status }) => status !== "processed" && status !== "ignored")).toEqual([]);
  expect(await countRows("payments", world)).toBe(1);
});

test("a refund that only a thin event tells of is recorded", async () => {
  const { world, events, read } = await paidWorld();
  await takesThin(world);
  for (const event of events) await bring(world, thinOf(event));
  const [payment] = (await world.api("GET", "/payments")).body.data;
  const form = new URLSearchParams({ payment_intent: payment.provider_payment_id, amount: "100" });
  const headers = {
    authorization: `Bearer ${world.secretKey}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const url = "http://stripe.sandbox/v1/refunds";
  await sandbox.fetch(new Request(url, { method: "POST", headers, body: form.toString() }));
  const created = eventsOf(world).find(({ type }) => type === "refund.created") as Stripe.Event;
  await bring(world, thinOf(created));
  expect((await read()).amount_refunded).toBe(100);
});

test("a failure that has been overtaken by success counts as the success that it is by now, and not too early", async () => {
  const { world, succeeded, read } = await paidWorld();
  await takesThin(world);
  const early = { ...succeeded, created: succeeded.created - 600 };
  const type = "v1.payment_intent.payment_failed";
  const failed = { ...thinOf(early, "nothing"), id: "evt_thin_failed", type };
  await bring(world, failed);
  const paid = await read();
  expect(paid.status).toBe("paid");
  expect(Date.parse(paid.paid_at)).toBeGreaterThanOrEqual(succeeded.created * 1000);
  await bring(world, thinOf(succeeded, "nothing"));
  expect(Date.parse((await read()).paid_at)).toBe(succeeded.created * 1000);
});

test("without a key that may read the object the event is ignored with the reason; replayed with one that may, it counts", async () => {
  const { world, succeeded, read } = await paidWorld();
  await takesThin(world);
  const off = { sync_config: { invoice: { outbound: false } } };
  const key = restrictedKey(world.secretKey, "payment_intent_read");
  const fewer = await world.api("PATCH", `/connections/${world.connectionId}`, { ...off, secret_key: key });
  expect(fewer.body.features.find(({ name }: Json) => name === "thin_events")).toMatchObject({
    ok: false,
    in_use: true,
    missing: ["Payment Intents: read"],
  });
  await bring(world, thinOf(succeeded));
  const event = await ended(world, succeeded.id);
  expect(event).toMatchObject({
    status: "ignored",
    reason: "not_readable",
    error: expect.stringContaining("rak_payment_intent_read"),
  });
  expect((await read()).status).toBe("open");
  await world.api("PATCH", `/connections/${world.connectionId}`, { secret_key: world.secretKey });
  expect((await world.api("POST", `/webhook_events/${event.id}/replay`)).status).toBe(200);
  expect((await read()).status).toBe("paid");
});

test("what the key may not read of a thin event its snapshot still tells", async () => {
  const { world, succeeded, read } = await paidWorld();
  await takesThin(world);
  const key = restrictedKey(world.secretKey, "payment_intent_read");
  await world.api("PATCH", `/connections/${world.connectionId}`, {
    ...{ sync_config: { invoice: { outbound: false } }, secret_key: key },
  });
  await bring(world, thinOf(succeeded));
  await consume(world, succeeded as never);
  expect((await read()).status).toBe("paid");
});

test("a Stripe that does not answer leaves the event failed, and the queue tries it again", async () => {
  const { world, succeeded, read } = await paidWorld();
  await takesThin(world);
  failNext({ kind: "server_error", path: "/v1/payment_intents" });
  await expect(bring(world, thinOf(succeeded))).rejects.toThrow();
  expect((await logged(world))[0]).toMatchObject({ status: "failed" });
  await bring(world, thinOf(succeeded));
  expect((await read()).status).toBe("paid");
});

test("an event of a kind that is not used, and one about an object that is gone, are logged with the reason", async () => {
  const { world, succeeded } = await paidWorld();
  await takesThin(world);
  const unused = { ...thinOf(succeeded, "nothing"), id: "evt_unused", type: "v1.balance.available" };
  await bring(world, unused);
  expect(await ended(world, "evt_unused")).toMatchObject({ reason: "event_type_not_used" });
  const related_object = { id: "pi_gone", type: "payment_intent", url: "/v1/payment_intents/pi_gone" };
  await bring(world, { ...thinOf(succeeded, "nothing"), id: "evt_gone", related_object });
  expect(await ended(world, "evt_gone")).toMatchObject({ status: "ignored", reason: "object_gone" });
});

test("once Stripe makes events again after a failure, what it made none for is fetched", async () => {
  const { world, read } = await paidWorld();
  await takesThin(world);
  const resolved = {
    id: "evt_resolved",
    object: "v2.core.event",
    type: "v2.core.health.event_generation_failure.resolved",
    created: new Date().toISOString(),
    livemode: false,
    related_object: null,
  };
  expect(await sendThin(world, resolved)).toBe(200);
  expect(await ended(world, "evt_resolved")).toMatchObject({
    status: "processed",
    changes: [{ object: "connection", id: world.connectionId }],
  });
  await eventually(read, ({ status }) => status === "paid");
});

test("a rightly signed body that is no event we know is logged as unreadable, and never refused as a forgery", async () => {
  const world = await createWorld();
  await takesThin(world);
  const bodies = ['{"object":"v2.core.event","id":7}', '{"object":"v3.event"}', "no JSON at all"];
  for (const body of bodies) {
    const signature = await signatureFor(body, THIN_SECRET);
    expect((await deliver(world, body, signature)).status).toBe(200);
  }
  const events = await eventually(
    () => logged(world),
    (seen) => seen.length === bodies.length,
  );
  for (const event of events) expect(event).toMatchObject({ status: "ignored", reason: "unreadable" });
  const { refused } = (await world.api("GET", `/connections/${world.connectionId}`)).body;
  expect(refused.count_24h).toBe(0);
});

test("the secret of thin events is replaced with an overlap, and taken away by null", async () => {
  const world = await createWorld();
  await takesThin(world);
  const path = `/connections/${world.connectionId}`;
  const unused = () => ({
    ...{ id: `evt_${crypto.randomUUID()}`, object: "v2.core.event", type: "v1.balance.available" },
    ...{ created: new Date().toISOString(), livemode: false, related_object: null },
  });
  await world.api("PATCH", path, { thin_webhook_secret: "whsec_the_next_thin_one" });
  expect(await sendThin(world, unused())).toBe(200);
  expect(await sendThin(world, unused(), "whsec_the_next_thin_one")).toBe(200);
  const { body } = await world.api("PATCH", path, { thin_webhook_secret: null });
  expect(body).toMatchObject({ thin_webhook_secret_set: false, webhook_secret_set: true });
  expect(await sendThin(world, unused())).toBe(400);
  expect((await deliverEvent(world, { ...unused(), object: "event" })).status).toBe(200);
});
