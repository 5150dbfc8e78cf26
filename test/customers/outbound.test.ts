import { describe, expect, test } from "vitest";
import { AppError } from "../../src/platform/app-error.ts";
import { failNext } from "../connections/stripe-side.ts";
import { tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createEndpoint, createWorld, eventually, testDeps } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import {
  ADA,
  atStripe,
  changeCustomer,
  createCustomer,
  createSyncWorld,
  handDeps,
  read,
  runJobs,
  stripeCall,
  waitingJobs,
} from "./customer-fixture.ts";

const deps = handDeps();
const path = "/v1/customers";

describe("with sync_config.customer.outbound", () => {
  test("a new customer and each change of it come to Stripe by themselves", async () => {
    const world = await createSyncWorld({ outbound: true });
    const made = await world.api("POST", "/customers", {
      ...ADA,
      phone: "+44 20 1",
      address: { line1: "12 St James's Square", city: "London", country: "GB" },
      metadata: { plan: "pro", seats: "3" },
    });
    expect(made.body).toMatchObject({ sync_status: "pending", stripe_customer_id: null });
    const synced = await eventually(
      () => read(world, made.body.id),
      (seen) => seen.sync_status === "synced",
    );
    const owner = {
      customer_id: made.body.id,
      quittance_tenant_id: world.scope.tenantId,
      quittance_environment_id: world.scope.environmentId,
    };
    expect(atStripe(world)).toMatchObject([
      {
        id: synced.stripe_customer_id,
        ...ADA,
        phone: "+44 20 1",
        address: { line1: "12 St James's Square", line2: null, city: "London", country: "GB" },
        metadata: { plan: "pro", seats: "3", ...owner },
      },
    ]);

    await world.api("PATCH", `/customers/${made.body.id}`, {
      email: "ada@lovelace.example",
      phone: null,
      address: { line1: "Ockham Park", country: "GB" },
      metadata: { seats: "", plan: "free" },
    });
    await eventually(
      () => read(world, made.body.id),
      (seen) => seen.sync_status === "synced",
    );
    const [now] = atStripe(world);
    expect(now).toMatchObject({ name: ADA.name, email: "ada@lovelace.example", phone: null });
    expect(now?.address).toMatchObject({ line1: "Ockham Park", city: null });
    expect(now?.metadata).toEqual({ plan: "free", ...owner });
    expect(await waitingJobs(world)).toEqual([]);
  });

  test("what others wrote into a customer's metadata at Stripe stays there", async () => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, { ...ADA, metadata: { plan: "pro" } });
    await runJobs(world);
    const { stripe_customer_id } = await read(world, id);
    await stripeCall(world, "POST", `/customers/${stripe_customer_id}`, { "metadata[crm]": "17" });
    await changeCustomer(deps, world.scope, id, { metadata: { plan: "" } });
    await runJobs(world);
    expect(atStripe(world)[0]?.metadata).toMatchObject({ crm: "17", customer_id: id });
    expect(atStripe(world)[0]?.metadata).not.toHaveProperty("plan");
  });

  test("50 changes, five at once, by jobs that overtake each other, leave Stripe with the last state", async () => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    const writers = Array.from({ length: 5 }, async (_, writer) => {
      for (let turn = 0; turn < 10; turn += 1) {
        const last = `${writer}/${turn}`;
        await changeCustomer(deps, world.scope, id, { metadata: { last }, phone: last });
        // What waits by then, the newest first, and that handed over twice.
        const [newest, ...older] = (await waitingJobs(world)).reverse();
        const runs = [newest, newest, older[0]].map((job) => job && tryWork(world.scope, job, deps));
        if (turn % 3 === writer % 3) await Promise.all(runs);
      }
    });
    await Promise.all(writers);
    await runJobs(world);
    const row = await read(world, id);
    expect(row.sync_status).toBe("synced");
    expect(atStripe(world)).toHaveLength(1);
    expect(atStripe(world)[0]).toMatchObject({ phone: row.phone, metadata: { last: row.metadata.last } });
    expect((await rowsOf(world, "customers", `id = '${id}'`))[0]?.revision).toBe(51);
  });

  test.each([
    ["goes on", false],
    ["is cut off, when it is tried again", true],
  ])("a run that writes an older state over a newer one makes it good: it %s", async (_, isCutOff) => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    await runJobs(world);
    await changeCustomer(deps, world.scope, id, { name: "First" });
    const [first] = await waitingJobs(world);
    if (!first) throw new Error("No job.");
    // While its request is under way, a newer change is made, pushed and done with; only then it lands.
    let landed = 0;
    const slow = handDeps({
      stripe: (key) => {
        const stripe = testDeps().stripe(key);
        const update = stripe.customers.update.bind(stripe.customers);
        stripe.customers.update = (async (...given: Parameters<typeof update>) => {
          if (landed++ > 0) return update(...given);
          await changeCustomer(deps, world.scope, id, { name: "Second" });
          const newer = (await waitingJobs(world)).filter((id) => id !== first);
          for (const job of newer) await tryWork(world.scope, job, deps);
          expect(await read(world, id)).toMatchObject({ name: "Second", sync_status: "synced" });
          const updated = await update(...given);
          expect(atStripe(world)[0]?.name).toBe("First");
          if (!isCutOff) return updated;
          throw new AppError("stripe_timeout", { detail: "Nobody hears the answer.", retryable: true });
        }) as typeof stripe.customers.update;
        return stripe;
      },
    });
    const left = await tryWork(world.scope, first, slow);
    expect(left?.error).toBe(isCutOff ? "Nobody hears the answer." : undefined);
    if (isCutOff) await runJobs(world);
    expect(atStripe(world)[0]?.name).toBe("Second");
    expect(await read(world, id)).toMatchObject({ name: "Second", sync_status: "synced" });
    expect(await waitingJobs(world)).toEqual([]);
  });

  test.each([
    ["a 429", { kind: "rate_limit", times: 2 }],
    ["a 500, which Stripe replays under the same key for a day", { kind: "server_error", times: 2 }],
    ["a connection that is cut after the customer was made", { kind: "cut_after", times: 1 }],
    ["a connection that is cut before anything was done", { kind: "cut_before", times: 2 }],
  ] as const)("%s leaves one Stripe customer", async (_, fault) => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    failNext({ ...fault, method: "POST", path });
    expect(await runJobs(world)).toBeGreaterThan(1);
    expect(await read(world, id)).toMatchObject({ sync_status: "synced", sync_error: null });
    expect(atStripe(world)).toMatchObject([{ ...ADA, id: (await read(world, id)).stripe_customer_id }]);
  });

  test("so does one that was made unheard, when Stripe has forgotten the key and the customer has changed since", async () => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    failNext({ kind: "cut_after", method: "POST", path });
    const [job] = await waitingJobs(world);
    if (!job) throw new Error("No job.");
    expect(await tryWork(world.scope, job, deps)).toMatchObject({ status: "wanted", attempts: 1 });
    sandbox.world.idempotency = {};
    await changeCustomer(deps, world.scope, id, { email: "new@example.com" });
    await runJobs(world);
    expect(atStripe(world)).toMatchObject([{ email: "new@example.com" }]);
    expect(await read(world, id)).toMatchObject({ sync_status: "synced" });
  });

  test("what Stripe refuses is said in plain words, and the next change is tried again", async () => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, { ...ADA, phone: "+44 20 7946 0018 ext. 12345" });
    await runJobs(world);
    const failed = await read(world, id);
    expect(failed).toMatchObject({ sync_status: "failed", stripe_customer_id: null });
    expect(failed.sync_error).toMatch(/^Stripe refused: .*at most 20 characters/);
    await changeCustomer(deps, world.scope, id, { phone: "+44 20 7946 0018" });
    await runJobs(world);
    expect(await read(world, id)).toMatchObject({ sync_status: "synced", sync_error: null });
    expect(atStripe(world)).toMatchObject([{ phone: "+44 20 7946 0018" }]);
    expect(await rowsOf(world, "outbox", "1")).toEqual([]);
  });

  test("one that is gone at Stripe is made anew by the next change", async () => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    await runJobs(world);
    const first = (await read(world, id)).stripe_customer_id;
    await stripeCall(world, "DELETE", `/customers/${first}`);
    await changeCustomer(deps, world.scope, id, { name: "Augusta King" });
    await runJobs(world);
    const second = (await read(world, id)).stripe_customer_id;
    expect(second).not.toBe(first);
    expect(atStripe(world)).toMatchObject([{ id: second, name: "Augusta King" }]);
  });

  test("work waits while the connection is switched off, and is done once it is on", async () => {
    const world = await createSyncWorld({ outbound: true });
    await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: false });
    const made = await world.api("POST", "/customers", ADA);
    await eventually(
      () => rowsOf(world, "outbox", "status = 'waiting'"),
      (rows) => rows.length === 1,
    );
    expect(atStripe(world)).toEqual([]);
    await world.api("PATCH", `/connections/${world.connectionId}`, { is_active: true });
    await eventually(
      () => read(world, made.body.id),
      (seen) => seen.sync_status === "synced",
    );
    expect(atStripe(world)).toHaveLength(1);
  });

  test("with another account connected, its Stripe customer is made there", async () => {
    const world = await createSyncWorld({ outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    await runJobs(world);
    const before = (await read(world, id)).stripe_customer_id;
    await world.api("DELETE", `/connections/${world.connectionId}`);
    const secretKey = `sk_test_other${world.scope.tenantId.slice(-12)}_1`;
    const endpoint = await createEndpoint(secretKey, world.webhookUrl);
    const connected = await world.api("POST", "/connections", {
      name: "Other",
      provider: "stripe",
      secret_key: secretKey,
      webhook_secret: endpoint.secret,
      sync_config: { customer: { outbound: true } },
    });
    expect(connected.status).toBe(201);
    await changeCustomer(deps, world.scope, id, { name: "Augusta King" });
    await runJobs(world);
    const after = await read(world, id);
    expect(after).toMatchObject({ sync_status: "synced" });
    expect(after.stripe_customer_id).not.toBe(before);
    expect(Object.values(sandbox.accountFor(secretKey).customers)).toMatchObject([{ name: "Augusta King" }]);
    expect(atStripe(world)).toMatchObject([{ id: before, name: ADA.name }]);
  });
});

test("without it nothing is sent, and sync_status is off", async () => {
  const world = await createWorld();
  const made = await world.api("POST", "/customers", ADA);
  const changed = await world.api("PATCH", `/customers/${made.body.id}`, { name: "Augusta King" });
  for (const { body } of [made, changed])
    expect(body).toMatchObject({ sync_status: "off", sync_error: null });
  expect(await rowsOf(world, "outbox", "1")).toEqual([]);
  expect(atStripe(world)).toEqual([]);
});
