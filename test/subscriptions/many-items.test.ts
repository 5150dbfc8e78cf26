// A subscription is mirrored with all of its items, though what Stripe sends and answers shows ten of them.

import type Stripe from "stripe";
import { beforeAll, expect, test } from "vitest";
import { tryWork } from "../harness/outbox.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { deliver, outcomeOf, quietDeps, rowsOf } from "../webhooks/deliver.ts";
import { eventsAbout, ourMetadata, stripeOf, subscribe, take, withheld } from "./subscription-fixture.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});

/** Gives it so many items more. */
async function addItems(subscription: Stripe.Subscription, count: number): Promise<void> {
  const stripe = stripeOf(world);
  const product = String(subscription.items.data[0]?.price.product);
  const items = [];
  for (let index = 0; index < count; index++) {
    const recurring = { interval: "month" as const };
    const price = await stripe.prices.create({
      currency: "eur",
      product,
      unit_amount: 100 + index,
      recurring,
    });
    items.push({ price: price.id, quantity: index + 1 });
  }
  await stripe.subscriptions.update(subscription.id, { items });
}

const itemsOf = async (id: string) => (await world.api("GET", `/subscriptions/${id}`)).body.items;

test("by an event of one that is known, in whatever order its events come", async () => {
  const subscription = await withheld(() => subscribe(world));
  const [created] = eventsAbout(world, subscription.id);
  if (created) await take(world, created);
  expect(await itemsOf(subscription.id)).toHaveLength(1);
  await withheld(() => addItems(subscription, 11));
  for (const event of eventsAbout(world, subscription.id).reverse()) {
    await take(world, event);
    expect(await outcomeOf(world, event.id)).toMatchObject({ status: "processed" });
  }
  const items = await itemsOf(subscription.id);
  expect(items).toHaveLength(12);
  expect(new Set(items.map(({ id }: { id: string }) => id)).size).toBe(12);
  expect(items.at(-1)).toMatchObject({ unit_amount: 110, quantity: 11 });
});

test("by the first event that is heard of it", async () => {
  const subscription = await withheld(() => subscribe(world));
  await withheld(() => addItems(subscription, 14));
  const updated = eventsAbout(world, subscription.id).at(-1);
  if (updated) await take(world, updated);
  expect(await itemsOf(subscription.id)).toHaveLength(15);
});

test("also of one that has ended", async () => {
  const subscription = await withheld(() => subscribe(world));
  await withheld(() => addItems(subscription, 11));
  await withheld(() => stripeOf(world).subscriptions.cancel(subscription.id));
  const deleted = eventsAbout(world, subscription.id).at(-1);
  if (deleted) await take(world, deleted);
  const { body } = await world.api("GET", `/subscriptions/${subscription.id}`);
  expect(body.items).toHaveLength(12);
  expect(body.status).toBe("canceled");
});

test("and where it is fetched, because its customer has become known", async () => {
  const subscription = await withheld(() => subscribe(world, {}));
  await withheld(() => addItems(subscription, 11));
  const customer = String(subscription.customer);
  const ours = (await world.api("POST", "/customers", { name: "Ada Lovelace" })).body.id;
  const metadata = ourMetadata(world, ours);
  const named = await withheld(() => stripeOf(world).customers.update(customer, { metadata }));
  const created = Math.floor(Date.now() / 1000);
  const { lastResponse: _, ...object } = named;
  const head = {
    id: `evt_link_${customer}`,
    type: "customer.updated",
    created,
    livemode: false,
    api_version: null,
  };
  await deliver(world, { ...head, data: { object } });
  for (const { id } of await rowsOf(world, "outbox", "kind = 'mirror_subscriptions'"))
    await tryWork(world.scope, String(id), quietDeps);
  expect(await itemsOf(subscription.id)).toHaveLength(12);
});
