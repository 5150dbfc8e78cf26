// What Stripe signed is taken in whatever it holds: what is beyond any number, time or account of ours is kept with
// its reason and counts for nothing, and the log stays readable.

import { beforeAll, expect, test } from "vitest";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { accountsOf } from "../../src/webhooks/signed-event.ts";
import { deliverEvent } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { event } from "./payloads/event.ts";
import { newIntent } from "./payloads/payment.ts";

let world: TestWorld;
let invoiceId: string;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  invoiceId = (await createOpenInvoice(world)).id;
});

/** A payment of the invoice, and what became of its event. */
async function tell(fields: Record<string, unknown>, object: Record<string, unknown> = {}) {
  count += 1;
  const metadata = {
    invoice_id: invoiceId,
    quittance_tenant_id: world.scope.tenantId,
    quittance_environment_id: world.scope.environmentId,
  };
  const intent = newIntent({ id: `pi_bounded_${count}`, metadata, ...object });
  const id = `evt_bounded_${count}`;
  const answer = await deliverEvent(world, { ...event("payment_intent.succeeded", intent), id, ...fields });
  expect(answer.status).toBe(200);
  const log = async () => (await world.api("GET", "/webhook_events?limit=100")).body.data;
  return (await eventually(log, (seen) => seen.length === count))[0];
}

const paid = async () => (await world.api("GET", `/invoices/${invoiceId}`)).body.amount_paid;

test.each([
  ["of an organisation's other account", { context: "acct_other" }],
  ["of an account connected to another", { context: "acct_platform/acct_other" }],
  [
    "of two accounts that contradict one another",
    () => ({ context: "acct_other", account: world.accountId }),
  ],
  ["of a connected account, in an organisation", () => ({ account: "acct_other", context: world.accountId })],
])("an event %s counts for nothing", async (_, fields) => {
  const seen = await tell(typeof fields === "function" ? fields() : fields);
  expect(seen).toMatchObject({ status: "ignored", reason: "other_account" });
  expect(await paid()).toBe(0);
});

test.each([
  ["a time beyond the calendar", { created: 1_000_000_000_000_000 }],
  ["a time before it", { created: -1 }],
  ["a fraction of a second", { created: 1.5 }],
  ["no time", { created: null }],
  ["an endless version", { api_version: "x".repeat(10_000) }],
])("an event with %s is ignored, and the log is still read", async (_, fields) => {
  expect(await tell(fields)).toMatchObject({ status: "ignored", reason: "unreadable" });
  for (const path of ["/webhook_events", "/exports/webhook_events.csv", "/stats"])
    expect([path, (await world.api("GET", path)).status]).toEqual([path, 200]);
  expect(await paid()).toBe(0);
});

test("an amount of more than twelve digits is none, and one of twelve is", () => {
  const read = (amount: number) => {
    const intent = newIntent({ amount, amount_received: amount });
    return interpretEvent(event("payment_intent.succeeded", intent)).outcome;
  };
  expect(read(999_999_999_999)).toBe("facts");
  for (const amount of [1_000_000_000_000, 2 ** 53 - 1, 2 ** 53, -1, 0.5])
    expect([amount, read(amount)]).toEqual([amount, "ignored"]);
});

test("half a character in what Stripe signed does no harm", async () => {
  const seen = await tell({ context: `${world.accountId}` }, { description: "\ud83d", currency: "eur" });
  expect(seen).toMatchObject({ status: "processed", error: null });
  const one = await world.api("GET", `/webhook_events/${seen.id}`);
  expect([one.status, one.body.payload.data.object.description]).toEqual([200, expect.anything()]);
});

test("the account of an event is the last of its path", () => {
  expect(accountsOf({})).toEqual([]);
  expect(accountsOf({ account: null, context: null })).toEqual([]);
  expect(accountsOf({ context: "org_1" })).toEqual([]);
  expect(accountsOf({ context: "org_1/acct_2" })).toEqual(["acct_2"]);
  expect(accountsOf({ account: "acct_2", context: "acct_1/acct_2" })).toEqual(["acct_2"]);
});
