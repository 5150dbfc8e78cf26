import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import worker from "../../src/index.ts";
import { writeEventMessage } from "../../src/platform/event-message.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { deliverEvent, messageFor } from "../harness/stripe-delivery.ts";
import { eventually, testDeps } from "../harness/world.ts";
import { countRows, paidWorld } from "./paid-world.ts";

test("the same event delivered 50 times at once makes one payment, and each delivery is counted", async () => {
  const { world, succeeded, invoiceId, read } = await paidWorld();
  const answers = await Promise.all(Array.from({ length: 50 }, () => deliverEvent(world, succeeded)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200));

  const seen = await eventually(
    async () => (await world.api("GET", "/webhook_events")).body.data,
    (events) => events[0]?.deliveries === 50,
  );
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ stripe_event_id: succeeded.id, status: "processed", deliveries: 50 });
  expect(await countRows("payments", world)).toBe(1);
  expect(await read()).toMatchObject({
    id: invoiceId,
    status: "paid",
    amount_paid: 12900,
    payment_status: "paid",
  });
});

test("one poisoned message does not touch its neighbours, and is kept where it can be seen", async () => {
  const { world, events, read } = await paidWorld();
  const good = events.filter((event) =>
    ["charge.succeeded", "payment_intent.succeeded"].includes(event.type),
  );
  const bodies = [
    "{ this is not JSON",
    writeEventMessage(messageFor(world, good[0] as never)),
    JSON.stringify({ hello: "world" }),
    writeEventMessage({ ...messageFor(world, good[1] as never), eventId: "evt_gone", body: null }),
    writeEventMessage(messageFor(world, good[1] as never)),
  ];
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: Date.now(),
    attempts: 1,
    body,
  }));
  const batch = createMessageBatch("quittance-stripe-events", messages);
  const context = createExecutionContext();
  await worker.queue(batch, env);
  const result = await getQueueResult(batch, context);
  // Also the one whose payload is gone: no later try can read it.
  expect(result.explicitAcks.sort()).toEqual(["m0", "m1", "m2", "m3", "m4"]);
  expect(result.retryMessages).toEqual([]);
  expect((await read()).status).toBe("paid");
  const kept = await env.DB.prepare("SELECT text FROM unreadable_messages").all();
  expect(kept.results.map((row) => row.text)).toEqual(
    expect.arrayContaining([bodies[0], bodies[2], bodies[3]]),
  );
});

test("an event that failed at every try is dead, with its payload, and not lost", async () => {
  const { world, succeeded } = await paidWorld();
  const message = {
    id: "d1",
    timestamp: Date.now(),
    attempts: 1,
    body: writeEventMessage(messageFor(world, succeeded)),
  };
  const batch = createMessageBatch("quittance-stripe-events-dead", [message]);
  await worker.queue(batch, env);
  expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toEqual(["d1"]);
  const [dead] = (await world.api("GET", "/webhook_events?status=dead")).body.data;
  expect(dead).toMatchObject({ stripe_event_id: succeeded.id, status: "dead" });
  expect((await world.api("GET", `/webhook_events/${dead.id}`)).body.payload.id).toBe(succeeded.id);
});

test("the events of one payment in every order end in the same rows", async () => {
  const { world, events, invoiceId } = await paidWorld();
  const types = [
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
    "payment_link.updated",
  ];
  const told = events.filter((event) => types.includes(event.type));
  expect(told).toHaveLength(4);
  // Nothing is enqueued: a link that is switched off meanwhile would be another story.
  const still = { ...testDeps().queues, enqueueJobs: async () => {}, enqueueNotifications: async () => {} };
  const deps = testDeps({ now: () => 1_800_000_000_000, queues: still });
  const sql = ledgerSql(world.scope);
  const before = await sql.prepare("SELECT * FROM invoices").first();
  expect(before).toMatchObject({ id: invoiceId, status: "open" });

  const ends = new Set<string>();
  for (const order of permutations(told)) {
    await sql.batch([
      sql.prepare("DELETE FROM payments"),
      sql.prepare("DELETE FROM webhook_events"),
      sql.prepare("DELETE FROM outbox"),
      sql.prepare(
        "UPDATE payment_links SET status = 'active', deactivation = 'none', switched_off_reason = NULL",
      ),
      sql.prepare(
        `UPDATE invoices SET status = 'open', payment_status = 'unpaid', amount_paid_minor = 0, paid_at_ms = NULL,
         updated_at_ms = 0`,
      ),
    ]);
    for (const event of order) await consumeEvent(deps, messageFor(world, event, `first-${event.id}`));
    for (const event of order) await consumeEvent(deps, messageFor(world, event, `again-${event.id}`));
    const rows = await sql.batch(
      ["payments", "invoices", "payment_links"].map((table) => sql.prepare(`SELECT * FROM ${table}`)),
    );
    ends.add(JSON.stringify(rows.map((result) => result.results)));
  }
  expect(ends.size).toBe(1);
  const [payments, invoices] = JSON.parse([...ends][0] ?? "[]");
  expect(payments).toHaveLength(1);
  expect(payments[0]).toMatchObject({
    status: "succeeded",
    amount_minor: 12900,
    payment_method_type: "card",
  });
  expect(payments[0].receipt_url).not.toBeNull();
  expect(payments[0].checkout_session_id).not.toBeNull();
  expect(invoices[0]).toMatchObject({ status: "paid", amount_paid_minor: 12900 });
});

test("an event of a type that is not used is stored as ignored with its reason", async () => {
  const { world, succeeded } = await paidWorld();
  expect((await deliverEvent(world, { ...succeeded, id: "evt_other", type: "product.created" })).status).toBe(
    200,
  );
  const [event] = await eventually(
    async () => (await world.api("GET", "/webhook_events")).body.data,
    (seen) => seen.length === 1,
  );
  expect(event).toMatchObject({ type: "product.created", status: "ignored", reason: "event_type_not_used" });
});

test("an intent's client secret is never kept", async () => {
  const { world, succeeded } = await paidWorld();
  const object = { ...succeeded.data.object, client_secret: "pi_1_secret_abc" };
  await deliverEvent(world, { ...succeeded, data: { object } });
  const [event] = await eventually(
    async () => (await world.api("GET", "/webhook_events")).body.data,
    (seen) => seen.length === 1,
  );
  const { payload } = (await world.api("GET", `/webhook_events/${event.id}`)).body;
  expect(payload.data.object.id).toBe(
    succeeded.data.object && "id" in succeeded.data.object ? succeeded.data.object.id : null,
  );
  expect(payload.data.object.client_secret).toBeNull();
});
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
