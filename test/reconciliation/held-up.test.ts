import { beforeEach, expect, test, vi } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import {
  fillEvents,
  jobOf,
  notingDeps,
  payUnheard,
  quietDeps,
  reader,
  reconcile,
  reconcileOnce,
  requestReconciliation,
  rowOf,
} from "./reconcile-fixture.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

async function jobRow(world: TestWorld) {
  return ledgerSql(world.scope)
    .prepare("SELECT status FROM outbox WHERE kind = 'reconcile'")
    .first<{ status: string }>();
}

test("a run goes on although the event at which it stopped is no longer listed", async () => {
  const world = await createWorld();
  await payUnheard(world);
  const ids = fillEvents(world, 650);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const { deps, taken } = notingDeps();
  expect(await reconcileOnce(world, deps)).toEqual({ more: true });
  const stoppedAt = (await rowOf(world))?.page_after;
  expect(stoppedAt).toMatch(/^evt_fill/);
  const account = sandbox.world.accounts[world.accountId];
  account?.eventOrder.splice(account.eventOrder.indexOf(String(stoppedAt)), 1);
  await reconcile(world, deps);
  expect(new Set(taken.filter((id) => id.startsWith("evt_fill")))).toEqual(new Set(ids));
  expect(await rowOf(world)).toMatchObject({ phase: null });
});

test("a run that takes longer than its lease keeps it: nobody else starts meanwhile", async () => {
  const world = await createWorld();
  await payUnheard(world);
  fillEvents(world, 650);
  let now = Date.now();
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, now - HOUR);
  const { deps } = notingDeps({ now: () => now });
  const other = notingDeps({ now: () => now });
  const pause = async () => {
    // Each step takes a minute and a half: three of them are twice the lease.
    now += 90_000;
    const second = await reconcileOnce(world, other.deps);
    expect(second).toEqual({ more: false });
  };
  expect(await reconcileOnce(world, deps, pause)).toEqual({ more: true });
  expect(other.taken).toEqual([]);
});

test("a run that another one has gone on with stops, and changes nothing of the run that took it", async () => {
  const world = await createWorld();
  await payUnheard(world);
  fillEvents(world, 650);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const calls = vi.spyOn(sandbox, "fetch");
  const theirs = { steps: 3, page_after: "evt_theirs", events_seen: 7 };
  const pause = async () => {
    await ledgerSql(world.scope)
      .prepare("UPDATE reconciliations SET steps = ?, page_after = ?, events_seen = ?")
      .bind(theirs.steps, theirs.page_after, theirs.events_seen)
      .run();
  };
  const { deps } = notingDeps();
  expect(await reconcileOnce(world, deps, pause)).toEqual({ more: false });
  const lists = calls.mock.calls.filter(([request]) => new URL(request.url).pathname === "/v1/events");
  calls.mockRestore();
  // The step that was under way, and none after it.
  expect(lists).toHaveLength(2);
  expect(await rowOf(world)).toMatchObject(theirs);
  expect(await jobRow(world)).not.toBeNull();
});

test("a look further back that is wanted while a run is at work is not lost", async () => {
  const world = await createWorld();
  await payUnheard(world);
  const old = fillEvents(world, 3, Date.now() - 20 * DAY);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  let asked = false;
  const { deps, taken } = notingDeps();
  const pause = async () => {
    if (asked) return;
    asked = true;
    await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - 25 * DAY);
  };
  for (let run = 0; run < 20; run++) if (!(await reconcileOnce(world, deps, pause)).more) break;
  expect(taken).toEqual(expect.arrayContaining(old));
  expect(await rowOf(world)).toMatchObject({ phase: null });
  expect(await jobRow(world)).toBeNull();
});

test("wanted in a run's last moment, it is not lost either", async () => {
  const world = await createWorld();
  await payUnheard(world);
  const old = fillEvents(world, 3, Date.now() - 20 * DAY);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const { deps, taken } = notingDeps();
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
    // Before the last step: what it finds is the end of the run.
    if (pauses === 2)
      await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - 25 * DAY);
  };
  expect(await reconcileOnce(world, deps, pause)).toEqual({ more: true });
  expect(await jobRow(world)).not.toBeNull();
  await reconcile(world, deps);
  expect(taken).toEqual(expect.arrayContaining(old));
  expect(await jobRow(world)).toBeNull();
});

test("a run that was held up for days ends with what has happened since", async () => {
  const world = await createWorld();
  await payUnheard(world);
  fillEvents(world, 650, Date.now() - 3 * DAY);
  const begun = () => Date.now() - 2 * DAY;
  await requestReconciliation(quietDeps({ now: begun }), world.scope, world.connectionId, begun() - 2 * DAY);
  const before = notingDeps({ now: begun });
  await reconcileOnce(world, before.deps);
  const { id } = await payUnheard(world);
  await reconcile(world);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  await eventually(
    () => rowOf(world),
    (row) => row?.phase === null && Number(row.cursor_ms) > Date.now() - HOUR,
  );
});

test("a key that is revoked in the middle of a run is noted on the connection, and the run waits for a new one", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  fillEvents(world, 450);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const { deps } = notingDeps();
  expect(await reconcileOnce(world, deps)).toEqual({ more: true });
  sandbox.world.revokedKeys.push(world.secretKey);
  await tryWork(world.scope, jobOf(world), quietDeps());
  const connection = (await world.api("GET", `/connections/${world.connectionId}`)).body;
  expect(connection).toMatchObject({ status: "error" });
  expect(await jobRow(world)).toEqual({ status: "waiting" });
  expect(await rowOf(world)).toMatchObject({ phase: "events" });

  sandbox.world.revokedKeys.length = 0;
  const healed = await world.api("POST", `/connections/${world.connectionId}/test`);
  expect(healed.status).toBe(200);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("a connection that is switched off in the middle of a run stops it, and switched on again goes on", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  fillEvents(world, 450);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - HOUR);
  const { deps } = notingDeps();
  await reconcileOnce(world, deps);
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false });
  const calls = vi.spyOn(sandbox, "fetch");
  await tryWork(world.scope, jobOf(world), quietDeps());
  expect(calls).not.toHaveBeenCalled();
  calls.mockRestore();
  expect(await jobRow(world)).toEqual({ status: "waiting" });
  await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: true });
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("work that waits although the connection works is woken by the next run", async () => {
  const world = await createWorld();
  const id = "create_payment_link/inv_x/1";
  await ledgerSql(world.scope)
    .prepare(
      `INSERT INTO outbox (id, kind, subject, status, created_at_ms, updated_at_ms)
       VALUES (?, 'create_payment_link', '{"invoiceId":"inv_x","revision":1}', 'waiting', 1, 1)`,
    )
    .bind(id)
    .run();
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await reconcile(world);
  // There is no such invoice: once it is tried, it is done.
  await eventually(
    () => outboxOf(world.scope),
    (rows) => rows.every((row) => row.id !== id),
  );
});
