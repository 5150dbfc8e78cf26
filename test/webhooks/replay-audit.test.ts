// Who did what again: replays are noted before anything is done.

import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { insertEvent } from "../dashboard/rows.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";

const entriesOf = async (world: Pick<TestWorld, "api">, action: string) =>
  (await world.api("GET", `/audit_log?action=${action}`)).body.data;

async function deadWorld(count: number) {
  const world = await createTenantWorld();
  for (let index = 0; index < count; index++) {
    await insertEvent(world.scope, { id: `evt_${index}`, status: "dead", invoiceId: "inv_1" });
  }
  return world;
}

test("a replay of one event is noted with what it was before; one that was processed already is not", async () => {
  const world = await deadWorld(1);
  await insertEvent(world.scope, { id: "evt_done", status: "processed", invoiceId: "inv_1" });
  await world.api("POST", "/webhook_events/whe_0/replay");
  await world.api("POST", "/webhook_events/whe_done/replay");
  expect(await entriesOf(world, "webhook_event.replayed")).toMatchObject([
    {
      actor: { kind: "api_key" },
      target: { object: "webhook_event", id: "whe_0" },
      detail: { type: "payment_intent.succeeded", status: "dead" },
    },
  ]);
});

test("a replay of many is noted once, with its filter and how many, also where the queue then takes none", async () => {
  const world = await deadWorld(3);
  const down = vi.spyOn(env.STRIPE_EVENTS, "sendBatch").mockRejectedValue(new Error("queue down"));
  const since = "2026-01-01T00:00:00.000Z";
  const filter = { status: "dead", type: "payment_intent.succeeded", received_after: since };
  expect((await world.api("POST", "/webhook_events/replay", filter)).status).toBe(503);
  down.mockRestore();
  await world.api("POST", "/webhook_events/replay", { status: "failed" });
  expect(await entriesOf(world, "webhook_events.replayed")).toMatchObject([
    { target: { object: "environment", id: world.scope.environmentId }, detail: { ...filter, count: 3 } },
  ]);
});
