import { beforeEach, expect, test, vi } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually } from "../harness/world.ts";
import {
  jobOf,
  payUnheard,
  quietDeps,
  reader,
  reconcile,
  reconcileOnce,
  requestReconciliation,
  rowOf,
} from "./reconcile-fixture.ts";

// Stripe's deliveries are kept back in these tests: the endpoint is off, and only fetching helps.
beforeEach(() => {
  sandbox.world.deliveryPolicy.withhold = true;
  sandbox.world.faults.length = 0;
});

test("after days without webhooks, one run ends in the state that they would have made", async () => {
  const world = await createWorld();
  const invoices = [await payUnheard(world), await payUnheard(world)];
  for (const event of eventsOf(world)) event.created -= 2 * 86_400;
  for (const { id } of invoices) expect((await reader(world, id)()).status).toBe("open");

  const started = await world.api("POST", `/connections/${world.connectionId}/reconcile`, {
    since: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  });
  expect(started.status).toBe(202);
  for (const { id } of invoices) await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  const events = (await world.api("GET", "/webhook_events?limit=100")).body.data;
  expect(new Set(events.map((event: Json) => event.source))).toEqual(new Set(["reconciliation"]));
  await eventually(
    () => rowOf(world),
    (row) => row?.phase === null && row?.finished_at_ms !== null && Number(row?.events_missed) > 0,
  );

  // Stripe's own late deliveries change nothing more.
  const before = (await world.api("GET", "/payments")).body;
  await sandbox.fetch(new Request("http://stripe.sandbox/_sandbox/deliveries/release", { method: "POST" }));
  await sandbox.settle();
  expect((await world.api("GET", "/payments")).body).toEqual(before);
});

test("what webhooks brought is not taken in again, and nothing counts as missed", async () => {
  sandbox.world.deliveryPolicy.withhold = false;
  const world = await createWorld();
  const { id } = await payUnheard(world);
  await sandbox.settle();
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  const known = (await world.api("GET", "/webhook_events?limit=100")).body.data.length;
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - 3_600_000);
  await reconcile(world);
  expect((await world.api("GET", "/webhook_events?limit=100")).body.data).toHaveLength(known);
  expect(Number((await rowOf(world))?.events_missed)).toBe(0);
});

test("a run that Stripe cuts off resumes where it stopped, and loses nothing", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - 3_600_000);
  for (const kind of ["rate_limit", "server_error", "cut_before"] as const) {
    sandbox.world.faults.push({ method: "GET", path: "/v1/events", times: 1, kind, retryAfterSeconds: 3 });
    await expect(reconcile(world)).rejects.toMatchObject({ retryable: true });
  }
  await reconcile(world);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("two runs at once are one: the others find that somebody is at it", async () => {
  const world = await createWorld();
  await payUnheard(world);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - 3_600_000);
  const deps = quietDeps();
  const calls = vi.spyOn(sandbox, "fetch");
  await Promise.all([reconcile(world, deps), reconcile(world, deps), reconcile(world, deps)]);
  const lists = calls.mock.calls.filter(([request]) => new URL(request.url).pathname === "/v1/events");
  calls.mockRestore();
  // One page of everything, and one of what was not delivered.
  expect(lists).toHaveLength(2);
});

test("a run that died with its lease is taken over once the lease has passed", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - 3_600_000);
  await ledger(quietDeps(), world.scope).claimWork({ id: jobOf(world) });
  await reconcile(world);
  expect((await reader(world, id)()).status).toBe("open");
  await reconcile(world, quietDeps({ now: () => Date.now() + 121_000 }));
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("many pages are read over several runs, each from where the last one stopped", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const account = sandbox.world.accounts[world.accountId];
  const [sample] = eventsOf(world);
  if (!account || !sample) throw new Error("no events");
  for (let index = 0; index < 2_150; index++) {
    const copy = {
      ...sample,
      id: `evt_filler_${String(index).padStart(5, "0")}`,
      type: "product.created" as const,
    };
    account.events[copy.id] = copy as never;
    account.eventOrder.push(copy.id);
  }
  await requestReconciliation(quietDeps(), world.scope, world.connectionId, Date.now() - 3_600_000);
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  expect(await reconcileOnce(world, quietDeps(), pause)).toEqual({ more: true });
  expect(await rowOf(world)).toMatchObject({ phase: "events" });
  // Few steps a run, and a rest between two calls to Stripe.
  expect(pauses).toEqual([250, 250, 250]);
  await reconcile(world);
  await eventually(reader(world, id), (invoice) => invoice.status === "paid");
});

test("a link of which nothing was heard is asked about, even when no event tells of it", async () => {
  const world = await createWorld();
  const { id } = await payUnheard(world);
  const account = sandbox.world.accounts[world.accountId];
  if (account) account.eventOrder.length = 0;
  const later = () => Date.now() + 7 * 3_600_000;
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await reconcile(world, quietDeps({ now: later }));
  const paid = await eventually(reader(world, id), (invoice) => invoice.status === "paid");
  expect(paid).toMatchObject({ amount_paid: 12900, payment_status: "paid" });
  expect((await world.api("GET", "/payments")).body.data).toHaveLength(1);
  expect(Number((await rowOf(world))?.links_checked)).toBe(1);
});

test("a bank debit whose end nobody told of is asked about until it is decided", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const linked = await eventually(reader(world, invoice.id), (seen) => seen.payment_link.status === "active");
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: linked.payment_link.id },
    { card: "bank_debit_success" },
  );
  const account = sandbox.world.accounts[world.accountId];
  const forget = () => account?.eventOrder.splice(0);
  forget();
  const after = (hours: number) => quietDeps({ now: () => Date.now() + hours * 3_600_000 });
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await reconcile(world, after(7));
  await eventually(reader(world, invoice.id), (seen) => seen.payment_status === "processing");
  await sandbox.advance(60_000);
  forget();
  await requestReconciliation(quietDeps(), world.scope, world.connectionId);
  await reconcile(world, after(14));
  await eventually(reader(world, invoice.id), (seen) => seen.status === "paid");
});

test("a time too far back, in the future, or a connection of another environment is refused", async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const path = `/connections/${world.connectionId}/reconcile`;
  for (const since of ["2020-01-01T00:00:00Z", new Date(Date.now() + 60_000).toISOString(), "yesterday"]) {
    const answer = await world.api("POST", path, { since });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe("since");
  }
  expect((await other.api("POST", path)).status).toBe(404);
});
