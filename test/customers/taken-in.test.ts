// A customer of Stripe's is taken in: it is linked to ours, or becomes a customer here, one and no more, in whatever
// order and however often Stripe tells of it.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { customerSchema } from "../../src/customers/schema.ts";
import { failNext } from "../connections/stripe-side.ts";
import type { Json } from "../harness/api.ts";
import { tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, deliverTogether, outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import {
  ADA,
  announced,
  atStripe,
  createCustomer,
  createSyncWorld,
  deleteCustomer,
  handDeps,
  read,
  runJobs,
  stripeCall,
} from "./customer-fixture.ts";
import { tell } from "./stripe-tells.ts";

const deps = handDeps();
const GRACE = {
  name: "Grace Hopper",
  email: "grace@example.com",
  phone: "+1 555 1",
  "address[city]": "Arlington",
  "address[country]": "US",
  "metadata[plan]": "pro",
};

beforeEach(() => {
  sandbox.world.faults.length = 0;
});
afterEach(() => {
  sandbox.world.deliveryPolicy.withhold = false;
});

/** A world in which what is announced is written down, and Stripe's events are in the test's hands. */
async function createQuietWorld(
  customer: { inbound?: boolean; outbound?: boolean } = {},
): Promise<TestWorld> {
  const world = await createSyncWorld(customer);
  await createDestination(world, createReceiver());
  sandbox.world.deliveryPolicy.withhold = true;
  return world;
}

const make = async (world: TestWorld, fields: Record<string, string> = GRACE): Promise<string> =>
  (await stripeCall(world, "POST", "/customers", fields)).id;
const eventsAbout = (world: TestWorld) => eventsOf(world).filter(({ type }) => type.startsWith("customer."));
const customersOf = (world: TestWorld) => rowsOf(world, "customers", "TRUE ORDER BY id");
const linksByEmail = (world: TestWorld) => world.api("PATCH", "/settings", { link_customers_by_email: true });

describe("one that is nobody's yet", () => {
  test("becomes a customer here under Stripe's id, on the real way, and is announced and audited", async () => {
    const world = await createWorld();
    const receiver = createReceiver();
    await createDestination(world, receiver);
    const stripeId = await make(world);
    await sandbox.settle();
    const told = await eventually(
      async () => receiver.received.map(({ body }) => JSON.parse(body)),
      (messages) => messages.some(({ type }) => type === "customer.created"),
    );
    const made = await read(world, stripeId);
    expect(made).toMatchObject({
      id: stripeId,
      name: "Grace Hopper",
      email: "grace@example.com",
      phone: "+1 555 1",
      address: { city: "Arlington", country: "US", line1: null },
      metadata: { plan: "pro" },
      stripe_customer_id: stripeId,
      sync_status: "off",
      sync_error: null,
    });
    expect(told.filter(({ type }) => type === "customer.created")).toMatchObject([
      { data: { object: made } },
    ]);
    expect(customerSchema.strict().safeParse(told[0].data.object).error).toBeUndefined();
    const [event] = (await world.api("GET", "/webhook_events?type=customer.created")).body.data;
    expect(event).toMatchObject({ status: "processed", changes: [{ object: "customer", id: stripeId }] });
    expect(await rowsOf(world, "audit_log", `object_id = '${stripeId}'`)).toMatchObject([
      { action: "customer.created", actor_kind: "stripe", actor_id: event.stripe_event_id, detail: "{}" },
    ]);
  });

  test("is one customer and is told once, in any order, doubled, and in one batch", async () => {
    for (const order of [
      [0, 1],
      [1, 0],
      [0, 0, 1, 1],
      [1, 1, 0, 0],
    ]) {
      for (const together of [true, false]) {
        const world = await createQuietWorld();
        const stripeId = await make(world);
        await sandbox.advance(2000);
        await stripeCall(world, "POST", `/customers/${stripeId}`, { phone: "+1 555 2" });
        const events = order.flatMap((index) => eventsAbout(world)[index] ?? []);
        if (together) await deliverTogether(world, events);
        else for (const event of events) await deliver(world, event);
        expect(await customersOf(world)).toMatchObject([{ id: stripeId, phone: "+1 555 2" }]);
        expect(await announced(world, "customer.created")).toEqual([`customer.created/${stripeId}`]);
        expect(await announced(world, "customer.updated")).toEqual([]);
      }
    }
  });

  test("that is deleted there by the time its event comes is none", async () => {
    const world = await createQuietWorld();
    const stripeId = await make(world);
    await stripeCall(world, "DELETE", `/customers/${stripeId}`);
    for (const event of eventsAbout(world).reverse()) await deliver(world, event);
    const [created] = eventsAbout(world);
    expect(await outcomeOf(world, created?.id ?? "")).toMatchObject({
      status: "ignored",
      reason: "deleted_at_stripe",
    });
    expect(await customersOf(world)).toEqual([]);
  });

  test("without a name is called by its mail address, or by its id, and that is not written at Stripe", async () => {
    const world = await createQuietWorld({ outbound: true });
    const withEmail = await make(world, { email: "who@example.com" });
    const nameless = await make(world, { phone: "+1 555 3" });
    for (const event of eventsAbout(world)) await deliver(world, event);
    expect(await read(world, withEmail)).toMatchObject({ name: "who@example.com", sync_status: "synced" });
    expect(await read(world, nameless)).toMatchObject({ name: `Customer ${nameless}` });
    await world.api("PATCH", `/customers/${withEmail}`, { phone: "+1 555 4" });
    await runJobs(world);
    expect(atStripe(world).find(({ id }) => id === withEmail)).toMatchObject({
      name: null,
      phone: "+1 555 4",
    });
    await stripeCall(world, "POST", `/customers/${withEmail}`, { name: "Wilma" });
    const last = eventsAbout(world).at(-1);
    if (last) await deliver(world, { ...last, created: last.created + 10 });
    expect(await read(world, withEmail)).toMatchObject({ name: "Wilma" });
  });

  test("with as many keys of metadata as Stripe takes has as many as leave room for ours", async () => {
    const world = await createQuietWorld({ outbound: true });
    const keys = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`metadata[k${index}]`, "x"]));
    const stripeId = await make(world, { name: "Many", ...keys });
    for (const event of eventsAbout(world)) await deliver(world, event);
    expect(Object.keys((await read(world, stripeId)).metadata)).toHaveLength(47);
    await world.api("PATCH", `/customers/${stripeId}`, { name: "More" });
    await runJobs(world).catch(() => undefined);
    // Nothing that was there is taken away for it.
    expect(Object.keys(atStripe(world)[0]?.metadata ?? {})).toHaveLength(50);
  });

  test("that was deleted here is not made again", async () => {
    const world = await createQuietWorld();
    const stripeId = await make(world);
    const [created] = eventsAbout(world);
    if (created) await deliver(world, created);
    await deleteCustomer(deps, world.scope, stripeId);
    await stripeCall(world, "POST", `/customers/${stripeId}`, { phone: "+1 555 2" });
    const updated = eventsAbout(world).at(-1);
    if (updated) await deliver(world, updated);
    expect(await outcomeOf(world, updated?.id ?? "")).toMatchObject({ reason: "customer_deleted" });
    expect((await world.api("GET", `/customers/${stripeId}`)).status).toBe(404);
  });
});

describe("ours is never made twice", () => {
  test.each([
    ["created alone", [0]],
    ["created and updated, the later first", [1, 0]],
  ])("though the answer to its making was lost: %s", async (_, order) => {
    const world = await createQuietWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    failNext({ kind: "cut_after", method: "POST", path: "/v1/customers" });
    const [work] = await rowsOf(world, "outbox", "kind = 'sync_customer'");
    expect(await tryWork(world.scope, String(work?.id), deps)).toMatchObject({ status: "wanted" });
    const [theirs] = atStripe(world);
    await stripeCall(world, "POST", `/customers/${theirs?.id}`, { phone: "+44 1" });
    for (const index of order) {
      const event = eventsAbout(world)[index];
      if (event) await deliver(world, event);
    }
    await runJobs(world);
    expect(await customersOf(world)).toMatchObject([{ id, stripe_customer_id: theirs?.id }]);
    expect(atStripe(world)).toHaveLength(1);
    expect(await announced(world, "customer.created")).toEqual([`customer.created/${id}`]);
  });
});

describe("by its mail address", () => {
  test("it is linked where one has it here and one at Stripe, and from then on it is in step", async () => {
    const world = await createQuietWorld();
    await linksByEmail(world);
    const { id } = await createCustomer(deps, world.scope, { ...ADA, metadata: { seats: "3" } });
    const stripeId = await make(world, { ...GRACE, email: ADA.email });
    for (const event of [...eventsAbout(world), ...eventsAbout(world)]) await deliver(world, event);
    expect(await customersOf(world)).toHaveLength(1);
    expect(await read(world, id)).toMatchObject({
      name: "Grace Hopper",
      stripe_customer_id: stripeId,
      metadata: { seats: "3", plan: "pro" },
    });
    expect(await announced(world, "customer.updated")).toEqual([`customer.updated/${id}/2`]);
  });

  test.each<[string, (world: TestWorld) => Promise<unknown>]>([
    ["the setting is off", (world) => world.api("PATCH", "/settings", { link_customers_by_email: null })],
    ["two have it here", (world) => createCustomer(deps, world.scope, { ...ADA, name: "Another" })],
    ["two have it at Stripe", (world) => make(world, { email: ADA.email })],
    [
      "it is written otherwise",
      (world) => world.api("PATCH", "/customers/cus_ada", { email: "Ada@example.com" }),
    ],
  ])("it is not linked where %s: it becomes a customer of its own", async (_, but) => {
    const world = await createQuietWorld();
    await linksByEmail(world);
    await createCustomer(deps, world.scope, { ...ADA, id: "cus_ada" });
    const stripeId = await make(world, { email: ADA.email });
    const [created] = eventsAbout(world);
    await but(world);
    if (created) await deliver(world, created);
    expect(await read(world, "cus_ada")).toMatchObject({ stripe_customer_id: null });
    expect(await read(world, stripeId)).toMatchObject({ stripe_customer_id: stripeId });
  });

  test("nor to one that has its Stripe customer, or whose own is just being made", async () => {
    const world = await createQuietWorld({ outbound: true });
    await linksByEmail(world);
    const { id } = await createCustomer(deps, world.scope, ADA);
    failNext({ kind: "cut_before", method: "POST", path: "/v1/customers" });
    const [work] = await rowsOf(world, "outbox", "kind = 'sync_customer'");
    await tryWork(world.scope, String(work?.id), deps);
    const theirs = await make(world, { email: ADA.email });
    const [created] = eventsAbout(world);
    if (created) await deliver(world, created);
    expect(await read(world, id)).toMatchObject({ stripe_customer_id: null });
    await runJobs(world);
    const own = (await read(world, id)).stripe_customer_id;
    expect(own).not.toBe(theirs);
    expect((await customersOf(world)).map(({ stripe_customer_id }) => stripe_customer_id).sort()).toEqual(
      [own, theirs].sort(),
    );
  });

  test("changing and deleting it here changes and deletes the one that it was linked to", async () => {
    const world = await createQuietWorld({ outbound: true });
    await linksByEmail(world);
    await world.api("PATCH", `/connections/${world.connectionId}`, {
      sync_config: { customer: { outbound: false } },
    });
    const { id } = await createCustomer(deps, world.scope, ADA);
    await world.api("PATCH", `/connections/${world.connectionId}`, {
      sync_config: { customer: { outbound: true } },
    });
    const stripeId = await make(world, { email: ADA.email, phone: "+44 1" });
    const [created] = eventsAbout(world);
    if (created) await deliver(world, created);
    await world.api("PATCH", `/customers/${id}`, { name: "Augusta King" });
    await runJobs(world);
    expect(atStripe(world)).toMatchObject([
      { id: stripeId, name: "Augusta King", phone: "+44 1", metadata: { customer_id: id } },
    ]);
    await world.api("DELETE", `/customers/${id}`);
    await runJobs(world);
    expect(atStripe(world)).toEqual([]);
    const late = eventsAbout(world).find(({ type }) => type === "customer.updated");
    if (late) await deliver(world, late);
    expect(await outcomeOf(world, late?.id ?? "")).toMatchObject({ reason: "customer_deleted" });
  });
});

describe("deleted at Stripe", () => {
  test("it is unlinked, and no event that comes late links it again or makes another", async () => {
    const world = await createQuietWorld();
    const stripeId = await make(world);
    await sandbox.advance(2000);
    await stripeCall(world, "POST", `/customers/${stripeId}`, { phone: "+1 555 2" });
    await sandbox.advance(2000);
    await stripeCall(world, "DELETE", `/customers/${stripeId}`);
    const [created, updated, deleted] = eventsAbout(world);
    if (!created || !updated || !deleted) throw new Error("Stripe told of less than three things.");
    // It was known before it went.
    await stripeCall(world, "GET", `/customers/${stripeId}`);
    await createCustomer(deps, world.scope, { ...ADA, id: stripeId });
    await tell(world, { id: stripeId, ...ADA }, created.created, "customer.created");
    expect(await read(world, stripeId)).toMatchObject({ stripe_customer_id: null });
    for (const event of [deleted, updated, created]) await deliver(world, event);
    expect(await customersOf(world)).toMatchObject([{ id: stripeId, stripe_customer_id: null }]);
  });
});

describe("in another Stripe account", () => {
  test("to which the connection has moved, one by the same mail address takes the place of the former", async () => {
    const world = await createQuietWorld();
    await linksByEmail(world);
    const { id } = await createCustomer(deps, world.scope, ADA);
    const former = await make(world, { email: ADA.email });
    for (const event of eventsAbout(world)) await deliver(world, event);
    expect(await read(world, id)).toMatchObject({ stripe_customer_id: former });
    const late: Json = eventsAbout(world)[0];

    await world.api("DELETE", `/connections/${world.connectionId}`);
    const secretKey = world.secretKey.replace("sk_test_", "sk_test_moved");
    const made = await world.api("POST", "/connections", {
      name: "Moved",
      provider: "stripe",
      secret_key: secretKey,
      webhook_secret: "whsec_moved0123456789",
    });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    const moved = {
      ...world,
      secretKey,
      accountId: sandbox.accountFor(secretKey).account.id,
      connectionId: made.body.id,
    };
    const present = await make(moved, { email: ADA.email, phone: "+44 9" });
    const other = await make(moved, { email: "other@example.com" });
    for (const event of eventsAbout(moved)) await deliver(moved, event);
    expect(await read(world, id)).toMatchObject({ stripe_customer_id: present, phone: "+44 9" });
    expect(await read(world, other)).toMatchObject({ stripe_customer_id: other });
    // What the former account tells late is of no account that is connected.
    await deliver(world, { ...late, id: "evt_late" });
    expect(await outcomeOf(world, "evt_late")).toMatchObject({ reason: "connection_disconnected" });
    expect(await customersOf(world)).toHaveLength(2);
  });
});
