import { expect, test } from "vitest";
import type { Scope } from "../../src/platform/deps.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { insertEvent } from "../dashboard/rows.ts";
import { forgetSome } from "../harness/forget.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createOpenInvoice, createWorld, testDeps } from "../harness/world.ts";

const KEPT = 400;

/** One alarm at a later day: how many payloads went, and how many rows were read for it. */
async function forget(scope: Scope, days: number): Promise<{ gone: number; rowsRead: number }> {
  const before = (await payloads(scope)).length;
  const { rowsRead } = await forgetSome(scope, { days });
  return { gone: before - (await payloads(scope)).length, rowsRead };
}

async function payloads(scope: Scope): Promise<string[]> {
  const { results } = await ledgerSql(scope)
    .prepare("SELECT stripe_event_id AS id FROM webhook_events WHERE payload IS NOT NULL ORDER BY 1")
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

test("an alarm costs what it forgets: payloads that are kept are looked at once, not by each", async () => {
  const world = await createWorld();
  for (let index = 0; index < KEPT; index++)
    await insertEvent(world.scope, { id: `evt_dead${index}`, status: "dead", invoiceId: "inv_1" });
  await forget(world.scope, 31);
  const quiet = await forget(world.scope, 31);
  expect(quiet).toMatchObject({ gone: 0 });
  expect(quiet.rowsRead).toBeLessThan(20);

  await insertEvent(world.scope, { id: "evt_done", status: "processed", invoiceId: "inv_1" });
  const one = await forget(world.scope, 31);
  expect(one.gone).toBe(1);
  expect(one.rowsRead).toBeLessThan(40);
  expect(await payloads(world.scope)).toHaveLength(KEPT);
});

test("a payload that was kept past its age goes once its event has been replayed", async () => {
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
  expect((await forget(world.scope, 31)).gone).toBe(0);
  const message = {
    ...world.scope,
    connectionId: world.connectionId,
    deliveryId: "dlv_1",
    receivedAtMs: Date.now(),
    source: "webhook" as const,
    eventId: event.id,
    body: null,
    replay: true,
  };
  await consumeEvent(testDeps(), message);
  expect(await payloads(world.scope)).toEqual([]);
});
