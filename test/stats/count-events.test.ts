import { expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { createAnalytics } from "../../src/platform/analytics.ts";
import { createLogger } from "../../src/platform/logger.ts";
import { arriveUnread } from "../../src/webhooks/arrive.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { giveUpEvent } from "../../src/webhooks/give-up-event.ts";
import type { Json } from "../harness/api.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, testDeps } from "../harness/world.ts";
import { event } from "../webhooks/payloads/event.ts";
import { newDispute } from "../webhooks/payloads/refund-dispute.ts";
import { eventOf, HOUR, NOTHING, pay, statsOf, withholdEvents } from "./stats-fixture.ts";

const MINUTE = 60_000;

withholdEvents();

test("an event delivered 51 times, many at once, replayed and done again counts once, and so does its money", async () => {
  const world = await createWorld();
  await pay(world);
  const event = eventOf(world, "payment_intent.succeeded");
  const deps = testDeps();
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 10 }, () => consumeEvent(deps, messageFor(world, event))));
  }
  await consumeEvent(deps, { ...messageFor(world, event), replay: true });
  const [stored] = (await world.api("GET", "/webhook_events")).body.data;
  await world.api("POST", `/webhook_events/${stored.id}/replay`);

  const { totals } = await statsOf(world);
  expect(stored.deliveries).toBe(51);
  expect(totals.events).toEqual({ ...NOTHING, received: 1, processed: 1 });
  expect(totals.money).toEqual([
    {
      currency: "EUR",
      paid: { count: 1, amount: 12900, amount_decimal: "129.00" },
      failed: { count: 0, amount: 0, amount_decimal: "0.00" },
      refunded: { count: 0, amount: 0, amount_decimal: "0.00" },
    },
  ]);
});

test("an event counts as failed and as dead when it becomes so, however often it is tried, and as processed once it is", async () => {
  const world = await createWorld();
  await pay(world);
  const event = eventOf(world, "charge.succeeded");
  const deps = testDeps();
  const arrived = await arriveUnread(deps, messageFor(world, event));
  const note = () => ledger(deps, world.scope).endEvent({ event: arrived, status: "failed", error: "x" });
  await note();
  await note();
  expect((await statsOf(world)).totals.events).toEqual({ ...NOTHING, received: 1, failed: 1 });
  await giveUpEvent(deps, messageFor(world, event), "It failed at every try.");
  await giveUpEvent(deps, messageFor(world, event), "It failed at every try.");
  const dead = await statsOf(world);
  expect(dead.totals.events).toEqual({ ...NOTHING, received: 1, failed: 1, dead: 1 });
  expect(dead.present.dead_events).toBe(1);

  const [stored] = (await world.api("GET", "/webhook_events")).body.data;
  await world.api("POST", `/webhook_events/${stored.id}/replay`);
  // A slower try that fails after that turns nothing back.
  await note();
  const { totals, present } = await statsOf(world);
  expect(totals.events).toEqual({ ...NOTHING, received: 1, processed: 1, failed: 1, dead: 1 });
  expect(present.dead_events).toBe(0);
});

test("an ignored event counts as ignored once, and has no lag", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  await eventually(
    async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    (seen) => seen.payment_link.status === "active",
  );
  const event = { ...eventOf(world, "payment_link.created"), type: "plan.created" };
  for (let time = 0; time < 3; time++) await consumeEvent(testDeps(), messageFor(world, event as never));
  const { totals } = await statsOf(world);
  expect(totals.events).toEqual({ ...NOTHING, received: 1, ignored: 1 });
  expect(totals.lag).toEqual({ sum_ms: 0, average_ms: null, max_ms: null });
});

test.each([
  ["in no sum yet", 0],
  ["in the sums of its hour", 2 * HOUR],
])(
  "an event that waited for its payment, %s, counts as processed alone once that is known",
  async (_, agoMs) => {
    const world = await createWorld();
    await pay(world);
    const deps = testDeps();
    const payment = eventOf(world, "payment_intent.succeeded");
    const { id } = payment.data.object as { id: string };
    const waiting = event(
      "charge.dispute.created",
      newDispute({ id: "du_1", payment_intent: id, metadata: {} }),
    );
    const receivedAtMs = Date.now() - agoMs;
    await consumeEvent(deps, { ...messageFor(world, waiting as never), receivedAtMs });
    expect((await statsOf(world)).totals.events).toEqual({ ...NOTHING, received: 1, ignored: 1 });
    await consumeEvent(deps, messageFor(world, payment));
    const counted = await eventually(
      async () => (await statsOf(world)).totals.events,
      ({ processed }) => processed === 2,
    );
    expect(counted).toEqual({ ...NOTHING, received: 2, processed: 2 });
  },
);

test("sums are right by currency: paid, failed, refunded through us and at Stripe, and recorded by hand", async () => {
  const world = await createWorld();
  const line = (unit_amount: number) => [{ description: "x", quantity: 1, unit_amount }];
  await pay(world, { lines: line(1000) });
  await pay(world, { lines: line(2500) });
  await pay(world, { currency: "jpy", lines: line(700) });
  await pay(world, { currency: "usd", lines: line(4200) }, "4000000000000002");
  for (const event of [...eventsOf(world), ...eventsOf(world)].toReversed()) {
    await consumeEvent(testDeps(), messageFor(world, event));
  }
  const payments = (await world.api("GET", "/payments?status=succeeded")).body.data;
  const yen = payments.find((payment: Json) => payment.currency === "JPY");
  const euro = payments.find((payment: Json) => payment.amount === 2500);
  expect((await world.api("POST", `/payments/${yen.id}/refunds`, {})).status).toBe(201);
  expect((await world.api("POST", `/payments/${euro.id}/refunds`, { amount: 400 })).status).toBe(201);
  for (const event of eventsOf(world)) await consumeEvent(testDeps(), messageFor(world, event));
  const byHand = await createOpenInvoice(world, { currency: "kwd", lines: line(10240) });
  const body = { amount: 10240, method: "bank_transfer", reference: "A-1" };
  for (let time = 0; time < 2; time++) await world.api("POST", `/invoices/${byHand.id}/payments`, body);

  const { totals, hours } = await statsOf(world);
  const seen = totals.money.map(({ currency, paid, failed, refunded }: Json) => [
    currency,
    paid.count,
    paid.amount_decimal,
    failed.count,
    failed.amount_decimal,
    refunded.count,
    refunded.amount_decimal,
  ]);
  expect(seen).toEqual([
    ["EUR", 2, "35.00", 0, "0.00", 1, "4.00"],
    ["JPY", 1, "700", 0, "0", 1, "700"],
    ["KWD", 1, "10.240", 0, "0.000", 0, "0.000"],
    ["USD", 0, "0.00", 1, "42.00", 0, "0.00"],
  ]);
  const inHours = hours
    .flatMap((hour: Json) => hour.money)
    .reduce((sum: number, { paid }: Json) => sum + paid.amount, 0);
  expect(inHours).toBe(1000 + 2500 + 700 + 10240);
});

test("an event is received in the hour of its first receipt and processed in the hour in which it is, to the millisecond", async () => {
  const world = await createWorld();
  await pay(world);
  const at = Math.floor(Date.now() / HOUR) * HOUR + 48 * HOUR;
  const event = { ...eventOf(world, "payment_intent.succeeded"), created: at / 1000 - 90 };
  const message = { ...messageFor(world, event), receivedAtMs: at - 1 };
  await consumeEvent(testDeps({ now: () => at }), message);

  const before = await ledger(testDeps(), world.scope).readStats({ fromMs: at - 1, toMs: at });
  const after = await ledger(testDeps(), world.scope).readStats({ fromMs: at, toMs: at + 1 });
  expect([before.hours.length, after.hours.length]).toEqual([1, 1]);
  expect([before.fromMs, before.toMs, after.fromMs, after.toMs]).toEqual([at - HOUR, at, at, at + HOUR]);
  expect(before.totals.events).toEqual({ ...NOTHING, received: 1 });
  expect(after.totals.events).toEqual({ ...NOTHING, processed: 1 });
  expect(after.totals.lag).toEqual({ sumMs: 90_000, maxMs: 90_000 });
  // Money is where Stripe says that it came: in the hour before.
  expect([before.totals.money.length, after.totals.money.length]).toEqual([1, 0]);
});

test("Analytics Engine gets one point an event and one a payment, and nothing fails with it", async () => {
  const world = await createWorld();
  await pay(world);
  const points: AnalyticsEngineDataPoint[] = [];
  const writing = { writeDataPoint: (point?: AnalyticsEngineDataPoint) => void points.push(point ?? {}) };
  const log = createLogger({});
  const types = ["payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"];
  const events = types.map((type) => eventOf(world, type));
  const deps = testDeps({ analytics: createAnalytics(writing, log) });
  for (const event of [...events, ...events]) await consumeEvent(deps, messageFor(world, event));
  expect(points.map(({ blobs }) => blobs?.[0])).toEqual([
    "webhook_event",
    "payment",
    "webhook_event",
    "webhook_event",
  ]);
  const { tenantId, environmentId } = world.scope;
  expect(points[0]?.indexes).toEqual([environmentId]);
  expect(points[0]?.blobs).toEqual(["webhook_event", tenantId, environmentId, "processed", types[0], ""]);
  expect(points[0]?.doubles?.[0]).toBeLessThan(MINUTE);
  expect(points[1]).toMatchObject({ doubles: [12900] });
  expect(points[1]?.blobs?.slice(3, 5)).toEqual(["succeeded", "EUR"]);

  const other = await createWorld();
  await pay(other);
  const throwing = {
    writeDataPoint() {
      throw new Error("refused");
    },
  };
  const broken = testDeps({ analytics: createAnalytics(throwing, log) });
  await consumeEvent(broken, messageFor(other, eventOf(other, "payment_intent.succeeded")));
  expect((await statsOf(other)).totals.events.processed).toBe(1);
  expect(createAnalytics(undefined, log)).toBeNull();
});
