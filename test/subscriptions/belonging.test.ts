import { beforeAll, describe, expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import { deliver, outcomeOf, rowsOf } from "../webhooks/deliver.ts";
import { firstSubscription, newSubscription } from "../webhooks/payloads/customer-subscription.ts";
import { CREATED, event, oldEvent } from "../webhooks/payloads/event.ts";
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

let world: TestWorld;
let count = 0;
beforeAll(async () => {
  world = await createWorld();
});

/** Sends an event about a subscription that only this event knows of. */
async function send(fields: Record<string, unknown>, type = "customer.subscription.updated") {
  count += 1;
  const id = `sub_b${count}`;
  const sent = { ...event(type, newSubscription({ id, ...fields })), id: `evt_b${count}` };
  await deliver(world, sent);
  return {
    id,
    outcome: await outcomeOf(world, sent.id),
    row: (await rowsOf(world, "subscriptions", `id = '${id}'`))[0],
  };
}

/** A customer of ours, as it is once Stripe knows it. */
async function customer(stripeCustomerId: string): Promise<string> {
  const made = await world.api("POST", "/customers", { name: "Ada Lovelace" });
  await ledgerSql(world.scope)
    .prepare("UPDATE customers SET stripe_customer_id = ? WHERE id = ?")
    .bind(stripeCustomerId, made.body.id)
    .run();
  return made.body.id;
}

describe("a subscription is ours", () => {
  test("where its metadata names this tenant and environment, with the customer that it names", async () => {
    const customerId = await customer("cus_elsewhere");
    const named = await send({ metadata: ourMetadata(world, customerId) });
    expect(named.outcome).toMatchObject({ status: "processed", reason: null, invoice_id: null });
    expect(JSON.parse(String(named.outcome?.changes))).toEqual([{ object: "subscription", id: named.id }]);
    expect(named.row).toMatchObject({ customer_id: customerId, stripe_customer_id: "cus_T9w2Lr" });
  });

  test("and of no customer of ours where the metadata names one that is not there", async () => {
    const { outcome, row } = await send({ metadata: ourMetadata(world, "cus_nobody") });
    expect(outcome?.status).toBe("processed");
    expect(row).toMatchObject({ customer_id: null });
  });

  test("where its Stripe customer is ours, without any metadata", async () => {
    const customerId = await customer("cus_known");
    const { row } = await send({ customer: "cus_known", metadata: {} });
    expect(row).toMatchObject({ customer_id: customerId, stripe_customer_id: "cus_known" });
  });

  test("where it is known already, even if the metadata was taken off at Stripe", async () => {
    const customerId = await customer("cus_before");
    const { id, row } = await send({ metadata: ourMetadata(world, customerId) });
    expect(row).toMatchObject({ status: "active", customer_id: customerId });
    const later = event(
      "customer.subscription.updated",
      newSubscription({ id, metadata: {}, status: "past_due" }),
    );
    await deliver(world, { ...later, id: `${id}_later`, created: CREATED + 5 });
    expect((await rowsOf(world, "subscriptions", `id = '${id}'`))[0]).toMatchObject({
      status: "past_due",
      customer_id: customerId,
    });
  });
});

describe("a subscription is left alone, and the event says why,", () => {
  test("where its metadata names another tenant or environment, whoever its customer is", async () => {
    await customer("cus_ours");
    for (const wrong of [{ quittance_tenant_id: "tenant_x" }, { quittance_environment_id: "env_x" }]) {
      const { outcome, row } = await send({
        customer: "cus_ours",
        metadata: { ...ourMetadata(world), ...wrong },
      });
      expect(outcome).toMatchObject({ status: "ignored", reason: "other_tenant", waits_for: null });
      expect(row).toBeUndefined();
    }
  });

  test("where Stripe's answer names another tenant", async () => {
    const { id } = await withheld(() => subscribe(world));
    const [created] = eventsAbout(world, id);
    if (!created) throw new Error("The sandbox told of nothing.");
    await take(world, created);
    await withheld(() =>
      stripeOf(world).subscriptions.update(id, { metadata: { quittance_tenant_id: "tenant_x", plan: "x" } }),
    );
    await take(world, { ...created, id: `evt_tie_${id}` });
    expect(await outcomeOf(world, `evt_tie_${id}`)).toMatchObject({ reason: "other_tenant" });
    expect((await mirrorOf(world, id))?.metadata).toEqual(ourMetadata(world));
  });

  test("where nothing about it is ours", async () => {
    const { outcome, row } = await send({ customer: "cus_foreign", metadata: { plan: "theirs" } });
    expect(outcome).toMatchObject({ status: "ignored", reason: "foreign_object", changes: "[]" });
    expect(row).toBeUndefined();
  });

  test("while the connection does not mirror subscriptions", async () => {
    const sync = (inbound: boolean) =>
      world.api("PATCH", `/connections/${world.connectionId}`, {
        sync_config: { subscription: { inbound } },
      });
    expect((await sync(false)).status).toBe(200);
    const { outcome, row } = await send({ metadata: ourMetadata(world) });
    await sync(true);
    expect(outcome).toMatchObject({ status: "ignored", reason: "inbound_off" });
    expect(row).toBeUndefined();
    expect((await send({ metadata: ourMetadata(world) })).row).toBeDefined();
  });
});

test("an endpoint of the oldest API version is mirrored, and once Stripe is asked, in today's shape", async () => {
  const { id, customer: stripeCustomer } = await withheld(() => subscribe(world));
  const old = oldEvent(
    "customer.subscription.updated",
    firstSubscription({ id, customer: stripeCustomer, metadata: ourMetadata(world) }),
    "2015-01-26",
    1_422_500_100,
  );
  await deliver(world, { ...old, id: "evt_2015" });
  expect(await mirrorOf(world, id)).toMatchObject({
    status: "active",
    items: [{ id: null, price_id: "gold", quantity: 2, unit_amount: 4900, unit_amount_decimal: "49.00" }],
    current_period_start: "2015-01-27T23:08:20.000Z",
    created_at: "2015-01-29T02:55:00.000Z",
  });
  await deliver(world, { ...old, id: "evt_2015_tie" });
  expect(await mirrorOf(world, id)).toEqual(asAtStripe(await stripeOf(world).subscriptions.retrieve(id)));
});

test("one that has ended in the oldest payload has the end that its event tells", async () => {
  const payload = firstSubscription({ id: "sub_2015", status: "canceled", metadata: ourMetadata(world) });
  const old = oldEvent("customer.subscription.deleted", payload, "2015-01-26", 1_422_500_100);
  await deliver(world, { ...old, id: "evt_2015_end" });
  expect(await mirrorOf(world, "sub_2015")).toMatchObject({
    status: "canceled",
    ended_at: "2015-01-29T02:55:00.000Z",
  });
});

describe("when Stripe has to be asked and does not answer,", () => {
  test.each(["server_error", "rate_limit", "cut_before"] as const)(
    "with %s, the event is tried again and nothing is half done",
    async (kind) => {
      const { id, tie } = await tied();
      const before = await rowsOf(world, "subscriptions", `id = '${id}'`);
      sandbox.world.faults.push({ method: "GET", path: `/v1/subscriptions/${id}`, times: 1, kind });
      await expect(take(world, tie)).rejects.toMatchObject({ retryable: true });
      expect(await outcomeOf(world, tie.id)).toMatchObject({ status: "failed", changes: "[]" });
      expect(await rowsOf(world, "subscriptions", `id = '${id}'`)).toEqual(before);
      await take(world, tie);
      expect(await outcomeOf(world, tie.id)).toMatchObject({ status: "processed", error: null });
      expect(await mirrorOf(world, id)).toEqual(asAtStripe(await stripeOf(world).subscriptions.retrieve(id)));
    },
  );

  test("because it refuses the key, the event waits for another one, and the connection says so", async () => {
    const { tie } = await tied();
    sandbox.world.revokedKeys.push(world.secretKey);
    await expect(take(world, tie)).rejects.toMatchObject({
      code: "stripe_authentication_failed",
      retryable: true,
    });
    expect((await world.api("GET", `/connections/${world.connectionId}`)).body).toMatchObject({
      status: "error",
    });
    sandbox.world.revokedKeys.length = 0;
    await take(world, tie);
    expect(await outcomeOf(world, tie.id)).toMatchObject({ status: "processed" });
  });
});

/** A subscription that is known and has changed, and an event of the second that is known. */
async function tied() {
  const { id } = await withheld(() => subscribe(world));
  const [created] = eventsAbout(world, id);
  if (!created) throw new Error("The sandbox told of nothing.");
  await take(world, created);
  await withheld(() => stripeOf(world).subscriptions.update(id, { metadata: { note: "new" } }));
  return { id, tie: { ...created, id: `evt_tie_${id}` } };
}
