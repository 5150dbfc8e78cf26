// What Stripe signed is taken in whatever it holds: what is beyond any number, time or account of ours is kept with
// its reason and counts for nothing, and the log stays readable.

import { beforeAll, expect, test } from "vitest";
import { MOST_LEVELS } from "../../src/platform/bounds.ts";
import { arrive } from "../../src/webhooks/arrive.ts";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { accountsOf, withoutClientSecrets } from "../../src/webhooks/signed-event.ts";
import { open, signIn } from "../dashboard/browse.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { deliver, deliverEvent, signatureFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
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

test.each([
  ["objects within objects", '{"a":', "1", "}"],
  ["lists within lists", "[", "", "]"],
])(
  "an event of %s without end is kept, and makes neither a page nor an answer that is much longer",
  async (_, begin, middle, end) => {
    const levels = 20_000;
    const { id: _id, ...rest } = event("payment_intent.succeeded", { id: "pi_deep" });
    const nested = begin.repeat(levels) + middle + end.repeat(levels);
    const body = JSON.stringify({ ...rest, id: `evt_deep_${begin.length}` }).replace(
      '"pi_deep"',
      `"pi_deep","nested":${nested}`,
    );
    const answer = await deliver(world, body, await signatureFor(body, world.webhookSecret));
    expect(answer.status).toBe(200);
    count += 1;
    const log = async () => (await world.api("GET", "/webhook_events?limit=100")).body.data;
    const [seen] = await eventually(log, (rows) => rows.length === count);
    expect(seen).toMatchObject({
      status: "ignored",
      reason: "unreadable",
      error: `It is nested more than ${MOST_LEVELS} levels deep.`,
    });
    const one = await world.api("GET", `/webhook_events/${seen.id}`);
    expect([one.status, one.body.payload]).toEqual([200, { text: body }]);
    const page = await open(`/dashboard/webhook-events/${seen.id}`, await signIn(world.keys.admin));
    expect(page.status).toBe(200);
    expect(page.html.length).toBeLessThan(8 * body.length);
  },
);

test("of an event of many values only what it is about is kept, and its page stays short", async () => {
  const seen = await tell({}, { many: Array.from({ length: 30_000 }, () => 1) });
  expect(seen).toMatchObject({ status: "ignored", reason: "object_gone" });
  const page = await open(`/dashboard/webhook-events/${seen.id}`, await signIn(world.keys.admin));
  expect([page.status, page.html.length < 100_000]).toEqual([200, true]);
});

test("an event that is delivered for ever counts its deliveries and names the last ten", async () => {
  const intent = newIntent({ id: "pi_often" });
  const often = { ...event("payment_intent.succeeded", intent), id: "evt_often" };
  for (let time = 0; time < 25; time++) expect((await deliverEvent(world, often)).status).toBe(200);
  count += 1;
  const read = () => world.api("GET", "/webhook_events/whe_often");
  const { body } = await eventually(read, (answer) => answer.body.deliveries === 25);
  expect(body.deliveries).toBe(25);
  const row = await ledgerSql(world.scope)
    .prepare("SELECT delivery_ids AS ids FROM webhook_events WHERE stripe_event_id = 'evt_often'")
    .first<{ ids: string }>();
  expect(JSON.parse(row?.ids ?? "[]").length).toBe(10);
});

test("a live event that says to be from the future changes nothing; one of a test clock may be", async () => {
  const receivedAtMs = Date.now();
  const readingOf = async (livemode: boolean, aheadMs: number) => {
    const created = Math.floor((receivedAtMs + aheadMs) / 1000);
    const told = event("payment_intent.succeeded", newIntent({ id: "pi_ahead" }));
    const body = JSON.stringify({ ...told, livemode, created });
    const from = { ...world.scope, connectionId: world.connectionId, deliveryId: "dlv_ahead", receivedAtMs };
    return (await arrive(testDeps(), { ...from, source: "webhook", body })).reading;
  };
  const day = 24 * 60 * 60 * 1000;
  expect(await readingOf(true, 2 * day)).toMatchObject({
    ignored: "unreadable",
    detail: expect.stringContaining("more than a day"),
  });
  expect(await readingOf(true, day / 2)).toHaveProperty("facts");
  expect(await readingOf(false, 700 * day)).toHaveProperty("facts");
});

test("a client secret is kept nowhere, however deep or within what text it stands", () => {
  const secret = "pi_3SQh0aKb3xW9tLm41nVd7Q2x_secret_4fGh7Jk2Lm9Qr5Tv8Xz1Bc3D";
  const object = {
    client_secret: secret,
    charges: { data: [{ payment_intent: { client_secret: `${secret}"\\"quoted` } }] },
    confirmation_secret: { client_secret: secret, type: "payment_intent" },
    return_url: `https://shop.example/?payment_intent_client_secret=${secret}&x=1`,
    metadata: { raw: JSON.stringify({ client_secret: secret }), webhook_secret_configuration: "kept" },
  };
  const kept = withoutClientSecrets(JSON.stringify(object));
  expect(kept).not.toContain("4fGh7Jk2");
  expect(kept).not.toContain("quoted");
  expect(JSON.parse(kept)).toMatchObject({
    client_secret: null,
    charges: { data: [{ payment_intent: { client_secret: null } }] },
    return_url: "https://shop.example/?payment_intent_client_secret=pi_3SQh0aKb3xW9tLm41nVd7Q2x_secret_…&x=1",
    metadata: { webhook_secret_configuration: "kept" },
  });
});
