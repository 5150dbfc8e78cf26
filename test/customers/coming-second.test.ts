import { expect, test } from "vitest";
import type { Deps, Scope } from "../../src/platform/deps.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { giveUp, outboxOf } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually } from "../harness/world.ts";
import { outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import { event } from "../webhooks/payloads/event.ts";
import {
  ADA,
  changeCustomer,
  createSyncWorld,
  deleteCustomer,
  depsWhoseCommitComesAfter,
  read,
} from "./customer-fixture.ts";
import { linked, tell } from "./stripe-tells.ts";

test("a change that comes second loses nothing of the first", async () => {
  const world = await createWorld();
  const { id } = (await world.api("POST", "/customers", { ...ADA, metadata: { plan: "pro" } })).body;
  const deps = depsWhoseCommitComesAfter(() =>
    world.api("PATCH", `/customers/${id}`, { phone: "+44 1", metadata: { seats: "3" } }),
  );
  const changed = await changeCustomer(deps, world.scope, id, {
    name: "Augusta King",
    metadata: { plan: "" },
  });
  const both = { name: "Augusta King", phone: "+44 1", metadata: { seats: "3" } };
  expect(changed).toMatchObject({ ...both, revision: 3 });
  expect(await read(world, id)).toMatchObject(both);
  expect(await rowsOf(world, "audit_log", `object_id = '${id}'`)).toMatchObject([
    { action: "customer.created" },
    { action: "customer.updated" },
    { action: "customer.updated" },
  ]);
});

test.each([
  ["a change", (deps: Deps, scope: Scope, id: string) => changeCustomer(deps, scope, id, { name: "Back" })],
  ["a deletion", deleteCustomer],
])("%s that comes after a deletion finds nobody, and does nothing", async (_, act) => {
  const world = await createWorld();
  const { id } = (await world.api("POST", "/customers", ADA)).body;
  const deps = depsWhoseCommitComesAfter(() => world.api("DELETE", `/customers/${id}`));
  await expect(act(deps, world.scope, id)).rejects.toMatchObject({ code: "not_found" });
  const [row] = await rowsOf(world, "customers", `id = '${id}'`);
  expect(row).toMatchObject({ name: "Deleted customer", revision: 2 });
  expect(await rowsOf(world, "audit_log", `object_id = '${id}'`)).toMatchObject([
    { action: "customer.created" },
    { action: "customer.deleted" },
  ]);
});

test("of two events at once the slower decides again at once: no failed try, and the later state stands", async () => {
  const { world, id, stripeId, seenSeconds } = await linked();
  const customer = { object: "customer", metadata: {}, id: stripeId, phone: "+44 1" };
  const slow = { ...event("customer.updated", customer), id: "evt_slow", created: seenSeconds + 10 };
  const deps = depsWhoseCommitComesAfter(() =>
    tell(world, { id: stripeId, phone: "+44 2" }, seenSeconds + 20),
  );
  await consumeEvent(deps, messageFor(world, slow as never));
  expect(await outcomeOf(world, "evt_slow")).toMatchObject({ reason: "older_than_known", attempts: 1 });
  expect(await read(world, id)).toMatchObject({ phone: "+44 2" });
});

test("an event that needs Stripe's answer waits for a key that Stripe takes, instead of ending dead", async () => {
  const { world, id, stripeId, seenSeconds } = await linked();
  sandbox.world.revokedKeys.push(world.secretKey);
  await expect(tell(world, { id: stripeId, phone: "+44 1" }, seenSeconds)).rejects.toMatchObject({
    code: "stripe_authentication_failed",
    retryable: true,
  });
  sandbox.world.revokedKeys.length = 0;
  const [failed] = await rowsOf(world, "webhook_events", "status IN ('failed', 'dead')");
  expect(failed?.status).toBe("failed");
  expect(await read(world, id)).toMatchObject({ phone: null });
});

test("a job that Stripe refuses while its customer is deleted leaves nothing of the customer behind", async () => {
  const here = await createSyncWorld({ outbound: true });
  const email = "grace@hopper.example";
  const customer = (await here.api("POST", "/customers", { name: "Grace", email })).body;
  await eventually(
    async () => (await here.api("GET", `/customers/${customer.id}`)).body,
    (seen) => seen.sync_status === "synced",
  );
  await here.api("PATCH", `/connections/${here.connectionId}`, { is_active: false });
  await here.api("DELETE", `/customers/${customer.id}`);
  const said = `Stripe: Invalid email address: ${email}`;
  await giveUp(here.scope, `sync_customer/${customer.id}/1`, said);
  const jobs = await outboxOf(here.scope);
  expect(jobs.map((job) => job.id)).toEqual([`sync_customer/${customer.id}/2`]);
  expect(JSON.stringify(jobs)).not.toContain(email);
});

test("a customer that Stripe does not know any more counts as deleted there", async () => {
  const { world, id, stripeId, seenSeconds } = await linked();
  sandbox.accountFor(world.secretKey).customers = {};
  expect(await tell(world, { id: stripeId, phone: "+44 1" }, seenSeconds)).toMatchObject({
    status: "processed",
  });
  expect(await read(world, id)).toMatchObject({ stripe_customer_id: null });
});
