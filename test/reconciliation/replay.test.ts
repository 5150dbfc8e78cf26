import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import type { Scope } from "../../src/platform/deps.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { giveUpEvent } from "../../src/webhooks/give-up-event.ts";
import { replayEvent } from "../../src/webhooks/replay-events.ts";
import type { Json } from "../harness/api.ts";
import { countAsked } from "../harness/count-asked.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, testDeps } from "../harness/world.ts";

beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

async function deadWorld() {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async (): Promise<Json> => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  const used = ["payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"];
  for (const event of eventsOf(world).filter(({ type }) => used.includes(type))) {
    await giveUpEvent(testDeps(), messageFor(world, event), "It failed at every try.");
  }
  const dead = (await world.api("GET", "/webhook_events?status=dead")).body.data;
  expect(dead).toHaveLength(3);
  return { world, read, dead };
}

test("a dead event replayed alone is processed now, and replaying it again changes nothing and says so", async () => {
  const { world, read, dead } = await deadWorld();
  const intent = dead.find((event: Json) => event.type === "payment_intent.succeeded");
  const path = `/webhook_events/${intent.id}/replay`;
  const first = await world.api("POST", path);
  expect(first.body).toMatchObject({ status: "processed", replayed: true, deliveries: 1 });
  expect((await read()).status).toBe("paid");

  const before = await dump(world.scope);
  const again = await world.api("POST", path);
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ status: "processed", replayed: false });
  expect(await dump(world.scope)).toEqual(before);
});

test("dead events replayed by filter are processed by the queue", async () => {
  const { world, read } = await deadWorld();
  const answer = await world.api("POST", "/webhook_events/replay", {
    status: "dead",
    type: "charge.succeeded",
  });
  expect(answer).toMatchObject({ status: 202, body: { queued: 1, has_more: false } });
  await eventually(read, (invoice) => invoice.status === "paid");
  const rest = await world.api("POST", "/webhook_events/replay", { status: "dead" });
  expect(rest.body.queued).toBe(2);
  await eventually(
    async () => (await world.api("GET", "/webhook_events?status=dead")).body.data,
    (left) => left.length === 0,
  );
});

test("an event whose payload is past its age, and that Stripe has no more, says so and stays what it was", async () => {
  const { world, dead } = await deadWorld();
  await ledgerSql(world.scope).prepare("UPDATE webhook_events SET payload = NULL").run();
  // By filter it is left alone, rather than queued for nothing.
  expect((await world.api("POST", "/webhook_events/replay", { status: "dead" })).body.queued).toBe(0);
  const account = sandbox.world.accounts[world.accountId];
  const atStripe = account?.events[dead[0].stripe_event_id];
  delete account?.events[dead[0].stripe_event_id];
  const answer = await world.api("POST", `/webhook_events/${dead[0].id}/replay`);
  expect(answer).toMatchObject({ status: 409, body: { code: "payload_gone" } });
  expect(answer.body.detail).toContain("past its age");
  const after = (await world.api("GET", `/webhook_events/${dead[0].id}`)).body;
  expect(after).toMatchObject({ status: "dead", attempts: dead[0].attempts, payload: null });

  // Where Stripe still has it, it is fetched.
  if (account && atStripe) account.events[dead[0].stripe_event_id] = atStripe;
  const again = await world.api("POST", `/webhook_events/${dead[0].id}/replay`);
  expect(again).toMatchObject({ status: 200, body: { replayed: true, status: "processed" } });
});

test("more than 1,000 events are replayed by as many calls as it takes, in few sends and queries each", async () => {
  const world = await createWorld();
  const { scope } = world;
  const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100)";
  // All of one moment; ignored for good, so that they fit the filter again after they were replayed.
  await ledgerSql(scope)
    .prepare(
      `INSERT INTO webhook_events (stripe_event_id, connection_id, type, livemode, status, source,
         delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms, payload)
       ${numbers} SELECT 'evt_n' || i, ?, 'plan.created', 0, 'ignored', 'webhook', '[]', 1, '[]', 1, 1, 1, '{}' FROM n`,
    )
    .bind(world.connectionId)
    .run();
  const sends = vi.spyOn(env.STRIPE_EVENTS, "sendBatch").mockImplementation(async () => undefined as never);
  const queued: number[] = [];
  let cursor: string | null = null;
  do {
    const body = { status: "ignored", ...(cursor === null ? {} : { cursor }) };
    let answer: { body: Json } = { body: null };
    const asked = await countAsked(async () => {
      answer = await world.api("POST", "/webhook_events/replay", body);
    });
    queued.push(answer.body.queued);
    expect(answer.body.has_more).toBe(answer.body.next_cursor !== null);
    expect(asked.directory + asked.ledgers).toBeLessThan(10);
    cursor = answer.body.next_cursor;
  } while (cursor !== null && queued.length < 10);
  const ids = sends.mock.calls.flatMap(([batch]) =>
    [...batch].map(({ body }) => (JSON.parse(String(body)) as { eventId: string }).eventId),
  );
  const calls = sends.mock.calls.length;
  vi.restoreAllMocks();
  expect(queued).toEqual([1000, 1000, 100]);
  expect(new Set(ids).size).toBe(2100);
  expect(calls).toBe(21);
  const wrong = await world.api("POST", "/webhook_events/replay", { status: "ignored", cursor: "nonsense" });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: "cursor" }] } });
});

test("a replay that fails for now is failed and on the queue, and not left to nobody", async () => {
  const { world, read, dead } = await deadWorld();
  const intent = dead.find((event: Json) => event.type === "payment_intent.succeeded");
  // Something unforeseen in the middle of the work, which is not the database being down.
  await ledgerSql(world.scope)
    .prepare(
      "CREATE TRIGGER unforeseen BEFORE INSERT ON payments BEGIN SELECT RAISE(ABORT, 'unforeseen'); END",
    )
    .run();
  const sends = vi.spyOn(env.STRIPE_EVENTS, "send");
  const { event, replayed } = await replayEvent(testDeps(), world.scope, intent.id);
  await ledgerSql(world.scope).prepare("DROP TRIGGER unforeseen").run();
  expect(replayed).toBe(true);
  expect(event).toMatchObject({ status: "failed" });
  expect(sends).toHaveBeenCalledTimes(1);
  sends.mockRestore();
  await eventually(read, (invoice) => invoice.status === "paid");
});

test("a replay while the original is being processed is one payment", async () => {
  const { world, read, dead } = await deadWorld();
  const intent = dead.find((event: Json) => event.type === "payment_intent.succeeded");
  const original = eventsOf(world).find(({ id }) => id === intent.stripe_event_id);
  if (!original) throw new Error("no event");
  const path = `/webhook_events/${intent.id}/replay`;
  await Promise.all([
    world.api("POST", path),
    consumeEvent(testDeps(), messageFor(world, original)),
    world.api("POST", path),
  ]);
  expect(await read()).toMatchObject({ status: "paid", amount_paid: 12900 });
  expect((await world.api("GET", "/payments")).body.data).toHaveLength(1);
  const { totals } = (await world.api("GET", "/stats")).body;
  expect(totals.events).toMatchObject({ processed: 1 });
});

test("processed events cannot be asked for by filter, and another environment's event is 404", async () => {
  const { world, dead } = await deadWorld();
  expect((await world.api("POST", "/webhook_events/replay", { status: "processed" })).status).toBe(422);
  const other = await createWorld();
  expect((await other.api("POST", `/webhook_events/${dead[0].id}/replay`)).status).toBe(404);
});

async function dump(scope: Scope): Promise<unknown> {
  const tables = ["payments", "invoices", "payment_links", "webhook_events", "invoice_timeline", "messages"];
  const sql = ledgerSql(scope);
  const rows = await sql.batch(tables.map((table) => sql.prepare(`SELECT * FROM ${table}`)));
  return rows.map((result) => result.results);
}
