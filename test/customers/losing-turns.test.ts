import { beforeAll, expect, test } from "vitest";
import { deleteCustomer } from "../../src/customers/delete-customer.ts";
import { updateCustomer } from "../../src/customers/update-customer.ts";
import { customerWork } from "../../src/invoices/customer-work.ts";
import type { Deps } from "../../src/platform/deps.ts";
import { consumeEvent } from "../../src/webhooks/consume-events.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { giveUp, outboxOf } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { messageFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import { event } from "../webhooks/payloads/event.ts";
import { ADA, createSyncWorld, depsWhoseCommitComesAfter, depsWithRival, read } from "./customer-fixture.ts";
import { linked, tell } from "./stripe-tells.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});

test.each([
  ["a change", (deps: Deps, id: string) => updateCustomer(deps, world.scope, id, { name: "Augusta King" })],
  ["a deletion", (deps: Deps, id: string) => deleteCustomer(deps, world.scope, id, customerWork)],
])("%s that always comes second ends as a conflict that may pass, and has done nothing", async (_, act) => {
  const { id } = (await world.api("POST", "/customers", ADA)).body;
  const { deps, commits } = depsThatAlwaysLose(id);
  await expect(act(deps, id)).rejects.toMatchObject({ code: "conflict", status: 409, retryable: true });
  expect(commits()).toBe(20);
  expect(await read(world, id)).toMatchObject(ADA);
  expect(await rowsOf(world, "audit_log", `object_id = '${id}'`)).toEqual([]);
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

/** Deps before whose every commit somebody else has changed the customer. */
function depsThatAlwaysLose(customerId: string) {
  let commits = 0;
  const bump = ledgerSql(world.scope)
    .prepare("UPDATE customers SET revision = revision + 1 WHERE id = ?")
    .bind(customerId);
  const deps = depsWithRival((nth) => {
    commits = nth;
    return bump.run();
  });
  return { deps, commits: () => commits };
}
