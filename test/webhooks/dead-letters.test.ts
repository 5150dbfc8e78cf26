import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { type StripeEventMessage, writeEventMessage } from "../../src/platform/event-message.ts";
import { consume } from "../../src/queue.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

type Handled = { acked: boolean; delays: number[] };

/** Hands messages to a queue's consumer and tells what it did with each. */
async function handOver(
  queue: string,
  bodies: StripeEventMessage[],
  bindings: Partial<Env> = {},
): Promise<Handled[]> {
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: new Date(),
    attempts: 3,
    body: writeEventMessage(body),
  }));
  const handled = messages.map((): Handled => ({ acked: false, delays: [] }));
  const batch = createMessageBatch(queue, messages);
  for (const [index, message] of batch.messages.entries()) {
    const told = handled[index];
    if (!told) continue;
    message.ack = () => {
      told.acked = true;
    };
    message.retry = (options) => void told.delays.push(options?.delaySeconds ?? 0);
  }
  await consume(batch, { ...env, ...bindings } as Env);
  return handled;
}

const deadLedgers = guardedLedgers(() => Promise.reject(new Error("Network connection lost.")));

async function paidEvent(world: TestWorld) {
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  const event = eventsOf(world).find(({ type }) => type === "payment_intent.succeeded");
  if (!event) throw new Error("no event");
  return { event, read };
}

test("while the ledger does not answer dead letters are kept by their queue, and are rows once it answers", async () => {
  const world = await createWorld();
  const { event } = await paidEvent(world);
  const dead = "quittance-stripe-events-dead";
  const [down] = await handOver(dead, [messageFor(world, event)], { LEDGER: deadLedgers });
  expect(down?.acked).toBe(false);
  expect(down?.delays).toHaveLength(1);
  expect((await world.api("GET", "/webhook_events")).body.data).toEqual([]);

  expect(await handOver(dead, [messageFor(world, event)])).toEqual([{ acked: true, delays: [] }]);
  const [row] = (await world.api("GET", "/webhook_events?status=dead")).body.data;
  expect(row).toMatchObject({ stripe_event_id: event.id, status: "dead" });
});

test("a large event that gave up is dead with its payload, and replayed like any other", async () => {
  const world = await createWorld();
  const { event, read } = await paidEvent(world);
  Object.assign(event.data.object, { padding: "x".repeat(200_000) });
  await ledger(testDeps(), world.scope).keepPayload({
    eventId: event.id,
    payload: JSON.stringify(event),
    receivedAtMs: Date.now(),
  });
  const message = { ...messageFor(world, event), eventId: event.id, body: null };
  expect(await handOver("quittance-stripe-events-dead", [message])).toEqual([{ acked: true, delays: [] }]);
  const [dead] = (await world.api("GET", "/webhook_events?status=dead")).body.data;
  const one = await world.api("POST", `/webhook_events/${dead.id}/replay`);
  expect(one.body).toMatchObject({ status: "processed", replayed: true });
  expect((await read()).status).toBe("paid");
});

for (const queue of ["quittance-stripe-events", "quittance-stripe-events-dead"]) {
  test(`a message on ${queue} whose payload is gone ends where it can be seen, and is not tried for ever`, async () => {
    const world = await createWorld();
    const { event } = await paidEvent(world);
    const message = { ...messageFor(world, event), eventId: event.id, body: null };

    // Without a row: an operator sees the message. (Its name is the event's: told twice, it is one.)
    expect(await handOver(queue, [message, message])).toEqual([
      { acked: true, delays: [] },
      { acked: true, delays: [] },
    ]);
    const kept = await env.DB.prepare("SELECT error FROM unreadable_messages WHERE id = ?")
      .bind(`webhook_event/${event.id}`)
      .all();
    expect(kept.results).toEqual([{ error: expect.stringContaining("payload is gone") }]);

    // With a row that says it will be tried again: dead, and why. One that was ignored stays so.
    for (const [status, after] of [
      ["failed", "dead"],
      ["ignored", "ignored"],
    ]) {
      const id = `${event.id}_${status}`;
      await ledgerSql(world.scope)
        .prepare(
          `INSERT INTO webhook_events (stripe_event_id, connection_id, type, livemode, status, source,
           delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms)
         VALUES (?, ?, 'charge.succeeded', 0, ?, 'webhook', '[]', 1, '[]', 1, 1, 1)`,
        )
        .bind(id, world.connectionId, status)
        .run();
      await handOver(queue, [{ ...message, eventId: id, replay: true }]);
      const row = await ledgerSql(world.scope)
        .prepare("SELECT status FROM webhook_events WHERE stripe_event_id = ?")
        .bind(id)
        .first();
      expect(row).toEqual({ status: after });
    }
  });
}
