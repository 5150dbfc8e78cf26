import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Database } from "../../src/platform/commit.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { consumeEvent } from "../../src/webhooks/consume-event.ts";
import { forgetOldPayloads } from "../../src/webhooks/forget-old-payloads.ts";
import { insertEvent } from "../dashboard/rows.ts";
import { createOpenInvoice, createWorld, testDeps } from "../harness/world.ts";

const DAY = 24 * 60 * 60 * 1000;
const KEPT = 400;

/** Runs retention at a later day, and says how many rows D1 read for it. */
async function forget(days: number): Promise<{ gone: number; rowsRead: number }> {
  let rowsRead = 0;
  const client = env.DB;
  const counted = {
    prepare: (query: string) => client.prepare(query),
    async batch<T>(statements: D1PreparedStatement[]) {
      const results = await client.batch<T>(statements);
      for (const { meta } of results) rowsRead += meta.rows_read;
      return results;
    },
  };
  const usual = testDeps();
  const directory = new Proxy(usual.directory, {
    get: (target, name) => (name === "$client" ? counted : Reflect.get(target, name)),
  }) as Database;
  const deps: Deps = { ...usual, directory, now: () => Date.now() + days * DAY };
  return { gone: await forgetOldPayloads(deps), rowsRead };
}

async function payloads(environmentId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT stripe_event_id AS id FROM webhook_payloads WHERE environment_id = ? ORDER BY 1",
  )
    .bind(environmentId)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

test("a run costs what it forgets: payloads that are kept are looked at once, not by each run", async () => {
  const world = await createWorld();
  for (let index = 0; index < KEPT; index++)
    await insertEvent(world.scope, { id: `evt_dead${index}`, status: "dead", invoiceId: "inv_1" });
  await forget(31);
  const quiet = await forget(31);
  expect(quiet).toMatchObject({ gone: 0 });
  expect(quiet.rowsRead).toBeLessThan(20);

  await insertEvent(world.scope, { id: "evt_done", status: "processed", invoiceId: "inv_1" });
  const one = await forget(31);
  expect(one.gone).toBe(1);
  expect(one.rowsRead).toBeLessThan(40);
  expect(await payloads(world.scope.environmentId)).toHaveLength(KEPT);
});

test("a kept payload goes by age like any other once its event has been replayed", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const event = {
    id: "evt_late",
    type: "product.created",
    created: 1,
    livemode: false,
    data: { object: {} },
  };
  await insertEvent(world.scope, {
    id: event.id,
    status: "dead",
    invoiceId: invoice.id,
    payload: JSON.stringify(event),
  });
  expect((await forget(31)).gone).toBe(0);
  const message = {
    ...world.scope,
    connectionId: world.connectionId,
    deliveryId: "dlv_1",
    receivedAtMs: Date.now(),
    source: "webhook" as const,
    eventId: event.id,
    event: null,
    replay: true,
  };
  await consumeEvent(testDeps(), message);
  expect((await forget(31)).gone).toBe(1);
  expect(await payloads(world.scope.environmentId)).toEqual([]);
});
