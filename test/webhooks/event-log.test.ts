import { expect, test } from "vitest";
import { paidWorld } from "../guarantees/paid-world.ts";
import { deliver } from "./deliver.ts";

test("an event of the log says what Stripe sent, what came of it, and how long that took from Stripe's making of it", async () => {
  const { world, invoiceId, succeeded } = await paidWorld();
  // Made at Stripe three seconds ago.
  const created = Math.floor(Date.now() / 1000) - 3;
  await deliver(world, { ...succeeded, created } as never);
  const [listed] = (await world.api("GET", `/webhook_events?invoice_id=${invoiceId}`)).body.data;
  const { body: event } = await world.api("GET", `/webhook_events/${listed.id}`);
  expect(event).toMatchObject({
    object: "webhook_event",
    stripe_event_id: succeeded.id,
    type: "payment_intent.succeeded",
    status: "processed",
    reason: null,
    source: "webhook",
    api_version: "2026-10-28.endive",
    livemode: false,
    deliveries: 1,
    attempts: 1,
    payload: { id: succeeded.id, type: "payment_intent.succeeded" },
  });
  expect(event.changes).toContainEqual({ object: "invoice", id: invoiceId });
  expect(event.lag_ms).toBe(Date.parse(event.processed_at) - created * 1000);
  expect(event.lag_ms).toBeGreaterThanOrEqual(3000);
  expect(listed).not.toHaveProperty("payload");
});
