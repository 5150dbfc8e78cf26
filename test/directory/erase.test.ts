// Root erases an environment: all that it has is gone for good, what was lost is told, and nothing opens it again.

import { createMessageBatch, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { eraseEnvironment } from "../../src/erase-environment.ts";
import { ledger, ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { consume } from "../../src/queue.ts";
import { endpointsAt, failNext } from "../connections/stripe-side.ts";
import { type Json, root } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, eventsOf, messageFor, signatureFor } from "../harness/stripe-delivery.ts";
import {
  createPayableInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
  testDeps,
} from "../harness/world.ts";

type Erasable = Pick<TestWorld, "scope">;

const pathOf = ({ scope }: Erasable) => `/tenants/${scope.tenantId}/environments/${scope.environmentId}`;
const erase = (world: Erasable, confirm = "test") => root("DELETE", pathOf(world), { confirm });

/** What is left of an environment on the disk of its ledger. */
function leftIn({ scope }: Erasable) {
  return runInDurableObject(env.LEDGER.getByName(ledgerName(scope)), async (_: Ledger, { storage }) => ({
    tables: storage.sql
      .exec("SELECT name FROM sqlite_schema WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray(),
    alarm: await storage.getAlarm(),
  }));
}
const NOTHING = { tables: [], alarm: null };

async function rowsOf({ scope }: Erasable, table: string): Promise<number> {
  const query = env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table} WHERE environment_id = ?`);
  return (await query.bind(scope.environmentId).first<{ n: number }>())?.n ?? -1;
}

/** One invoice paid, one open with a link. */
async function livedWorld() {
  const world = await createTenantWorld();
  const body = { name: "Stripe", provider: "stripe", secret_key: world.secretKey };
  const { id } = (await world.api("POST", "/connections", body)).body;
  const paid = await createPayableInvoice(world);
  await sandbox.pay(world.accountId, { paymentLinkId: paid.payment_link.id }, { card: "4242424242424242" });
  await sandbox.settle();
  const read = async () => (await world.api("GET", `/invoices/${paid.id}`)).body.payment_link.deactivation;
  await eventually(read, (deactivation) => deactivation === "done");
  const open = await createPayableInvoice(world);
  return { ...world, connectionId: id as string, openLinkId: open.payment_link.id as string };
}

test("an environment is erased whole: what was lost is told, and keys, secrets, connection and ledger are gone", async () => {
  const world = await livedWorld();
  await world.api("POST", "/event_destinations", { url: "https://203.0.113.9/hooks" });
  const events = (await world.api("GET", "/webhook_events?limit=100")).body.data.length;
  const erased = await erase(world);
  expect(erased.status).toBe(200);
  expect(erased.body).toMatchObject({
    object: "environment",
    id: world.scope.environmentId,
    name: "test",
    erased_at: expect.any(String),
    lost: { customers: 2, invoices: 2, payments: 1, refunds: 0, payable_links: { count: 0, stripe_ids: [] } },
    not_undone: [],
  });
  expect(erased.body.lost.webhook_events).toBeGreaterThanOrEqual(events);

  expect(await leftIn(world)).toEqual(NOTHING);
  for (const table of ["secrets", "connections", "connection_notices"])
    expect([table, await rowsOf(world, table)]).toEqual([table, 0]);
  for (const path of ["/invoices", "/api/v1/api_keys", "/settings"])
    expect((await world.api("GET", path)).status).toBe(401);
  // At Stripe: our endpoint is gone, and nobody can pay any more.
  expect(endpointsAt(world.accountId)).toEqual([]);
  const links = sandbox.world.accounts[world.accountId]?.paymentLinks ?? {};
  expect(Object.values(links).map(({ active }) => active)).toEqual([false, false]);

  const list = (await root("GET", `/tenants/${world.scope.tenantId}/environments`)).body.data;
  expect(list).toMatchObject([{ id: world.scope.environmentId, erased_at: erased.body.erased_at }]);
  const audit = await env.DB.prepare(
    "SELECT environment_id, actor_kind, detail FROM audit_log WHERE action = 'environment.erased' AND object_id = ?",
  )
    .bind(world.scope.environmentId)
    .all<{ environment_id: string; actor_kind: string; detail: string }>();
  expect(audit.results).toMatchObject([{ environment_id: "root", actor_kind: "root" }]);
  expect(JSON.parse(audit.results[0]?.detail ?? "")).toMatchObject({
    invoices: 2,
    payments: 1,
    payable_links: 0,
  });
});

test("a wrong name is refused with the right one, and nothing is touched", async () => {
  const world = await createWorld();
  for (const confirm of ["Test", "", "test "]) {
    const refused = await erase(world, confirm);
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, "confirm"]);
    expect(refused.body.detail).toContain("'test'");
  }
  const unsaid = await root("DELETE", pathOf(world));
  expect([unsaid.status, unsaid.body.code]).toEqual([422, "validation_failed"]);
  expect((await world.api("GET", `/connections/${world.connectionId}`)).body.status).toBe("active");
});

test("erased twice, also at the same moment, it answers the same and is noted once", async () => {
  const world = await createWorld();
  await createPayableInvoice(world);
  const [one, other] = await Promise.all([erase(world), erase(world)]);
  const statuses = [one.status, other.status].sort();
  expect([
    [200, 200],
    [200, 409],
  ]).toContainEqual(statuses);
  const again = await erase(world);
  expect(again.body).toMatchObject({ lost: { invoices: 1 } });
  const first = [one, other].find(({ status }) => status === 200);
  expect(again.body).toEqual(first?.body);
  expect((await erase(world, "other")).status).toBe(422);
  const audit = "SELECT COUNT(*) AS n FROM audit_log WHERE action = 'environment.erased' AND object_id = ?";
  const count = await env.DB.prepare(audit).bind(world.scope.environmentId).first();
  expect(count).toEqual({ n: 1 });
});

test("links that could not be switched off are named, for nobody here will know them any more", async () => {
  const world = await livedWorld();
  failNext({ kind: "server_error", method: "POST", path: "/v1/payment_links", times: 5 });
  const erased = await erase(world);
  sandbox.world.faults.length = 0;
  expect(erased.status).toBe(200);
  expect(erased.body.lost.payable_links).toEqual({ count: 1, stripe_ids: [world.openLinkId] });
  expect(erased.body.not_undone.join(" ")).toContain("may still be paid");
});

test("an erased environment is never provisioned anew, whoever asks", async () => {
  const world = await createWorld();
  const event = JSON.stringify({ id: "evt_late", object: "event", type: "charge.succeeded" });
  const stub = env.LEDGER.getByName(ledgerName(world.scope));
  await erase(world);
  const ask = () => ledger(testDeps(), world.scope).readSettings({});
  await expect(ask()).rejects.toMatchObject({ code: "not_found" });
  // A call that had asked the directory before it knew.
  await stub.provision({ ...world.scope, livemode: false }, Date.now());
  expect(await leftIn(world)).toEqual(NOTHING);
  await evictDurableObject(stub);
  await expect(ask()).rejects.toMatchObject({ code: "not_found" });
  expect(await leftIn(world)).toEqual(NOTHING);

  const late = await deliver(world, event, await signatureFor(event, world.webhookSecret));
  expect([late.status, late.body.code]).toEqual([400, "signature_refused"]);
  const key = await root("POST", `${pathOf(world)}/api_keys`, { name: "late", role: "admin" });
  expect(key.status).toBe(404);
  const { tenantId, environmentId } = world.scope;
  const anew = { id: environmentId, name: "test", livemode: false };
  expect((await root("POST", `/tenants/${tenantId}/environments`, anew)).status).toBe(409);
});

/** Hands messages to a queue's consumer; says of each whether it was acknowledged. */
async function handOver(queue: string, bodies: unknown[]): Promise<boolean[]> {
  const messages = bodies.map((body) => {
    const id = crypto.randomUUID();
    return { id, timestamp: new Date(), attempts: 1, body: JSON.stringify(body) };
  });
  const batch = createMessageBatch(queue, messages);
  const acked = new Set<string>();
  for (const message of batch.messages) message.ack = () => void acked.add(message.id);
  await consume(batch, env);
  return messages.map(({ id }) => acked.has(id));
}

test("what is still in the queues for it is let go, and its neighbours are served", async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  await createPayableInvoice(world);
  const invoice = await createPayableInvoice(other);
  await sandbox.settle();
  const [event, beside] = [eventsOf(world)[0], eventsOf(other)[0]];
  if (!event || !beside) throw new Error("The sandbox told of nothing.");
  await erase(world);
  const jobs = [world, other].map(({ scope }) => ({
    ...scope,
    kind: "create_payment_link",
    id: `create_payment_link/${invoice.id}/1`,
    invoiceId: invoice.id,
    revision: 1,
  }));
  expect(await handOver("quittance-jobs", jobs)).toEqual([true, true]);
  expect(await handOver("quittance-jobs-dead", jobs.slice(0, 1))).toEqual([true]);
  const events = [messageFor(world, event), messageFor(other, beside)];
  expect(await handOver("quittance-stripe-events", events)).toEqual([true, true]);
  expect(await handOver("quittance-stripe-events-dead", events.slice(0, 1))).toEqual([true]);
  expect(await leftIn(world)).toEqual(NOTHING);
});

test("a call that dies on the way leaves no ledger behind: made again it goes on, and tells the same", async () => {
  const world = await createWorld();
  await createPayableInvoice(world);
  const deps = testDeps();
  const real = env.LEDGER.getByName(ledgerName(world.scope));
  const dying = {
    getByName: () => ({
      call: (call: Json) => real.call(call),
      erase: async () => {
        throw new Error("Network connection lost.");
      },
    }),
  } as unknown as typeof env.LEDGER;
  const withDying = { ...deps, ledgers: { ...deps.ledgers, namespace: dying } };
  await expect(eraseEnvironment(withDying, world.scope, "test")).rejects.toMatchObject({
    code: "database_unavailable",
    retryable: true,
  });
  expect((await leftIn(world)).tables.length).toBeGreaterThan(10);
  const again = await erase(world);
  expect(again.body).toMatchObject({ lost: { invoices: 1, customers: 1 } });
  expect(await leftIn(world)).toEqual(NOTHING);
});
