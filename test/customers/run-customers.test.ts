// All customers at once: an import of Stripe's and a look at all, by the outbox in bounded steps, which go on where
// they stopped; and one at once, with what came of it.

import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { failNext } from "../connections/stripe-side.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import type { TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { stripeOf, subscribe } from "../subscriptions/subscription-fixture.ts";
import { rowsOf } from "../webhooks/deliver.ts";
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

const deps = handDeps();

beforeEach(() => {
  sandbox.world.faults.length = 0;
  sandbox.world.deliveryPolicy.withhold = true;
});

async function createQuietWorld(
  customer: { inbound?: boolean; outbound?: boolean } = {},
): Promise<TestWorld> {
  const world = await createSyncWorld(customer);
  await createDestination(world, createReceiver());
  // What is wanted lies there until the test says that it is tried.
  vi.spyOn(env.JOBS, "sendBatch").mockResolvedValue({} as never);
  return world;
}

const make = async (world: TestWorld, fields: Record<string, string>): Promise<string> =>
  (await stripeCall(world, "POST", "/customers", fields)).id;
const makeMany = async (world: TestWorld, count: number) => {
  for (let index = 0; index < count; index += 1)
    await make(world, { name: `Customer ${index}`, email: `c${index}@example.com` });
};
const progress = async (world: TestWorld, kind = "import") =>
  (await world.api("GET", `/customers/${kind}`)).body;

/** Tries the run's work, and all customers' that it sends, until there is none. */
async function toTheEnd(world: TestWorld, kind = "import"): Promise<number> {
  for (let tries = 1; tries <= 40; tries += 1) {
    if ((await tryWork(world.scope, `run_customers/${kind}`, deps)) === undefined) return tries;
    await runJobs(world);
  }
  throw new Error("It comes to no end.");
}

describe("an import", () => {
  test("takes in all of the account's customers, page by page, and says how far it is", async () => {
    const world = await createQuietWorld();
    await makeMany(world, 230);
    expect(await progress(world)).toMatchObject({ status: "never", phase: null, started_at: null });
    const begun = await world.api("POST", "/customers/import");
    expect(begun).toMatchObject({
      status: 202,
      body: { kind: "import", status: "running", seen: 0, pages: 0 },
    });
    await toTheEnd(world);
    expect(await progress(world)).toMatchObject({
      status: "done",
      pages: 3,
      seen: 230,
      created: 230,
      linked: 0,
      skipped: {},
      error: null,
    });
    expect(await rowsOf(world, "customers")).toHaveLength(230);
    expect(await announced(world, "customer.created")).toHaveLength(230);
    // Once more it finds nothing new.
    await world.api("POST", "/customers/import");
    await toTheEnd(world);
    expect(await progress(world)).toMatchObject({ seen: 230, created: 0, unchanged: 230 });
    const audit = await rowsOf(world, "audit_log", "action = 'customers.import_started'");
    expect(audit).toMatchObject([{ actor_kind: "api_key" }, { actor_kind: "api_key" }]);
  });

  test("asked for while it is under way answers the same run, and does not begin it anew", async () => {
    const world = await createQuietWorld();
    const first = (await world.api("POST", "/customers/import")).body;
    const second = await world.api("POST", "/customers/import");
    expect(second).toMatchObject({ status: 202, body: { started_at: first.started_at } });
    expect(await rowsOf(world, "audit_log", "action = 'customers.import_started'")).toHaveLength(1);
  });

  test("links by our id, by exact mail address where that is wanted, and says whom it leaves out and why", async () => {
    const world = await createQuietWorld();
    await world.api("PATCH", "/settings", { link_customers_by_email: true });
    const named = await createCustomer(deps, world.scope, { name: "Named" });
    const byEmail = await createCustomer(deps, world.scope, ADA);
    const twice = await createCustomer(deps, world.scope, { name: "Twice", email: "twice@example.com" });
    const gone = await make(world, { name: "Gone" });
    const owner = {
      "metadata[quittance_tenant_id]": world.scope.tenantId,
      "metadata[quittance_environment_id]": world.scope.environmentId,
    };
    const first = await make(world, { name: "Named there", ...owner, "metadata[customer_id]": named.id });
    const second = await make(world, { name: "Named, too", ...owner, "metadata[customer_id]": named.id });
    await make(world, { name: "Nobody's", ...owner, "metadata[customer_id]": "cus_nobody" });
    const other = { ...owner, "metadata[quittance_environment_id]": "env_other" };
    await make(world, { name: "Another's", ...other, "metadata[customer_id]": named.id });
    const ada = await make(world, { name: "Ada there", email: ADA.email });
    for (const name of ["One", "Two"]) await make(world, { name, email: "twice@example.com" });
    await world.api("POST", "/customers/import");
    await toTheEnd(world);
    await deleteCustomer(deps, world.scope, gone);
    await world.api("POST", "/customers/import");
    await toTheEnd(world);
    const skipped = { other_stripe_customer: 1, unknown_customer: 1, other_tenant: 1, customer_deleted: 1 };
    expect(await progress(world)).toMatchObject({ status: "done", seen: 8, unchanged: 4, skipped });
    // The list is newest first: of two that name one, the newer is linked.
    expect(await read(world, named.id)).toMatchObject({ stripe_customer_id: second });
    expect(second).not.toBe(first);
    expect(await read(world, byEmail.id)).toMatchObject({ name: "Ada there", stripe_customer_id: ada });
    expect(await read(world, twice.id)).toMatchObject({ stripe_customer_id: null });
  });

  test("goes on where it stopped, whatever fails between and whoever of its customers is deleted meanwhile", async () => {
    const world = await createQuietWorld();
    await makeMany(world, 250);
    await world.api("POST", "/customers/import");
    const isThirdPage = { method: "GET", path: "/v1/customers", kind: "rate_limit" } as const;
    const calls: string[] = [];
    const fetched = sandbox.fetch;
    const spy = vi.spyOn(sandbox, "fetch").mockImplementation(async (request) => {
      const url = new URL(request.url);
      if (request.method === "GET" && url.pathname === "/v1/customers") {
        calls.push(url.searchParams.get("starting_after") ?? "first");
        if (calls.length === 3) failNext(isThirdPage);
      }
      return fetched(request);
    });
    const failed = await tryWork(world.scope, "run_customers/import", deps);
    expect(failed).toMatchObject({ status: "wanted", attempts: 1 });
    expect(await progress(world)).toMatchObject({ status: "running", pages: 2, seen: 200, created: 200 });
    expect((await progress(world)).error).toContain("slow down");
    const last = calls[2] ?? "";
    await stripeCall(world, "DELETE", `/customers/${last}`);
    await toTheEnd(world);
    spy.mockRestore();
    expect(calls.filter((after) => after === "first")).toHaveLength(2);
    expect(await progress(world)).toMatchObject({ status: "done", created: 250 });
    expect(await rowsOf(world, "customers")).toHaveLength(250);
  });

  test("of two tries at once one goes on, and nothing is counted twice", async () => {
    const world = await createQuietWorld();
    await makeMany(world, 30);
    await world.api("POST", "/customers/import");
    const book = ledger(deps, world.scope);
    const work = await book.claimWork({ id: "run_customers/import" });
    if (work?.kind !== "run_customers") throw new Error("It was not claimed.");
    const customers = [{ stripeCustomerId: "cus_one", said: { name: "One" }, seenAtMs: 1 }];
    const page = { id: work.id, run: work.task.run, customers, next: null };
    expect(await book.takeInPage(page)).toMatchObject({ seen: 1, created: 1 });
    expect(await book.takeInPage(page)).toBeNull();
    expect(await rowsOf(world, "customers")).toHaveLength(1);
  });

  test("fetches the subscriptions that live", async () => {
    const world = await createQuietWorld();
    const { id, customer } = await subscribe(world, {});
    const ended = await subscribe(world, {});
    await stripeOf(world).subscriptions.cancel(ended.id);
    await world.api("POST", "/customers/import");
    await toTheEnd(world);
    const { data } = (await world.api("GET", "/subscriptions")).body;
    expect(data).toMatchObject([{ id, customer_id: customer }]);
  });

  test("is refused with the remedy where nothing is taken from Stripe, or nothing is connected", async () => {
    const off = await createQuietWorld({ inbound: false });
    const refused = await off.api("POST", "/customers/import");
    expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(refused.body.detail).toContain("sync_config.customer.inbound");
    await off.api("PATCH", `/connections/${off.connectionId}`, { is_active: false });
    expect(await off.api("POST", "/customers/import")).toMatchObject({
      body: { code: "connection_disabled" },
    });
    await off.api("DELETE", `/connections/${off.connectionId}`);
    expect(await off.api("POST", "/customers/sync")).toMatchObject({ body: { code: "connection_missing" } });
  });

  test("whose connection is disconnected says so, and the next one begins anew", async () => {
    const world = await createQuietWorld();
    await world.api("POST", "/customers/import");
    await world.api("DELETE", `/connections/${world.connectionId}`);
    expect(await progress(world)).toMatchObject({ status: "failed" });
    expect((await progress(world)).error).toContain("disconnected");
  });
});

describe("all in step", () => {
  test("what changed at Stripe is taken over, what differs here is sent, and nobody new is made here", async () => {
    const world = await createQuietWorld({ inbound: true, outbound: false });
    const stripeIds = [];
    for (const name of ["One", "Two", "Three"]) stripeIds.push(await make(world, { name }));
    await world.api("POST", "/customers/import");
    await toTheEnd(world);
    await world.api("PATCH", `/connections/${world.connectionId}`, {
      sync_config: { customer: { outbound: true } },
    });
    const { id } = await createCustomer(deps, world.scope, ADA);
    await stripeCall(world, "POST", `/customers/${stripeIds[0]}`, { phone: "+1 555 1" });
    await make(world, { name: "Unknown here" });
    expect(await world.api("POST", "/customers/sync")).toMatchObject({ status: 202 });
    await toTheEnd(world, "sync");
    expect(await progress(world, "sync")).toMatchObject({
      status: "done",
      seen: 4,
      created: 0,
      changed: 1,
      unchanged: 2,
      failed: 0,
      skipped: { foreign_object: 1 },
    });
    expect(await read(world, stripeIds[0] ?? "")).toMatchObject({ phone: "+1 555 1", sync_status: "synced" });
    expect(await read(world, id)).toMatchObject({ sync_status: "synced" });
    expect(
      atStripe(world)
        .map(({ metadata }) => metadata.customer_id ?? null)
        .sort(),
    ).toEqual([...stripeIds, id, null].sort());
    expect(await rowsOf(world, "customers")).toHaveLength(4);
    expect(await rowsOf(world, "audit_log", "action = 'customers.sync_started'")).toHaveLength(1);
  });

  test("no more than some are on their way at a time, and one that Stripe refuses is counted and holds up nobody", async () => {
    const world = await createQuietWorld({ inbound: false, outbound: false });
    for (let index = 0; index < 45; index += 1)
      await createCustomer(deps, world.scope, { name: `C ${index}` });
    await world.api("PATCH", `/connections/${world.connectionId}`, {
      sync_config: { customer: { outbound: true } },
    });
    await world.api("POST", "/customers/sync");
    const works = () => rowsOf(world, "outbox", "kind = 'sync_customer'");
    await tryWork(world.scope, "run_customers/sync", deps);
    expect(await works()).toHaveLength(20);
    await tryWork(world.scope, "run_customers/sync", deps);
    expect(await works()).toHaveLength(20);
    // Longer than Stripe takes.
    await ledgerSql(world.scope)
      .prepare("UPDATE customers SET phone = ? WHERE name = 'C 7'")
      .bind("1".repeat(40))
      .run();
    await toTheEnd(world, "sync");
    expect(await progress(world, "sync")).toMatchObject({ status: "done", pushed: 44, failed: 1 });
    expect(atStripe(world)).toHaveLength(44);
  });
});

describe("one at once", () => {
  test("is written at Stripe and hears what Stripe has, and the answer says what came of it", async () => {
    const world = await createQuietWorld({ inbound: true, outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    const made = await world.api("POST", `/customers/${id}/sync`);
    expect(made).toMatchObject({
      status: 200,
      body: {
        object: "customer_sync",
        outcome: "synced",
        created_at_stripe: true,
        error: null,
        customer: { id, sync_status: "synced" },
      },
    });
    const [theirs] = atStripe(world);
    await stripeCall(world, "POST", `/customers/${theirs?.id}`, { phone: "+44 1" });
    const pulled = await world.api("POST", `/customers/${id}/sync`);
    expect(pulled.body).toMatchObject({
      outcome: "synced",
      pushed: [],
      pulled: ["phone"],
      created_at_stripe: false,
    });
    await world.api("PATCH", `/customers/${id}`, { name: "Augusta King" });
    const both = await world.api("POST", `/customers/${id}/sync`);
    expect(both.body).toMatchObject({ outcome: "synced", pushed: ["name"], pulled: [] });
    expect(atStripe(world)[0]).toMatchObject({ name: "Augusta King", phone: "+44 1" });
    expect(await rowsOf(world, "outbox", "kind = 'sync_customer'")).toEqual([]);
    expect(await rowsOf(world, "audit_log", "action = 'customer.sync_started'")).toHaveLength(3);
  });

  test("that fails says why, and is tried again by itself where that may help", async () => {
    const world = await createQuietWorld({ inbound: true, outbound: true });
    const { id } = await createCustomer(deps, world.scope, ADA);
    failNext({ kind: "rate_limit", method: "POST", path: "/v1/customers" });
    const later = await world.api("POST", `/customers/${id}/sync`);
    expect(later.body).toMatchObject({ outcome: "pending", customer: { sync_status: "pending" } });
    expect(later.body.error).toContain("slow down");
    await runJobs(world);
    expect(await read(world, id)).toMatchObject({ sync_status: "synced" });
  });

  test("only hears Stripe where nothing is sent there, and is refused where there is nothing to do", async () => {
    const world = await createQuietWorld({ inbound: true, outbound: false });
    const stripeId = await make(world, { name: "Grace" });
    await world.api("POST", "/customers/import");
    await toTheEnd(world);
    await stripeCall(world, "POST", `/customers/${stripeId}`, { name: "Grace Hopper" });
    const pulled = await world.api("POST", `/customers/${stripeId}/sync`);
    expect(pulled.body).toMatchObject({
      outcome: "synced",
      pulled: ["name"],
      customer: { sync_status: "off" },
    });
    await stripeCall(world, "DELETE", `/customers/${stripeId}`);
    const gone = await world.api("POST", `/customers/${stripeId}/sync`);
    expect(gone.body.customer).toMatchObject({ stripe_customer_id: null });
    expect(gone.body.customer.sync_error).toContain("was deleted at Stripe");
    const { id } = await createCustomer(deps, world.scope, ADA);
    expect(await world.api("POST", `/customers/${id}/sync`)).toMatchObject({ status: 409 });
  });
});

test.each(["import", "sync"])("'%s' is no customer's id: it is the name of a call", async (id) => {
  const world = await createSyncWorld({});
  const refused = await world.api("POST", "/customers", { id, name: "Ada" });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "id" }] } });
});
