import { expect, test } from "vitest";
import { recoverDeliveries } from "../../src/notifications/recover-deliveries.ts";
import type { Scope } from "../../src/platform/deps.ts";
import type { Json } from "../harness/api.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";
import {
  createClockwork,
  createDestination,
  createReceiver,
  deliveriesOf,
  invoicePaid,
  verify,
} from "./receiver.ts";

const MINUTE = 60_000;

test("one call sends again all that failed since then, oldest first, ten a second, each under its own id; a second call finds nothing", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver);
  const clock = createClockwork();
  await clock.announce(world.scope, invoicePaid("inv_taken"));
  await clock.run(1);
  await insertFailed(world.scope, destination.id, 1, { name: "before", atMs: clock.now() - 60 * MINUTE });
  await insertFailed(world.scope, destination.id, 1, { name: "too_old", atMs: clock.now(), isKept: false });
  await insertFailed(world.scope, destination.id, 250, { name: "failed", atMs: clock.now() });
  receiver.received.length = 0;

  const since = { sinceMs: clock.now() };
  const recover = () => recoverDeliveries(clock.deps, world.scope, destination.id, since);
  expect(await recover()).toEqual({ recovered: 250, hasMore: false });
  expect(await recover()).toEqual({ recovered: 0, hasMore: false });
  // As many as are in the queue at once; the others of the hundred as those are done.
  expect(clock.queue).toHaveLength(6);
  await clock.drain();
  const names = Array.from({ length: 250 }, (_, index) => `msg_failed_${String(index + 1).padStart(6, "0")}`);
  expect(receiver.received.map(({ id }) => id)).toEqual(names.slice(0, 100));
  clock.pass(9_000 - 1_001);
  await clock.run(0);
  expect(receiver.received).toHaveLength(100);
  await clock.run(1);
  expect(receiver.received.map(({ id }) => id)).toEqual(names);
  for (const message of receiver.received) verify(destination.secret, message);
  const statuses = await statusesOf(world.scope, destination.id);
  expect(statuses).toEqual({ succeeded: 251, failed: 2 });
  const audit = (await world.api("GET", "/audit_log?limit=100")).body.data.map((entry: Json) => entry.action);
  expect(audit).toContain("event_destination.recovered");
});

test("what is recovered comes ten a second, so that a receiver that has just come back is not run over", async () => {
  const world = await createTenantWorld();
  const destination = await createDestination(world, createReceiver());
  const clock = createClockwork();
  await insertFailed(world.scope, destination.id, 50_001, { name: "failed", atMs: clock.now() });
  const recover = () =>
    recoverDeliveries(clock.deps, world.scope, destination.id, { sinceMs: clock.now() - 1 });
  expect(await recover()).toEqual({ recovered: 50_000, hasMore: true });
  const slices = await ledgerSql(world.scope)
    .prepare(
      `SELECT (next_attempt_at_ms - ?) / 1000 AS at, COUNT(*) AS n FROM deliveries
       WHERE destination_id = ? AND status = 'pending' GROUP BY 1 ORDER BY 1`,
    )
    .bind(clock.now(), destination.id)
    .raw<[number, number]>();
  expect(slices).toEqual(Array.from({ length: 500 }, (_, index) => [index * 10, 100]));
  expect(await recover()).toEqual({ recovered: 1, hasMore: false });
});

test("what is announced while a destination is switched off is kept for it, and recovered once it is on again", async () => {
  const world = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(world, receiver, { event_types: ["invoice.paid"] });
  const path = `/event_destinations/${destination.id}`;
  receiver.answer = async () => new Response("down", { status: 500 });
  const clock = createClockwork();
  const since = new Date(clock.now()).toISOString();
  await clock.announce(world.scope, invoicePaid("inv_pending"));
  await clock.run(1);
  await world.api("PATCH", path, { is_active: false });
  await clock.announce(world.scope, invoicePaid("inv_meanwhile"));
  await clock.announce(world.scope, { ...invoicePaid("inv_other"), type: "invoice.voided" });
  await clock.run(5);

  expect(receiver.received.map(({ body }) => JSON.parse(body).data.object.id)).not.toContain("inv_meanwhile");
  const failed = await deliveriesOf(world, destination.id);
  expect(failed).toMatchObject([
    { status: "failed", attempts: 0, next_attempt_at: null, error: "The destination is switched off." },
    { status: "failed", next_attempt_at: null, error: "The destination was switched off." },
  ]);
  expect(await world.api("POST", `${path}/recover`, { since })).toMatchObject({
    status: 409,
    body: { code: "conflict" },
  });

  await world.api("PATCH", path, { is_active: true });
  await clock.run(5);
  expect((await deliveriesOf(world, destination.id)).map(({ status }) => status)).toEqual([
    "failed",
    "failed",
  ]);
  receiver.answer = async () => new Response("thanks");
  receiver.received.length = 0;
  const recovered = await world.api("POST", `${path}/recover`, { since });
  expect(recovered).toMatchObject({
    status: 202,
    body: { object: "recovery", destination_id: destination.id, recovered: 2, has_more: false },
  });
  await clock.run(2);
  const told = receiver.received.map(
    (message) => (verify(destination.secret, message) as Json).data.object.id,
  );
  expect([...new Set(told)].sort()).toEqual(["inv_meanwhile", "inv_pending"]);
});

test("another destination's and another tenant's failures stay as they are", async () => {
  const [world, other] = [await createTenantWorld(), await createTenantWorld()];
  const destination = await createDestination(world, createReceiver());
  const beside = await createDestination(world, createReceiver());
  const theirs = await createDestination(other, createReceiver());
  const atMs = Date.now();
  await insertFailed(world.scope, beside.id, 3, { name: "beside", atMs });
  await insertFailed(other.scope, theirs.id, 3, { name: "theirs", atMs });
  const since = "2026-01-01T00:00:00+02:00";
  const mine = await world.api("POST", `/event_destinations/${destination.id}/recover`, { since });
  expect(mine.body.recovered).toBe(0);
  expect((await world.api("POST", `/event_destinations/${theirs.id}/recover`, { since })).status).toBe(404);
  expect(await statusesOf(world.scope, beside.id)).toEqual({ failed: 3 });
  expect(await statusesOf(other.scope, theirs.id)).toEqual({ failed: 3 });
});

test.each([[{}], [{ since: "yesterday" }], [{ since: "2026-01-01T00:00:00Z", until: "now" }]])(
  "%j is refused",
  async (body) => {
    const world = await createTenantWorld();
    const destination = await createDestination(world, createReceiver());
    const answer = await world.api("POST", `/event_destinations/${destination.id}/recover`, body);
    expect([answer.status, answer.body.code]).toEqual([422, "validation_failed"]);
  },
);

/** Deliveries that have failed for good, each a millisecond after the one before. */
async function insertFailed(
  scope: Scope,
  destinationId: string,
  count: number,
  { name, atMs, isKept = true }: { name: string; atMs: number; isKept?: boolean },
): Promise<void> {
  const numbers =
    "WITH RECURSIVE n(i, t) AS (SELECT 1, '000001' UNION ALL SELECT i + 1, printf('%06d', i + 1) FROM n WHERE i < ?1)";
  const database = ledgerSql(scope);
  await database.batch([
    database
      .prepare(
        `INSERT INTO messages (type, key, id, object_kind, object_id, created_at_ms)
         ${numbers} SELECT 'invoice.paid', ?2 || t, 'msg_' || ?2 || '_' || t, 'invoice', 'inv', ?3 + i FROM n WHERE ?4`,
      )
      .bind(count, name, atMs, isKept ? 1 : 0),
    database
      .prepare(
        `INSERT INTO deliveries (destination_id, seq, type, message_key, message_id, status, attempts,
           step, created_at_ms, updated_at_ms, log)
         ${numbers} SELECT ?4, (?3 + i) * 1000 + ?5, 'invoice.paid', ?2 || t, 'msg_' || ?2 || '_' || t, 'failed', 9,
           8, ?3 + i, ?3, '[]' FROM n`,
      )
      .bind(count, name, atMs, destinationId, inserted++),
  ]);
}

// Two at the same moment have different places.
let inserted = 0;

async function statusesOf(scope: Scope, destinationId: string): Promise<Record<string, number>> {
  const rows = await ledgerSql(scope)
    .prepare("SELECT status, COUNT(*) FROM deliveries WHERE destination_id = ? GROUP BY 1")
    .bind(destinationId)
    .raw<[string, number]>();
  return Object.fromEntries(rows);
}
