// A customer's subscriptions never end without a word: deleting it is refused with their list, unless it is said that
// they are to be canceled.

import { beforeEach, expect, test } from "vitest";
import { outboxOf } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventually, type TestWorld } from "../harness/world.ts";
import { ourMetadata, stripeOf, subscribe } from "../subscriptions/subscription-fixture.ts";
import { ADA, atStripe, createSyncWorld, read } from "./customer-fixture.ts";

beforeEach(() => {
  sandbox.world.faults.length = 0;
});

/** A customer of ours that subscribed on a page of its own Stripe customer. */
async function subscribed(world: TestWorld): Promise<{ id: string; subscriptionId: string }> {
  const { id } = (await world.api("POST", "/customers", ADA)).body;
  const session = await world.api("POST", "/checkout_sessions", {
    mode: "subscription",
    customer_id: id,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: "eur",
          unit_amount: 900,
          recurring: { interval: "month" },
          product_data: { name: "Pro" },
        },
      },
    ],
    success_url: "https://shop.example/thanks",
    cancel_url: "https://shop.example/cart",
  });
  await sandbox.pay(world.accountId, { sessionId: session.body.id }, { card: "4242424242424242" });
  await sandbox.settle();
  const [subscription] = await eventually(
    async () => (await world.api("GET", `/subscriptions?customer_id=${id}`)).body.data,
    (seen) => seen.length === 1,
  );
  return { id, subscriptionId: subscription.id };
}

const statusAt = async (world: TestWorld, id: string) =>
  (await stripeOf(world).subscriptions.retrieve(id)).status;

test.each([true, false])(
  "with outbound %s it is refused with the list, and nothing is changed",
  async (outbound) => {
    const world = await createSyncWorld({ outbound });
    const { id, subscriptionId } = await subscribed(world);
    const refused = await world.api("DELETE", `/customers/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(refused.body.detail).toContain(`${subscriptionId} (active)`);
    expect(refused.body.detail).toContain("cancel_subscriptions=true");
    expect(refused.body.errors).toEqual([{ path: subscriptionId, message: "active" }]);
    expect(await read(world, id)).toMatchObject(ADA);
    expect((await world.api("DELETE", `/customers/${id}?cancel_subscriptions=false`)).status).toBe(409);
    expect((await world.api("DELETE", `/customers/${id}?cancel_subscriptions=yes`)).status).toBe(422);
    expect(await statusAt(world, subscriptionId)).toBe("active");
  },
);

test.each([
  [true, "and the customer deleted there"],
  [false, "and the customer stays there"],
])("who means it has them canceled at Stripe: with outbound %s, %s", async (outbound) => {
  const world = await createSyncWorld({ outbound });
  const { id, subscriptionId } = await subscribed(world);
  expect((await world.api("DELETE", `/customers/${id}?cancel_subscriptions=true`)).status).toBe(200);
  await eventually(
    () => statusAt(world, subscriptionId),
    (status) => status === "canceled",
  );
  await eventually(
    () => outboxOf(world.scope),
    (rows) => rows.length === 0,
  );
  const left = atStripe(world).filter((customer) => !("deleted" in customer));
  expect(left).toHaveLength(outbound ? 0 : 1);
});

test("once they have ended it is deleted as ever", async () => {
  const world = await createSyncWorld({ outbound: true });
  const { id, subscriptionId } = await subscribed(world);
  await stripeOf(world).subscriptions.cancel(subscriptionId);
  await sandbox.settle();
  await eventually(
    async () => (await world.api("GET", `/subscriptions/${subscriptionId}`)).body.status,
    (status) => status === "canceled",
  );
  expect((await world.api("DELETE", `/customers/${id}`)).status).toBe(200);
});

test("a subscription that is not mirrored here does not end either: the work that would end it says which", async () => {
  const world = await createSyncWorld({ outbound: true });
  const path = `/connections/${world.connectionId}`;
  await world.api("PATCH", path, { sync_config: { subscription: { inbound: false } } });
  const { id } = (await world.api("POST", "/customers", ADA)).body;
  const { stripe_customer_id: customer } = await eventually(
    () => read(world, id),
    ({ sync_status }) => sync_status === "synced",
  );
  // Somebody else's program has made it.
  const made = await subscribe(world, ourMetadata(world, id));
  const subscription = sandbox.world.accounts[world.accountId]?.subscriptions[made.id];
  if (!subscription) throw new Error("No subscription.");
  subscription.customer = customer;
  await sandbox.settle();
  expect((await world.api("DELETE", `/customers/${id}`)).status).toBe(200);
  const [job] = await eventually(
    () => outboxOf(world.scope),
    (rows) => rows[0]?.status === "dead",
  );
  expect(job?.error).toContain(`${made.id} (active)`);
  expect(await statusAt(world, made.id)).toBe("active");
});
