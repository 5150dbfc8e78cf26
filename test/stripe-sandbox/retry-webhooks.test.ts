import { describe, expect, it } from "vitest";
import { deliverySucceeded, releaseDeliveries, resendEvent } from "./deliver-webhooks.ts";
import { ACCOUNT, addEndpoint, HOUR_MS, MINUTE_MS, setUpDeliveries } from "./delivery-fixture.ts";

describe("retries", () => {
  it("come after Stripe's growing delays and stop with the first 200", async () => {
    const setup = setUpDeliveries((_sent, count) => (count < 4 ? 500 : 200));
    addEndpoint(setup);
    const event = setup.emit();
    await setup.scheduler.settle();
    expect(deliverySucceeded(setup.account, event.id)).toBe(false);
    await setup.scheduler.advance(200 * HOUR_MS);
    const first = setup.sent[0]?.atMs ?? 0;
    const waits = setup.sent.map((sent) => sent.atMs - first);
    expect(waits).toEqual([0, 5 * MINUTE_MS, 35 * MINUTE_MS, 2 * HOUR_MS + 35 * MINUTE_MS]);
    expect(deliverySucceeded(setup.account, event.id)).toBe(true);
    expect(event.pending_webhooks).toBe(0);
  });

  it("are given up within three days, and the event stays undelivered", async () => {
    const setup = setUpDeliveries(() => 500);
    addEndpoint(setup);
    const event = setup.emit();
    await setup.scheduler.advance(500 * HOUR_MS);
    const lastMs = (setup.sent.at(-1)?.atMs ?? 0) - (setup.sent[0]?.atMs ?? 0);
    expect(lastMs).toBeGreaterThan(48 * HOUR_MS);
    expect(lastMs).toBeLessThanOrEqual(72 * HOUR_MS);
    expect(Object.values(setup.account.deliveries)[0]).toMatchObject({
      status: "failed",
      lastStatusCode: 500,
    });
    expect(deliverySucceeded(setup.account, event.id)).toBe(false);
  });

  it.each([
    ["a redirect", () => 302],
    ["a 404", () => 404],
    [
      "a receiver that is not there",
      () => {
        throw new Error("connection refused");
      },
    ],
  ])("follow %s too", async (_name, answer: () => number) => {
    const setup = setUpDeliveries((_sent, count) => (count === 1 ? answer() : 204));
    addEndpoint(setup);
    setup.emit();
    await setup.scheduler.settle();
    expect(setup.sent).toHaveLength(1);
    await setup.scheduler.advance(5 * MINUTE_MS);
    expect(setup.sent).toHaveLength(2);
  });

  it("end when another copy of the same event was answered 200", async () => {
    const setup = setUpDeliveries((_sent, count) => (count === 1 ? 500 : 200));
    Object.assign(setup.world.deliveryPolicy, { copies: 2, shuffle: false });
    addEndpoint(setup);
    setup.emit();
    await setup.scheduler.advance(100 * HOUR_MS);
    expect(setup.sent).toHaveLength(2);
  });

  it("end when the endpoint was deleted in between", async () => {
    const setup = setUpDeliveries(() => 500);
    const { endpoint } = addEndpoint(setup);
    setup.emit();
    await setup.scheduler.settle();
    delete setup.account.endpoints[endpoint.id];
    await setup.scheduler.advance(HOUR_MS);
    expect(setup.sent).toHaveLength(1);
  });
});

describe("the delivery policy", () => {
  it("sends each event as many times as it says, though the first was answered 200", async () => {
    const setup = setUpDeliveries();
    setup.world.deliveryPolicy.copies = 3;
    addEndpoint(setup);
    const event = setup.emit();
    await setup.scheduler.settle();
    expect(setup.sent.map((sent) => JSON.parse(sent.body).id)).toEqual([event.id, event.id, event.id]);
  });

  it("shuffles the events of one moment, and keeps their order when told to", async () => {
    const orders = new Set<string>();
    for (const shuffle of [false, true]) {
      const setup = setUpDeliveries();
      setup.world.deliveryPolicy.shuffle = shuffle;
      addEndpoint(setup);
      const happened = Array.from({ length: 30 }, () => setup.emit().id);
      await setup.scheduler.settle();
      const sent = setup.sent.map((one) => JSON.parse(one.body).id as string);
      expect([...sent].sort()).toEqual([...happened].sort());
      if (!shuffle) expect(sent).toEqual(happened);
      else expect(sent).not.toEqual(happened);
      orders.add(sent.join());
    }
    expect(orders.size).toBe(2);
  });

  it("holds deliveries back for as long as it says", async () => {
    const setup = setUpDeliveries();
    setup.world.deliveryPolicy.delayMs = HOUR_MS;
    addEndpoint(setup);
    setup.emit();
    await setup.scheduler.settle();
    expect(setup.sent).toHaveLength(0);
    await setup.scheduler.advance(HOUR_MS);
    expect(setup.sent).toHaveLength(1);
  });

  it("withholds what happens and what was to be retried, until it is released", async () => {
    const setup = setUpDeliveries((_sent, count) => (count === 1 ? 500 : 200));
    addEndpoint(setup);
    setup.emit();
    await setup.scheduler.settle();
    setup.world.deliveryPolicy.withhold = true;
    const withheld = setup.emit();
    await setup.scheduler.advance(100 * HOUR_MS);
    expect(setup.sent).toHaveLength(1);
    expect(deliverySucceeded(setup.account, withheld.id)).toBe(false);
    expect(releaseDeliveries(setup.context)).toBe(2);
    await setup.scheduler.settle();
    expect(setup.sent).toHaveLength(3);
    expect(deliverySucceeded(setup.account, withheld.id)).toBe(true);
  });
});

describe("an event", () => {
  it("that no endpoint wants is neither delivered nor undelivered", () => {
    const setup = setUpDeliveries();
    expect(deliverySucceeded(setup.account, setup.emit().id)).toBeNull();
  });

  it("can be sent again after it was delivered, also to an endpoint made later", async () => {
    const setup = setUpDeliveries();
    addEndpoint(setup);
    const event = setup.emit();
    await setup.scheduler.settle();
    addEndpoint(setup, { url: "https://receiver.test/later" });
    expect(resendEvent(setup.context, ACCOUNT, event)).toBe(2);
    expect(deliverySucceeded(setup.account, event.id)).toBe(false);
    await setup.scheduler.settle();
    expect(setup.sent.map((sent) => new URL(sent.url).pathname).sort()).toEqual(["/hook", "/hook", "/later"]);
  });
});
