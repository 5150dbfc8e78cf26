// Whose word stands on a field of a customer: the rules by themselves, and what they do between here and Stripe.

import { beforeEach, describe, expect, test } from "vitest";
import { waysOf } from "../../src/ledger/customers/field-ways.ts";
import { mergeSaid } from "../../src/ledger/customers/merge-said.ts";
import type { FieldOwner } from "../../src/platform/environment-settings.ts";
import { STRIPE_FIELDS, type StripeField } from "../../src/platform/stripe-customer.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import type { TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, outcomeOf } from "../webhooks/deliver.ts";
import {
  ADA,
  announced,
  atStripe,
  createCustomer,
  createSyncWorld,
  handDeps,
  read,
  runJobs,
  stripeCall,
  waitingJobs,
} from "./customer-fixture.ts";

const deps = handDeps();
const ADDRESS = { line1: "12 St James's Square", city: "London", country: "GB" };
const described = { ...ADA, phone: "+44 1", address: ADDRESS, metadata: { plan: "pro", seats: "3" } };

beforeEach(() => {
  sandbox.world.faults.length = 0;
  sandbox.world.deliveryPolicy.withhold = true;
});

const all = (owner: FieldOwner) =>
  ({ name: owner, email: owner, phone: owner, address: owner, metadata: owner }) as const;

/** A customer that is in step, announcements written down. */
async function inStep(
  customer: { inbound: boolean; outbound: boolean },
  owners: Partial<Record<StripeField, FieldOwner>> = {},
): Promise<{ world: TestWorld; id: string; stripeId: string }> {
  const world = await createSyncWorld({ inbound: true, outbound: true });
  await createDestination(world, createReceiver());
  const { id } = await createCustomer(deps, world.scope, described);
  await runJobs(world);
  await world.api("PATCH", `/connections/${world.connectionId}`, { sync_config: { customer } });
  await world.api("PATCH", "/settings", { customer_field_owner: owners });
  await sandbox.advance(3000);
  return { world, id, stripeId: (await read(world, id)).stripe_customer_id };
}

/** Somebody changes it at Stripe, and the event comes. */
async function changeThere(
  { world, stripeId }: { world: TestWorld; stripeId: string },
  fields: Record<string, string>,
) {
  await sandbox.advance(2000);
  await stripeCall(world, "POST", `/customers/${stripeId}`, fields);
  const event = eventsOf(world).at(-1);
  if (!event) throw new Error("No event.");
  await deliver(world, event);
  return outcomeOf(world, event.id);
}

const THERE: Record<StripeField, [fields: Record<string, string>, here: unknown]> = {
  name: [{ name: "Augusta King" }, "Augusta King"],
  email: [{ email: "new@stripe.example" }, "new@stripe.example"],
  phone: [{ phone: "" }, null],
  address: [
    { "address[city]": "Ockham", "address[line1]": "12 St James's Square", "address[country]": "GB" },
    {
      line1: "12 St James's Square",
      line2: null,
      city: "Ockham",
      state: null,
      postal_code: null,
      country: "GB",
    },
  ],
  metadata: [{ "metadata[plan]": "vip", "metadata[seats]": "" }, { plan: "vip" }],
};

describe.each(STRIPE_FIELDS)("%s", (field) => {
  const [fields, here] = THERE[field];
  const ofStripe = (world: TestWorld) => atStripe(world)[0]?.[field];

  test("latest: what is changed at Stripe changes here, and is not written back", async () => {
    const at = await inStep({ inbound: true, outbound: true });
    expect(await changeThere(at, fields)).toMatchObject({ status: "processed" });
    expect((await read(at.world, at.id))[field]).toEqual(here);
    const there = structuredClone(ofStripe(at.world));
    await at.world.api("PATCH", `/customers/${at.id}`, field === "phone" ? { name: "A" } : { phone: "9" });
    await runJobs(at.world);
    expect(ofStripe(at.world)).toEqual(there);
  });

  test("ours: what is changed at Stripe does not change here, and is put back, once", async () => {
    const at = await inStep({ inbound: true, outbound: true }, { [field]: "ours" });
    const before = await read(at.world, at.id);
    const there = structuredClone(ofStripe(at.world));
    await changeThere(at, fields);
    expect(await runJobs(at.world)).toBeGreaterThan(0);
    expect((await read(at.world, at.id))[field]).toEqual(before[field]);
    expect(ofStripe(at.world)).toEqual(there);
    // Nor does its echo begin it anew.
    for (const event of eventsOf(at.world)) await deliver(at.world, event);
    expect(await waitingJobs(at.world)).toEqual([]);
    expect(await announced(at.world, "customer.updated")).toEqual([]);
  });

  test("ours, and not sent: what is changed at Stripe stays there, and ours here", async () => {
    const at = await inStep({ inbound: true, outbound: false }, { [field]: "ours" });
    const before = await read(at.world, at.id);
    await changeThere(at, fields);
    expect((await read(at.world, at.id))[field]).toEqual(before[field]);
    expect(await waitingJobs(at.world)).toEqual([]);
  });

  test("theirs: changing it here is refused with the field's name, all else is sent without it", async () => {
    const at = await inStep({ inbound: true, outbound: true }, { [field]: "theirs" });
    const change = {
      ...described,
      name: "B",
      email: "b@example.com",
      phone: "2",
      address: null,
      metadata: { plan: "b" },
    };
    const refused = await at.world.api("PATCH", `/customers/${at.id}`, { [field]: change[field] });
    expect(refused).toMatchObject({ status: 409, body: { code: "conflict", errors: [{ path: field }] } });
    expect(refused.body.detail).toContain("customer_field_owner");
    // Saying what is so already is no change.
    expect((await at.world.api("PATCH", `/customers/${at.id}`, { [field]: described[field] })).status).toBe(
      200,
    );
    await changeThere(at, fields);
    expect((await read(at.world, at.id))[field]).toEqual(here);
  });
});

test("an address is merged part by part: what was changed here and what was changed there both stand", async () => {
  const at = await inStep({ inbound: true, outbound: true });
  await stripeCall(at.world, "POST", `/customers/${at.stripeId}`, {
    "address[line1]": ADDRESS.line1,
    "address[city]": "Ockham",
    "address[country]": "GB",
  });
  await at.world.api("PATCH", `/customers/${at.id}`, {
    address: { ...ADDRESS, line1: "Ockham Park", postal_code: "GU23" },
  });
  await runJobs(at.world);
  const both = { line1: "Ockham Park", city: "Ockham", postal_code: "GU23", country: "GB" };
  expect(atStripe(at.world)[0]?.address).toMatchObject(both);
  expect((await read(at.world, at.id)).address).toMatchObject(both);
});

test("metadata is merged key by key, and a key that is removed on one side goes on the other", async () => {
  const at = await inStep({ inbound: true, outbound: true });
  await stripeCall(at.world, "POST", `/customers/${at.stripeId}`, {
    "metadata[plan]": "",
    "metadata[crm]": "77",
  });
  await at.world.api("PATCH", `/customers/${at.id}`, { metadata: { seats: "", region: "eu" } });
  await runJobs(at.world);
  expect((await read(at.world, at.id)).metadata).toEqual({ crm: "77", region: "eu" });
  expect(atStripe(at.world)[0]?.metadata).toMatchObject({ crm: "77", region: "eu", customer_id: at.id });
  expect(atStripe(at.world)[0]?.metadata).not.toHaveProperty("plan");
  expect(atStripe(at.world)[0]?.metadata).not.toHaveProperty("seats");
});

test("what is changed at Stripe while a change made here is on its way is taken over after it, also where nothing had to be written", async () => {
  const at = await inStep({ inbound: true, outbound: true });
  await at.world.api("PATCH", `/customers/${at.id}`, { phone: "+44 2" });
  expect(await changeThere(at, { email: "new@stripe.example" })).toMatchObject({ reason: "change_pending" });
  await at.world.api("PATCH", `/customers/${at.id}`, { phone: "+44 1" });
  await runJobs(at.world);
  expect(await read(at.world, at.id)).toMatchObject({ email: "new@stripe.example", phone: "+44 1" });
});

describe("the rules", () => {
  test.each<[boolean, boolean, FieldOwner, object]>([
    [true, true, "latest", { taken: true, pushed: true, kept: false }],
    [true, true, "ours", { taken: false, pushed: true, kept: true }],
    [true, true, "theirs", { taken: true, pushed: false, kept: false }],
    [false, true, "latest", { taken: false, pushed: true, kept: false }],
    [true, false, "latest", { taken: true, pushed: false, kept: false }],
    [false, false, "theirs", { taken: false, pushed: false, kept: false }],
  ])("inbound %s, outbound %s, %s", (inbound, outbound, owner, way) => {
    const ways = waysOf({ inbound, outbound }, all(owner));
    for (const field of STRIPE_FIELDS) expect(ways[field]).toEqual(way);
  });

  test("of a customer that was not known at Stripe what is empty there empties nothing here", () => {
    const row = { ...described, address: null };
    const said = { name: null, email: null, phone: "9", address: null, metadata: { crm: "7" } };
    const { change, state } = mergeSaid(
      row,
      said,
      null,
      waysOf({ inbound: true, outbound: false }, all("latest")),
    );
    expect(change).toEqual({ phone: "9", metadata: { plan: "pro", seats: "3", crm: "7" } });
    expect(state).toEqual({
      name: ADA.name,
      email: null,
      phone: "9",
      address: null,
      pushedMetadata: { crm: "7" },
    });
  });
});

test("the setting is answered whole, changed a part at a time, and null is the default again", async () => {
  const world = await createSyncWorld({});
  expect((await world.api("GET", "/settings")).body.customer_field_owner).toEqual(all("latest"));
  await world.api("PATCH", "/settings", { customer_field_owner: { email: "theirs" } });
  const two = await world.api("PATCH", "/settings", { customer_field_owner: { name: "ours" } });
  expect(two.body.customer_field_owner).toEqual({ ...all("latest"), email: "theirs", name: "ours" });
  const none = await world.api("PATCH", "/settings", { customer_field_owner: null });
  expect(none.body.customer_field_owner).toEqual(all("latest"));
  for (const wrong of [{ email: "mine" }, { mail: "ours" }, "ours"])
    expect((await world.api("PATCH", "/settings", { customer_field_owner: wrong })).status).toBe(422);
});
