import { beforeEach, expect, test } from "vitest";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { testDeps } from "../harness/world.ts";
import { check, DAY, HOUR, hear, linkOf, off, openWorld, pay, setLinks } from "./quiet-links-fixture.ts";

// Nothing is delivered: the test hands each event over itself.
beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

test.each(["paid", "void", "uncollectible", "replaced"])(
  "a link of an invoice that is %s is looked at until Stripe has confirmed that it is off, and then no more",
  async (how) => {
    const { world, invoice } = await openWorld();
    sandbox.world.faults.push({
      method: "POST",
      path: `/v1/payment_links/${invoice.payment_link.id}`,
      times: 1,
      kind: "rate_limit",
    });
    if (how === "paid") {
      await pay(world, invoice, "4242424242424242");
      await hear(world, ({ type }) => type === "payment_intent.succeeded");
    } else {
      const act = { void: "void", uncollectible: "mark_uncollectible", replaced: "payment_link" }[how];
      expect((await world.api("POST", `/invoices/${invoice.id}/${act}`)).status).toBeLessThan(300);
    }
    expect(await linkOf(world)).toMatchObject({
      deactivation: "pending",
      next_check_at_ms: expect.any(Number),
    });
    sandbox.world.faults.length = 0;
    expect((await off(world)).next_check_at_ms).toBeNull();
  },
);

test("a link whose switching off was given up can be paid, and is asked about", async () => {
  const { world } = await openWorld();
  await setLinks(world, "status = 'inactive', switched_off_reason = 'replaced', deactivation = 'pending'");
  await setLinks(world, "deactivation = 'failed', deactivation_error = 'Stripe refused.'");
  expect(await check(world, Date.now() + 7 * HOUR)).toMatchObject({ asked: 1 });
  expect(await linkOf(world)).toMatchObject({
    deactivation: "failed",
    next_check_at_ms: expect.any(Number),
  });
});

test("a link that was switched off in Stripe's dashboard is asked about once its open pages have expired", async () => {
  const { world, invoice } = await openWorld();
  const now = Date.now();
  await setLinks(world, `created_at_ms = ${now - 90 * DAY}, next_check_at_ms = ${now + 7 * DAY}`);
  const [sample] = eventsOf(world);
  if (!sample) throw new Error("no events");
  const object = { id: invoice.payment_link.id, object: "payment_link", active: false, metadata: {} };
  const created = Math.floor(now / 1000);
  const event = { ...sample, id: "evt_off", created, type: "payment_link.updated", data: { object } };
  await consumeEvent(testDeps(), messageFor(world, event as never));
  expect((await linkOf(world)).status).toBe("inactive");
  const next = Number((await linkOf(world)).next_check_at_ms);
  expect(Math.abs(next - now - DAY)).toBeLessThan(60_000);
  expect(await check(world, next + HOUR)).toMatchObject({ asked: 1 });
  expect(await check(world, next + 3 * DAY)).toMatchObject({ asked: 0 });
  expect((await linkOf(world)).next_check_at_ms).toBeNull();
});
