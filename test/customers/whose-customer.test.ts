import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { openForCalls } from "../../src/connections/open-connection.ts";
import { ensureStripeCustomer } from "../../src/customers/ensure-stripe-customer.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import {
  ADA,
  announced,
  createCustomer,
  deleteCustomer,
  handDeps,
  read,
  stripeCall,
} from "./customer-fixture.ts";
import { linked, present, tell } from "./stripe-tells.ts";

const deps = handDeps();

describe("whose it is:", () => {
  const owner = (world: TestWorld, id: string) => ({
    customer_id: id,
    quittance_tenant_id: world.scope.tenantId,
    quittance_environment_id: world.scope.environmentId,
  });
  const named = (world: TestWorld, id: string) =>
    Object.fromEntries(Object.entries(owner(world, id)).map(([key, value]) => [`metadata[${key}]`, value]));
  const atStripe = async (world: TestWorld, fields: Record<string, string>): Promise<string> =>
    (await stripeCall(world, "POST", "/customers", fields)).id;

  test("a Stripe customer that names one of ours is linked to it, and never a second one", async () => {
    const world = await createWorld();
    const { id } = await createCustomer(deps, world.scope, ADA);
    const theirs = await atStripe(world, { email: "new@example.com", ...named(world, id) });
    const outcome = await tell(world, await present(world, theirs), 2_000);
    expect(outcome).toMatchObject({ status: "processed" });
    // What Stripe's customer never had is no change of ours.
    const after = { name: ADA.name, email: "new@example.com", stripe_customer_id: theirs };
    expect(await read(world, id)).toMatchObject(after);
    const second = await atStripe(world, { email: "second@example.com", ...named(world, id) });
    const refused = await tell(world, await present(world, second), 3_000);
    expect(refused).toMatchObject({ status: "ignored", reason: "other_stripe_customer" });
    expect(await read(world, id)).toMatchObject(after);
  });

  test("others are ignored, each with its reason, and change nothing", async () => {
    const { world, id, stripeId, seenSeconds } = await linked();
    const before = await read(world, id);
    const at = seenSeconds + 10;
    const unknown = await tell(world, { id: "cus_unknown", metadata: owner(world, "cus_none") }, at);
    expect(unknown).toMatchObject({ status: "ignored", reason: "unknown_customer" });
    for (const wrong of [{ quittance_tenant_id: "tenant_x" }, { quittance_environment_id: "env_x" }]) {
      const metadata = { ...owner(world, id), ...wrong };
      const other = await tell(world, { id: stripeId, email: "x@example.com", metadata }, at);
      expect(other).toMatchObject({ status: "ignored", reason: "other_tenant" });
    }
    expect(await read(world, id)).toEqual(before);
  });

  test("with inbound off one that is nobody's is not kept, and nothing of it", async () => {
    const { world } = await linked({ inbound: false });
    const foreign = await tell(world, { id: "cus_foreign", email: "x@secret.example" }, 3_000_000_000);
    expect(foreign).toMatchObject({ status: "ignored", reason: "foreign_object", payload: null });
    expect(await rowsOf(world, "customers")).toHaveLength(1);
  });

  test("one that was deleted here stays deleted", async () => {
    const { world, id, stripeId, seenSeconds } = await linked();
    await deleteCustomer(deps, world.scope, id);
    const metadata = owner(world, id);
    for (const [index, customer] of [{ id: stripeId }, { id: "cus_again", metadata }].entries()) {
      const late = await tell(world, { ...customer, email: ADA.email }, seenSeconds + 10 + index);
      expect(late).toMatchObject({ status: "ignored", reason: "customer_deleted" });
    }
    const [row] = await rowsOf(world, "customers", `id = '${id}'`);
    expect(row).toMatchObject({ name: "Deleted customer", email: null });
  });

  test("with inbound off nothing is taken over, and the reason says so", async () => {
    const { world, id, stripeId, seenSeconds } = await linked({ inbound: false });
    const outcome = await tell(world, { id: stripeId, email: "x@example.com" }, seenSeconds + 10);
    expect(outcome).toMatchObject({ status: "ignored", reason: "inbound_off" });
    expect(await read(world, id)).toMatchObject(ADA);
  });
});

describe("a customer that is deleted at Stripe", () => {
  test("stays here without its Stripe customer, says so, is told once, and gets a new one when asked for", async () => {
    const { world, id, stripeId, seenSeconds } = await linked({ inbound: false });
    await stripeCall(world, "DELETE", `/customers/${stripeId}`);
    for (let round = 0; round < 2; round += 1)
      await tell(world, { id: stripeId, ...ADA }, seenSeconds + 10, "customer.deleted");
    const after = await read(world, id);
    expect(after).toMatchObject({ ...ADA, stripe_customer_id: null, sync_status: "off" });
    expect(after.sync_error).toContain(`${stripeId} was deleted at Stripe`);
    expect(await announced(world, "customer.updated")).toEqual([`customer.updated/${id}/2`]);
    const opened = await openForCalls(testDeps(), world.scope);
    const anew = await ensureStripeCustomer(testDeps(), world.scope, opened, id);
    expect(anew).not.toBe(stripeId);
    expect(await present(world, anew)).toMatchObject(ADA);
  });

  test("is known as deleted from Stripe's answer too, when an event at a tie has it asked", async () => {
    const { world, id, stripeId, seenSeconds } = await linked();
    await stripeCall(world, "DELETE", `/customers/${stripeId}`);
    const answer = (await present(world, stripeId)) as unknown as Stripe.DeletedCustomer;
    expect(answer).toEqual({ id: stripeId, object: "customer", deleted: true });
    await tell(world, { id: stripeId, email: "x@example.com" }, seenSeconds);
    expect(await read(world, id)).toMatchObject({ email: ADA.email, stripe_customer_id: null });
  });
});
