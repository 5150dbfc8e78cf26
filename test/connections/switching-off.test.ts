import { expect, test } from "vitest";
import { disconnect } from "../../src/connect/disconnect.ts";
import { findConnection } from "../../src/connections/store.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliverEvent, eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import {
  createEndpoint,
  createOpenInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
  testDeps,
} from "../harness/world.ts";
import { depsWithLoss } from "./failing-commits.ts";
import { endpointsAt, failNext } from "./stripe-side.ts";

type World = Omit<TestWorld, "webhookSecret">;

async function createAutomaticWorld(): Promise<World> {
  const world = await createTenantWorld();
  const body = { name: "Stripe", provider: "stripe", secret_key: world.secretKey };
  return { ...world, connectionId: (await world.api("POST", "/connections", body)).body.id };
}

const path = (world: World) => `/connections/${world.connectionId}`;

async function linkedInvoice(world: World): Promise<{ id: string; linkId: string }> {
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen: Json) => seen.payment_link.status === "active");
  return { id: invoice.id, linkId: linked.payment_link.id };
}

/** A payment whose events Stripe holds back. */
async function paidUnheard(world: World) {
  const invoice = await linkedInvoice(world);
  await sandbox.settle();
  sandbox.world.deliveryPolicy.withhold = true;
  await sandbox.pay(world.accountId, { paymentLinkId: invoice.linkId }, { card: "4242424242424242" });
  await sandbox.settle();
  sandbox.world.deliveryPolicy.withhold = false;
  const event = eventsOf(world).find(({ type }) => type === "payment_intent.succeeded");
  if (!event) throw new Error("no event");
  return { ...invoice, event };
}

const statusOf = async (world: World, id: string) => (await world.api("GET", `/invoices/${id}`)).body.status;
const eventRow = async (world: World, id: string) =>
  (await world.api("GET", `/webhook_events/${id.replace("evt_", "whe_")}`)).body;

test("a payment event that an isolate lets in from its cache is not processed after the call that disabled has returned", async () => {
  const world = await createWorld();
  const { id, event } = await paidUnheard(world);
  const disabled = await world.api("PATCH", path(world), { is_active: false });
  expect(disabled.body.status).toBe("disabled");
  // What the door of another isolate, with the connection still in its cache, has put on the queue.
  await consumeEvent(testDeps(), messageFor(world, event));
  expect(await eventRow(world, event.id)).toMatchObject({ status: "ignored", reason: "connection_disabled" });
  expect(await statusOf(world, id)).toBe("open");
  // This isolate's own door refuses, so that Stripe keeps the event and sends it again.
  expect((await deliverEvent(world, event)).status).toBe(400);

  const enabled = await world.api("PATCH", path(world), { is_active: true });
  expect(enabled.body.status).toBe("active");
  await eventually(
    () => statusOf(world, id),
    (status) => status === "paid",
  );
  expect(await eventRow(world, event.id)).toMatchObject({ status: "processed", deliveries: 1 });
});

test("a disabled connection makes no link; switched on again, the work that waited goes on", async () => {
  const world = await createWorld();
  await world.api("PATCH", path(world), { is_active: false });
  const invoice = await createOpenInvoice(world);
  await sandbox.settle();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(Object.keys(sandbox.world.accounts[world.accountId]?.paymentLinks ?? {})).toEqual([]);
  await world.api("PATCH", path(world), { is_active: true });
  await eventually(
    async () => (await world.api("GET", `/invoices/${invoice.id}`)).body.payment_link.status,
    (status) => status === "active",
  );
});

test("disconnecting erases the secrets, deletes our endpoint, switches open links off, and keeps the history", async () => {
  const world = await createAutomaticWorld();
  const { linkId } = await linkedInvoice(world);
  const foreign = await createEndpoint(world.secretKey, "https://elsewhere.example/hook");
  const gone = await world.api("DELETE", path(world));
  expect(gone.status).toBe(200);
  expect(gone.body).toMatchObject({ status: "disconnected", webhook_secret_set: false, not_undone: [] });
  expect(endpointsAt(world.accountId).map(({ id }) => id)).toEqual([foreign.id]);
  expect(sandbox.world.accounts[world.accountId]?.paymentLinks[linkId]?.active).toBe(false);
  const stored = await findConnection(testDeps(), world.scope, world.connectionId);
  expect(stored?.secrets).toEqual([]);

  expect((await world.api("GET", path(world))).body.status).toBe("disconnected");
  expect((await world.api("GET", "/connections")).body.data).toHaveLength(1);
  for (const [method, suffix] of [
    ["DELETE", ""],
    ["PATCH", ""],
    ["POST", "/test"],
    ["POST", "/webhook_endpoint"],
  ] as const) {
    const again = await world.api(
      method,
      `${path(world)}${suffix}`,
      method === "PATCH" ? { name: "x" } : undefined,
    );
    expect(again).toMatchObject({ status: 409, body: { code: "conflict" } });
  }
  const body = { name: "Again", provider: "stripe", secret_key: world.secretKey };
  expect((await world.api("POST", "/connections", body)).body.status).toBe("active");
});

test("an event of a disconnected connection that an isolate lets in from its cache is not processed", async () => {
  const world = await createWorld();
  const { id, event } = await paidUnheard(world);
  await world.api("DELETE", path(world));
  await consumeEvent(testDeps(), messageFor(world, event));
  expect(await eventRow(world, event.id)).toMatchObject({
    status: "ignored",
    reason: "connection_disconnected",
  });
  expect(await statusOf(world, id)).toBe("open");
});

test("what could not be undone at Stripe is said, and the connection is disconnected all the same", async () => {
  const world = await createAutomaticWorld();
  const { id } = await linkedInvoice(world);
  failNext({ kind: "server_error", method: "POST", path: "/v1/payment_links", times: 5 });
  failNext({ kind: "server_error", method: "DELETE", path: "/v1/webhook_endpoints" });
  const gone = await world.api("DELETE", path(world));
  sandbox.world.faults.length = 0;
  expect(gone.body.status).toBe("disconnected");
  const said = gone.body.not_undone.join(" ");
  expect(said).toContain(id);
  expect(said).toContain(endpointsAt(world.accountId)[0]?.id);

  // The next connection finds the endpoint that was left behind and replaces it.
  const body = { name: "Again", provider: "stripe", secret_key: world.secretKey };
  const made = await world.api("POST", "/connections", body);
  expect(endpointsAt(world.accountId).map((endpoint) => endpoint.id)).toEqual([
    made.body.webhook_endpoint_id,
  ]);
});

test("a key that no longer works does not keep a connection from being disconnected", async () => {
  const world = await createAutomaticWorld();
  const { id } = await linkedInvoice(world);
  sandbox.world.revokedKeys.push(world.secretKey);
  const gone = await world.api("DELETE", path(world));
  expect(gone.body.status).toBe("disconnected");
  expect(gone.body.not_undone.join(" ")).toContain(id);
  expect(gone.body.not_undone.join(" ")).toContain("endpoint");
});

test("an endpoint that a person made by hand is left to that person, and said", async () => {
  const world = await createWorld();
  const gone = await world.api("DELETE", path(world));
  const [endpoint] = endpointsAt(world.accountId);
  expect(gone.body.not_undone).toEqual([expect.stringContaining(`${endpoint?.id} was made by hand`)]);
});

test("a database that fails while disconnecting leaves the connection whole, and the same call again goes on", async () => {
  const world = await createAutomaticWorld();
  const { deps } = depsWithLoss({ seam: "directory", when: "before", nth: 1 });
  const failing = disconnect(deps, world.scope, world.connectionId);
  await expect(failing).rejects.toMatchObject({ code: "database_unavailable" });
  expect((await world.api("GET", path(world))).body.status).toBe("active");
  expect(endpointsAt(world.accountId)).toHaveLength(1);
  expect((await world.api("DELETE", path(world))).body).toMatchObject({
    status: "disconnected",
    not_undone: [],
  });
});

test("a database that fails at the last step leaves the connection switched off, and the same call again finishes it", async () => {
  const world = await createAutomaticWorld();
  const { linkId } = await linkedInvoice(world);
  // It is noted, and done, that it is switched off, and its link too: then the last commit fails.
  const { deps } = depsWithLoss({ seam: "directory", when: "before", nth: 3 });
  const failing = disconnect(deps, world.scope, world.connectionId);
  await expect(failing).rejects.toMatchObject({ code: "database_unavailable" });
  expect((await world.api("GET", path(world))).body).toMatchObject({
    status: "disabled",
    webhook_secret_set: true,
  });
  expect(sandbox.world.accounts[world.accountId]?.paymentLinks[linkId]?.active).toBe(false);
  expect((await world.api("DELETE", path(world))).body).toMatchObject({
    status: "disconnected",
    not_undone: [],
  });
});

test("a secret that is changed while the connection is being disconnected is not kept", async () => {
  const world = await createAutomaticWorld();
  const [gone, changed] = await Promise.all([
    world.api("DELETE", path(world)),
    world.api("PATCH", path(world), { webhook_secret: "whsec_secondsecond" }),
  ]);
  expect(gone.status).toBe(200);
  expect([200, 409]).toContain(changed.status);
  const stored = await findConnection(testDeps(), world.scope, world.connectionId);
  expect(stored?.row.disconnectedAtMs).not.toBeNull();
  expect(stored?.secrets).toEqual([]);
});
