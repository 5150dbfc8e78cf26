import type Stripe from "stripe";
import { beforeAll, expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import { tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { deliver, outcomeOf, quietDeps, rowsOf } from "../webhooks/deliver.ts";
import { eventsAbout, ourMetadata, stripeOf, subscribe, take, withheld } from "./subscription-fixture.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});

/** Somebody subscribed at Stripe without us, and Stripe told of it. */
async function foreignSubscription() {
  const subscription = await withheld(() => subscribe(world, {}));
  for (const event of eventsAbout(world, subscription.id)) {
    await take(world, event);
    expect(await outcomeOf(world, event.id)).toMatchObject({ reason: "foreign_object" });
  }
  return { id: subscription.id, customer: String(subscription.customer) };
}

/** Writes at Stripe whose customer it is, and delivers Stripe's event about it. */
async function link(customer: string, ours: string, id = `evt_link_${customer}`) {
  const metadata = ourMetadata(world, ours);
  const named = await withheld(() => stripeOf(world).customers.update(customer, { metadata }));
  const created = Math.floor(sandbox.now() / 1000);
  const { lastResponse: _, ...object } = named;
  await deliver(world, {
    id,
    type: "customer.updated",
    created,
    livemode: false,
    api_version: null,
    data: { object },
  });
}

async function runMirrorJobs(): Promise<number> {
  const rows = await rowsOf(world, "outbox", "kind = 'mirror_subscriptions' AND status <> 'dead'");
  for (const { id } of rows) await tryWork(world.scope, String(id), quietDeps);
  return rows.length;
}

test("a customer that is linked late brings its living subscriptions with it, told once", async () => {
  const { id, customer } = await foreignSubscription();
  const ours = (await world.api("POST", "/customers", { name: "Ada Lovelace" })).body.id;
  await link(customer, ours);
  await runMirrorJobs();
  const shown = (await world.api("GET", `/subscriptions/${id}`)).body;
  expect(shown).toMatchObject({ customer_id: ours, stripe_customer_id: customer, status: "active" });
  expect((await world.api("GET", `/subscriptions?customer_id=${ours}`)).body.data).toEqual([shown]);
  expect(await rowsOf(world, "outbox", "kind = 'mirror_subscriptions'")).toEqual([]);

  // A customer that is linked already fetches nothing again.
  await link(customer, ours, "evt_again");
  expect(await runMirrorJobs()).toBe(0);
});

test("what was billed to nobody of ours is its customer's once that is known", async () => {
  const nobody = ourMetadata(world, "cus_nobody");
  const { id, customer } = await withheld(() => subscribe(world, nobody));
  const isIts = ({ data }: Stripe.Event) => (data.object as { customer?: unknown }).customer === customer;
  for (const event of eventsOf(world).filter(isIts)) await take(world, event);
  const owners = async () => {
    const asked = ["subscription_invoices", "payments"].map((list) =>
      world.api("GET", `/${list}?subscription_id=${id}`),
    );
    return (await Promise.all(asked)).flatMap(({ body }) => body.data.map((one: Json) => one.customer_id));
  };
  expect(await owners()).toEqual([null, null]);
  const ours = (await world.api("POST", "/customers", { name: "Emmy Noether" })).body.id;
  await link(String(customer), ours);
  await runMirrorJobs();
  expect(await owners()).toEqual([ours, ours]);
});

test("a failure at Stripe leaves the job to be tried again, and what was taken in is taken in once", async () => {
  const { id, customer } = await foreignSubscription();
  const ours = (await world.api("POST", "/customers", { name: "Grace Hopper" })).body.id;
  await link(customer, ours);
  sandbox.world.faults.push({ method: "GET", path: "/v1/subscriptions", times: 1, kind: "server_error" });
  expect(await runMirrorJobs()).toBe(1);
  expect(await rowsOf(world, "outbox", "kind = 'mirror_subscriptions'")).toMatchObject([
    { status: "wanted", attempts: 1 },
  ]);
  expect((await world.api("GET", `/subscriptions/${id}`)).status).toBe(404);
  expect(await runMirrorJobs()).toBe(1);
  const [row] = await rowsOf(world, "subscriptions", `id = '${id}'`);
  expect(row).toMatchObject({ customer_id: ours, revision: 1 });
});

test("a subscription whose metadata names another tenant stays out", async () => {
  const { id, customer } = await foreignSubscription();
  await withheld(() =>
    stripeOf(world).subscriptions.update(id, { metadata: { quittance_tenant_id: "tenant_x" } }),
  );
  const ours = (await world.api("POST", "/customers", { name: "Mary Somerville" })).body.id;
  await link(customer, ours);
  await runMirrorJobs();
  expect((await world.api("GET", `/subscriptions/${id}`)).status).toBe(404);
});
