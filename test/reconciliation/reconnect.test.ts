import { beforeEach, expect, test } from "vitest";
import { rerunSetAsideEvents } from "../../src/connections/rerun-set-aside-events.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { giveUpEvent } from "../../src/webhooks/give-up-event.ts";
import type { Json } from "../harness/api.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import {
  notingDeps,
  payUnheard,
  quietDeps,
  reader,
  reconcile,
  requestReconciliation,
  rowOf,
} from "./reconcile-fixture.ts";

// What Stripe could not deliver in the last four days is fetched in any case.
const [EVENTS_AGE_MS, FORMER_AGE_MS] = [5 * 86_400_000, 6 * 86_400_000];

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

/** Connects the environment anew. */
async function connect(world: TestWorld, secretKey = world.secretKey): Promise<TestWorld> {
  const body = { name: "Again", provider: "stripe", secret_key: secretKey };
  const made = await world.api("POST", "/connections", { ...body, webhook_setup: "manual" });
  expect(made.status).toBe(201);
  return { ...world, connectionId: made.body.id };
}

async function disconnect(world: TestWorld): Promise<void> {
  expect((await world.api("DELETE", `/connections/${world.connectionId}`)).status).toBe(200);
}

/** The first run of a connection. */
async function firstRun(world: TestWorld): Promise<void> {
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await reconcile(world);
}

/** As if the connection's events were fetched up to then. */
async function lookedUpTo(world: TestWorld, cursorMs: number): Promise<void> {
  const sql = ledgerSql(world.scope);
  await sql
    .prepare("UPDATE reconciliations SET cursor_ms = ? WHERE connection_id = ?")
    .bind(cursorMs, world.connectionId)
    .run();
}

const eventRows = async (world: TestWorld): Promise<Json[]> =>
  (await world.api("GET", "/webhook_events?limit=100")).body.data;

/** Paid, and its events taken in by the connection, which went before the queue brought them. */
async function setAsideWorld() {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const messages = eventsOf(world).map((event) => messageFor(world, event));
  await disconnect(world);
  for (const message of messages) await consumeEvent(testDeps(), message);
  const rows = await eventRows(world);
  expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set(["connection_disconnected"]));
  return { world, id };
}

/** Stripe lists nothing: what is to be found is here. */
function forgetAtStripe(world: TestWorld): void {
  sandbox.world.accounts[world.accountId]?.eventOrder.splice(0);
}

test("events that came to a connection which went are decided by the first run of the next one", async () => {
  const { world, id } = await setAsideWorld();
  const again = await connect(world);
  forgetAtStripe(world);
  await firstRun(again);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  const rows = await eventually(
    () => eventRows(world),
    (seen) => seen.every(({ reason }) => reason !== "connection_disconnected"),
  );
  // Deciding again is no further delivery, and nothing that a webhook had brought counts as missed.
  expect(new Set(rows.map(({ deliveries }) => deliveries))).toEqual(new Set([1]));
  expect(await rowOf(again)).toMatchObject({ events_missed: 0 });
});

test("an event still in the queue when the connection is made anew is decided under the new one", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const messages = eventsOf(world).map((event) => messageFor(world, event));
  await disconnect(world);
  const again = await connect(world);
  for (const message of messages) await consumeEvent(testDeps(), message);
  expect((await reader(world, id)()).status).toBe("paid");
  const [row] = await ledgerSql(world.scope)
    .prepare("SELECT DISTINCT connection_id FROM webhook_events WHERE status = 'processed'")
    .all()
    .then(({ results }) => results);
  expect(row).toEqual({ connection_id: again.connectionId });
});

test("what set-aside events told is fetched again where their payloads are gone, and is no news", async () => {
  const { world, id } = await setAsideWorld();
  await ledgerSql(world.scope).prepare("UPDATE webhook_events SET payload = NULL").run();
  // Old enough to count as missed, were they news.
  const known = (await eventRows(world)).map((row) => row.stripe_event_id);
  for (const event of eventsOf(world)) if (known.includes(event.id)) event.created -= 3_600;
  const again = await connect(world);
  await firstRun(again);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  expect(await rowOf(again)).toMatchObject({ events_missed: 0 });
});

test("what happened before the new connection was made is fetched from where the former one had got to", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  await lookedUpTo(world, Date.now() - FORMER_AGE_MS);
  for (const event of eventsOf(world)) event.created -= EVENTS_AGE_MS / 1000;
  await disconnect(world);
  const again = await connect(world);
  await firstRun(again);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("a first signing secret looks as far back as any other run does", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  await lookedUpTo(world, Date.now() - FORMER_AGE_MS);
  for (const event of eventsOf(world)) event.created -= EVENTS_AGE_MS / 1000;
  await disconnect(world);
  const again = await connect(world);
  const secret = `whsec_${"b".repeat(32)}`;
  await world.api("PATCH", `/connections/${again.connectionId}`, { webhook_secret: secret });
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("a dead event of a former connection is replayed under the one to the same account", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const paid = eventsOf(world).find(({ type }) => type === "payment_intent.succeeded");
  if (!paid) throw new Error("not paid");
  await giveUpEvent(testDeps(), messageFor(world, paid), "It failed at every try.");
  await disconnect(world);
  await connect(world);
  const [dead] = await eventRows(world);
  const replayed = await world.api("POST", `/webhook_events/${dead.id}/replay`);
  expect(replayed.body).toMatchObject({ status: "processed", replayed: true });
  expect((await reader(world, id)()).status).toBe("paid");
});

test("what a connection to another account took in is not decided under the new one", async () => {
  const { world, id } = await setAsideWorld();
  const before = await eventRows(world);
  const again = await connect(world, world.secretKey.replace("sk_test_", "sk_test_o"));
  await firstRun(again);
  for (const { id: eventId } of before) {
    const replayed = await world.api("POST", `/webhook_events/${eventId}/replay`);
    expect(replayed.body).toMatchObject({ status: "ignored", reason: "connection_disconnected" });
  }
  expect(await reader(world, id)()).toMatchObject({ status: "open", amount_paid: 0 });
});

test("what another account's connection left set aside costs a run nothing", async () => {
  const world = await createWorld();
  await ledgerSql(world.scope)
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
     INSERT INTO webhook_events (stripe_event_id, connection_id, type, livemode, status, reason, source,
       delivery_ids, attempts, changes, created_at_ms, received_at_ms, updated_at_ms)
     SELECT 'evt_' || i, 'conn_other', 'charge.succeeded', 0, 'ignored', 'connection_disconnected', 'webhook',
       '["d"]', 1, '[]', 1, 1, 1 FROM n`,
    )
    .run();
  await ledgerSql(world.scope)
    .prepare("UPDATE webhook_events SET connection_id = ?, payload = '{}' WHERE stripe_event_id = 'evt_7'")
    .bind(world.connectionId)
    .run();
  const { deps, taken } = notingDeps();
  const { read } = await ledgerRows(world.scope, () =>
    rerunSetAsideEvents(deps, world.scope, world.connectionId),
  );
  expect(taken).toEqual(["evt_7"]);
  expect(read).toBeLessThan(20);
});

test("that access was taken back before it was given again does not harm the new connection", async () => {
  const world = await createWorld();
  await payUnheard(world);
  const [sample] = eventsOf(world);
  if (!sample) throw new Error("no events");
  const object = { id: "ca_1", object: "application" };
  const event = { ...sample, id: "evt_gone", account: world.accountId, created: sample.created - 60 };
  const told = { ...event, type: "account.application.deauthorized", data: { object } };
  await disconnect(world);
  await consumeEvent(testDeps(), messageFor(world, told as never));
  const again = await connect(world);
  await firstRun(again);
  const row = await eventually(
    () => eventRows(world),
    (rows) => rows.some(({ reason }) => reason === "before_connection"),
  );
  expect(row.length).toBeGreaterThan(0);
  expect((await world.api("GET", `/connections/${again.connectionId}`)).body.status).not.toBe("error");
});
