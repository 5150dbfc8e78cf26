// A subscription that is canceled or resumed by the API is so at Stripe, and the answer is what Stripe has.

import type Stripe from "stripe";
import { beforeEach, expect, test } from "vitest";
import { call, type Json } from "../harness/api.ts";
import { createTenantWorld, createWorld, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import {
  asAtStripe,
  eventsAbout,
  mirrorOf,
  stripeOf,
  subscribe,
  take,
  withheld,
} from "./subscription-fixture.ts";

let world: TestWorld;
let id: string;
beforeEach(async () => {
  world = await createWorld();
  ({ id } = await withheld(() => subscribe(world)));
  for (const event of eventsAbout(world, id)) await take(world, event);
});

const act = (what: "cancel" | "resume", body?: unknown) =>
  withheld(() => world.api("POST", `/subscriptions/${id}/${what}`, body));
const atStripe = () => stripeOf(world).subscriptions.retrieve(id);
const audited = async () =>
  (await rowsOf(world, "audit_log", "object = 'subscription' ORDER BY created_at_ms, id")).map(
    ({ action }) => action,
  );
const announced = async () =>
  (await rowsOf(world, "messages", "type LIKE 'subscription.%' ORDER BY created_at_ms")).map(
    ({ type }) => type,
  );

function shownOf({ customer_id: _, updated_at: __, ...shown }: Json): Json {
  return shown;
}

/** Another item, billed yearly: its period ends after the others'. */
async function addYearlyItem(): Promise<Stripe.Subscription> {
  const stripe = stripeOf(world);
  const product = String((await atStripe()).items.data[0]?.price.product);
  const recurring = { interval: "year" as const };
  const price = await stripe.prices.create({ currency: "eur", product, unit_amount: 9900, recurring });
  return withheld(() => stripe.subscriptions.update(id, { items: [{ price: price.id, quantity: 1 }] }));
}

test("canceled now it has ended at Stripe, in the answer and in the mirror, and was told once", async () => {
  await createDestination(world, createReceiver());
  const { status, body } = await act("cancel");
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: "canceled", ended_at: expect.any(String) });
  expect(shownOf(body)).toEqual(asAtStripe(await atStripe()));
  for (const event of eventsAbout(world, id)) await take(world, event);
  expect(await mirrorOf(world, id)).toEqual(asAtStripe(await atStripe()));
  expect(await audited()).toEqual(["subscription.canceled"]);
  expect(await announced()).toEqual(["subscription.deleted"]);
});

test("canceled twice it is answered as it is, and noted once", async () => {
  const first = await act("cancel");
  const second = await act("cancel", { at_period_end: true });
  expect(second).toMatchObject({ status: 200, body: first.body });
  expect(await audited()).toEqual(["subscription.canceled"]);
});

test("canceled at the end of its period it goes on until then, and can be resumed", async () => {
  const end = (await atStripe()).items.data[0]?.current_period_end ?? 0;
  const ends = new Date(end * 1000).toISOString();
  const planned = await act("cancel", { at_period_end: true });
  expect(planned.body).toMatchObject({ status: "active", cancel_at_period_end: true, ends_at: ends });
  expect(shownOf(planned.body)).toEqual(asAtStripe(await atStripe()));
  const resumed = await act("resume");
  expect(resumed.body).toMatchObject({ status: "active", cancel_at_period_end: false, ends_at: null });
  expect(shownOf(resumed.body)).toEqual(asAtStripe(await atStripe()));
  expect((await act("resume")).status).toBe(200);
  expect(await audited()).toEqual(["subscription.cancellation_planned", "subscription.resumed"]);
});

test("a day that was set at Stripe for its end is taken back as well", async () => {
  const day = Math.floor(Date.now() / 1000) + 5 * 86_400;
  await withheld(() => stripeOf(world).subscriptions.update(id, { cancel_at: day }));
  expect((await act("resume")).body).toMatchObject({ cancel_at: null, ends_at: null });
  expect((await atStripe()).cancel_at).toBeNull();
});

test("of items with periods of their own the last end counts, and each shows its own", async () => {
  const { items } = await addYearlyItem();
  const [month, year] = items.data.map((item) => item.current_period_end);
  expect(year).toBeGreaterThan(month ?? 0);
  const { body } = await act("cancel", { at_period_end: true });
  const at = (seconds = 0) => new Date(seconds * 1000).toISOString();
  expect(body).toMatchObject({ status: "active", ends_at: at(year), current_period_end: at(year) });
  expect(body.items.map((item: Json) => item.current_period_end)).toEqual([at(month), at(year)]);
  expect((await act("cancel", { at_period_end: true })).body).toMatchObject({ ends_at: at(year) });
  expect(await audited()).toEqual(["subscription.cancellation_planned"]);
});

test("paused, and with its invoices not collected, it is resumed", async () => {
  const stripe = stripeOf(world);
  await withheld(() => stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } }));
  expect((await act("resume")).body).toMatchObject({ status: "active", pause_collection: null });
  await withheld(() => stripe.subscriptions.pause(id));
  expect((await act("resume")).body).toMatchObject({ status: "active" });
  expect((await atStripe()).status).toBe("active");
});

test("one that has ended cannot be resumed, in words", async () => {
  await act("cancel");
  const { status, body } = await act("resume");
  expect([status, body.code]).toEqual([409, "conflict"]);
  expect(body.detail).toContain("has ended");
});

test("an older event that comes after the answer changes nothing back", async () => {
  const stripe = stripeOf(world);
  await withheld(() => stripe.subscriptions.update(id, { metadata: { plan: "old" } }));
  const late = eventsAbout(world, id).at(-1);
  await act("cancel");
  if (late) await take(world, late);
  expect(await mirrorOf(world, id)).toMatchObject({ status: "canceled" });
});

test("what another changed while Stripe was asked is in the answer", async () => {
  const stripe = stripeOf(world);
  await withheld(() => stripe.subscriptions.update(id, { metadata: { plan: "new" } }));
  const event = eventsAbout(world, id).at(-1);
  const [{ body }] = await Promise.all([act("cancel", { at_period_end: true }), event && take(world, event)]);
  expect(shownOf(body)).toEqual(asAtStripe(await atStripe()));
  expect(await mirrorOf(world, id)).toEqual(asAtStripe(await atStripe()));
  expect(await audited()).toEqual(["subscription.cancellation_planned"]);
});

test("one that is not mirrored, or another tenant's, or that the account does not have, is a 404", async () => {
  expect((await world.api("POST", "/subscriptions/sub_none/cancel")).status).toBe(404);
  const other = await createTenantWorld();
  expect((await other.api("POST", `/subscriptions/${id}/cancel`)).status).toBe(404);
  expect((await atStripe()).status).toBe("active");
});

test("a body that it does not know, or a role that may only read, changes nothing", async () => {
  expect(await act("cancel", { at_end: true })).toMatchObject({ status: 422 });
  const read = await call("POST", `/subscriptions/${id}/cancel`, { key: world.keys.read });
  expect(read.status).toBe(403);
  expect((await atStripe()).status).toBe("active");
});
