import { describe, expect, test } from "vitest";
import { openForCalls } from "../../src/connections/open-connection.ts";
import { ensureStripeCustomer } from "../../src/customers/ensure-stripe-customer.ts";
import { failNext } from "../connections/stripe-side.ts";
import { tryWork } from "../harness/outbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import {
  ADA,
  atStripe,
  createCustomer,
  createSyncWorld,
  deleteCustomer,
  handDeps,
  read,
  runJobs,
  waitingJobs,
} from "./customer-fixture.ts";

const deps = handDeps();

describe("a Stripe customer that something else asks for", () => {
  const ensure = async (world: TestWorld, id: string, by = deps) =>
    ensureStripeCustomer(by, world.scope, await openForCalls(by, world.scope), id);

  test("is made once, however many ask at once, also where customers are not sent to Stripe", async () => {
    const world = await createWorld();
    const { id } = await createCustomer(deps, world.scope, ADA);
    const asked = await Promise.allSettled(Array.from({ length: 5 }, () => ensure(world, id)));
    const known = await ensure(world, id);
    for (const answer of asked) {
      if (answer.status === "fulfilled") expect(answer.value).toBe(known);
      // Stripe's own answer to a key that is in use: the caller tries again.
      else expect(answer.reason).toMatchObject({ retryable: true });
    }
    expect(atStripe(world)).toMatchObject([{ id: known, ...ADA, metadata: { customer_id: id } }]);
    expect(await read(world, id)).toMatchObject({ stripe_customer_id: known, sync_status: "off" });
  });

  test("is not made of a customer that does not exist, or was deleted", async () => {
    const world = await createWorld();
    const { id } = await createCustomer(deps, world.scope, ADA);
    await deleteCustomer(deps, world.scope, id);
    for (const gone of [id, "cus_none"])
      await expect(ensure(world, gone)).rejects.toMatchObject({ code: "not_found" });
    expect(atStripe(world)).toEqual([]);
  });

  test("does not outlive a customer that is deleted while it is being made", async () => {
    const world = await createWorld();
    const { id } = await createCustomer(deps, world.scope, ADA);
    const slow = handDeps({
      stripe: (key) => {
        const stripe = testDeps().stripe(key);
        const create = stripe.customers.create.bind(stripe.customers);
        stripe.customers.create = (async (...given: Parameters<typeof create>) => {
          const made = await create(...given);
          await deleteCustomer(deps, world.scope, id);
          return made;
        }) as typeof stripe.customers.create;
        return stripe;
      },
    });
    await expect(ensure(world, id, slow)).rejects.toMatchObject({ code: "not_found" });
    expect(atStripe(world)).toEqual([]);
  });

  test("does not survive the deletion of one whose creation was never heard of", async () => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    failNext({ kind: "cut_after", method: "POST", path: "/v1/customers" });
    const [job] = await waitingJobs(world);
    if (!job) throw new Error("No job.");
    expect(await tryWork(world.scope, job, deps)).toMatchObject({ status: "wanted", attempts: 1 });
    expect(atStripe(world)).toHaveLength(1);
    await deleteCustomer(deps, world.scope, id);
    const [row] = await rowsOf(world, "customers", `id = '${id}'`);
    expect(JSON.stringify(row)).not.toContain(ADA.email);
    await runJobs(world);
    expect(atStripe(world)).toEqual([]);
  });
});
