import type Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { subscriptionSchema } from "../../src/subscriptions/schema.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import {
  asAtStripe,
  eventsAbout,
  mirrorOf,
  ourMetadata,
  stripeOf,
  subscribe,
  take,
  withheld,
} from "./subscription-fixture.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

afterEach(() => {
  sandbox.world.deliveryPolicy.copies = 1;
});

test("a subscription's whole life is mirrored and told, each thing once, though Stripe sends everything three times", async () => {
  const { world, told, until } = await listening();
  sandbox.world.deliveryPolicy.copies = 3;
  const customer = (await world.api("POST", "/customers", { name: "Ada Lovelace" })).body;
  const { id } = await subscribe(world, ourMetadata(world, customer.id));
  const stripe = stripeOf(world);
  const read = async () => (await world.api("GET", `/subscriptions/${id}`)).body;
  const isMirrored = async () => {
    await sandbox.settle();
    const truth = asAtStripe(await stripe.subscriptions.retrieve(id));
    const {
      customer_id,
      updated_at: _,
      ...shown
    } = await eventually(
      read,
      (seen) => seen.status === truth.status && JSON.stringify(seen.items) === JSON.stringify(truth.items),
    );
    expect(shown).toEqual(truth);
    expect(customer_id).toBe(customer.id);
  };

  await isMirrored();
  expect((await until("subscription.created")).data.object).toMatchObject({ id, status: "active" });

  const item = (await stripe.subscriptions.retrieve(id)).items.data[0]?.id ?? "";
  await stripe.subscriptions.update(id, { items: [{ id: item, quantity: 5 }], cancel_at_period_end: true });
  await isMirrored();
  expect((await until("subscription.updated")).data.object).toMatchObject({
    items: [{ quantity: 5 }],
    cancel_at_period_end: true,
  });

  await stripe.subscriptions.cancel(id);
  await isMirrored();
  expect((await until("subscription.deleted")).data.object).toMatchObject({ id, status: "canceled" });

  expect(told().map(({ type }) => type)).toEqual([
    "subscription.created",
    "subscription.updated",
    "subscription.deleted",
  ]);
  for (const message of told()) {
    expect(subscriptionSchema.strict().safeParse(message.data.object).error).toBeUndefined();
    expect(message.data.object.customer_id).toBe(customer.id);
  }
  const about = await eventually(
    async () =>
      (await world.api("GET", "/webhook_events?limit=100")).body.data.filter((event: Json) =>
        event.type.startsWith("customer.subscription."),
      ),
    // The events come by the queue as well, some after what Stripe was asked for meanwhile.
    (events) => events.length === 3 && events.every(({ deliveries }: Json) => deliveries === 3),
  );
  expect(about).toHaveLength(3);
  for (const event of about) {
    expect(event).toMatchObject({
      status: "processed",
      changes: [{ object: "subscription", id }],
      deliveries: 3,
    });
  }
});

test("a trial, its end, a renewal and a pause are mirrored as they come", async () => {
  const world = await createWorld();
  const stripe = stripeOf(world);
  const { id } = await withheld(() => subscribe(world, ourMetadata(world), { trial_period_days: 7 }));
  const taken = new Set<string>();
  const mirrored = async () => {
    const fresh = eventsAbout(world, id).filter((event) => !taken.has(event.id));
    expect(fresh.length).toBeGreaterThan(0);
    for (const event of fresh) {
      taken.add(event.id);
      await take(world, event);
    }
    const seen = await mirrorOf(world, id);
    expect(seen).toEqual(asAtStripe(await stripe.subscriptions.retrieve(id)));
    return seen;
  };
  const trial = await mirrored();
  expect(trial).toMatchObject({ status: "trialing", current_period_end: trial?.trial_end });
  await withheld(() => sandbox.advance(7 * DAY_MS));
  const first = await mirrored();
  expect(first).toMatchObject({ status: "active", current_period_start: trial?.trial_end });
  await withheld(() => sandbox.advance(31 * DAY_MS));
  expect(await mirrored()).toMatchObject({ current_period_start: first?.current_period_end });
  await withheld(() => stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } }));
  expect(await mirrored()).toMatchObject({ pause_collection: { behavior: "void", resumes_at: null } });
});

test("what is delivered fifty times is told once, in whatever order and however much at once", async () => {
  const { world } = await listening();
  const stripe = stripeOf(world);
  const { id } = await withheld(() => subscribe(world));
  await withheld(async () => {
    await sandbox.advance(2_000);
    await stripe.subscriptions.update(id, { metadata: { plan: "gold" } });
    await sandbox.advance(2_000);
    await stripe.subscriptions.cancel(id);
  });
  const events = eventsAbout(world, id);
  for (const event of events) {
    for (let batch = 0; batch < 5; batch += 1) {
      // As the queue does: what loses its turn too often is brought again.
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => take(world, event)));
      for (const outcome of outcomes) if (outcome.status === "rejected") await take(world, event);
    }
  }
  const before = await rowsOf(world, "subscriptions");
  for (const event of events.toReversed()) for (let n = 0; n < 10; n += 1) await take(world, event);
  expect(await rowsOf(world, "subscriptions")).toEqual(before);
  expect(await announced(world)).toEqual([
    `subscription.created/${id}`,
    `subscription.deleted/${id}`,
    `subscription.updated/${events[1]?.id}`,
  ]);
});

test("one that is first heard of when it changes is told as created, and one that is first heard of at its end as deleted alone", async () => {
  const { world } = await listening();
  const changed = await withheld(() => subscribe(world));
  const ended = await withheld(() => subscribe(world));
  await withheld(async () => {
    await sandbox.advance(2_000);
    await stripeOf(world).subscriptions.update(changed.id, { metadata: { plan: "gold" } });
    await stripeOf(world).subscriptions.cancel(ended.id);
  });
  for (const { id } of [changed, ended]) {
    for (const event of eventsAbout(world, id).toReversed()) await take(world, event);
  }
  expect(await announced(world)).toEqual(
    [`subscription.created/${changed.id}`, `subscription.deleted/${ended.id}`].sort(),
  );
});

test("an event that changes nothing which the API shows is told to nobody", async () => {
  const { world } = await listening();
  const { id } = await withheld(() => subscribe(world));
  const [created] = eventsAbout(world, id);
  if (!created) throw new Error("The sandbox told of nothing.");
  await take(world, created);
  const [row] = await rowsOf(world, "subscriptions");
  const ending = { ...created, type: "customer.subscription.trial_will_end" as const };
  await take(world, { ...ending, id: "evt_newer", created: created.created + 9 } as typeof created);
  await take(world, { ...ending, id: "evt_tie" } as typeof created);
  const subscription = created.data.object as Stripe.Subscription;
  const metadata = Object.fromEntries(Object.entries(subscription.metadata).toReversed());
  const turned = { ...created, data: { object: { ...subscription, metadata } } } as typeof created;
  await take(world, { ...turned, id: "evt_turned", created: created.created + DAY_MS / 1000 });
  const [later] = await rowsOf(world, "subscriptions");
  expect(later).toMatchObject({ updated_at_ms: row?.updated_at_ms, status: "active" });
  expect(later?.revision).toBe(4);
  expect(await announced(world)).toEqual([`subscription.created/${id}`]);
});

/** A tenant whose messages about subscriptions are received. */
async function listening() {
  const world = await createWorld();
  const receiver = createReceiver();
  await createDestination(world, receiver, {
    event_types: ["subscription.created", "subscription.updated", "subscription.deleted"],
  });
  const told = (): Json[] => receiver.received.map(({ body }) => JSON.parse(body));
  const until = async (type: string): Promise<Json> => {
    const seen = await eventually(
      async () => told(),
      (messages) => messages.some((message) => message.type === type),
    );
    return seen.find((message) => message.type === type);
  };
  return { world, told, until };
}

/** What was written down to be told, by type and cause. */
async function announced(world: TestWorld): Promise<unknown[]> {
  return (await rowsOf(world, "messages", "1 ORDER BY type, key")).map(({ type, key }) => `${type}/${key}`);
}
