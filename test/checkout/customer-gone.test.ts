import { beforeEach, expect, test } from "vitest";
import { stripeCall } from "../customers/customer-fixture.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld } from "../harness/world.ts";
import { ask, atStripe, makeSession } from "./checkout-fixture.ts";

beforeEach(() => {
  // Nobody tells us of what is done at Stripe.
  sandbox.world.deliveryPolicy.withhold = true;
});

test("for a customer who was deleted at Stripe unheard, another one is made there, and the session is its own", async () => {
  const world = await createWorld();
  const { id } = (await world.api("POST", "/customers", { name: "Ada Lovelace" })).body;
  await makeSession(world, { customer_id: id });
  const before = (await world.api("GET", `/customers/${id}`)).body.stripe_customer_id;
  await stripeCall(world, "DELETE", `/customers/${before}`);
  const { status, body } = await ask(world, { customer_id: id });
  expect([status, body.customer_id]).toEqual([201, id]);
  const after = (await world.api("GET", `/customers/${id}`)).body.stripe_customer_id;
  expect(after).toMatch(/^cus_/);
  expect(after).not.toBe(before);
  expect(atStripe(world).find((session) => session.id === body.id)?.customer).toBe(after);
});
