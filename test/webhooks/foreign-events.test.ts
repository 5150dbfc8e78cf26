// A Stripe account may be shared: of what is about somebody else's objects only the event's id, type and reason are
// kept; and what may yet turn out to be ours is read by what is kept of it as it would have been whole.

import { expect, test } from "vitest";
import { leastPayload } from "../../src/ledger/events/least-payload.ts";
import { interpretEvent } from "../../src/webhooks/interpret-event.ts";
import { createSyncWorld } from "../customers/customer-fixture.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliverEvent } from "../harness/stripe-delivery.ts";
import {
  createEndpoint,
  createPayableInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
  testDeps,
} from "../harness/world.ts";
import { event } from "./payloads/event.ts";
import { FIXTURES } from "./payloads/fixtures.ts";
import { newCharge } from "./payloads/payment.ts";

/** Another tenant, connected to the same Stripe account. */
async function createNeighbour(world: TestWorld): Promise<TestWorld> {
  const neighbour = await createTenantWorld();
  const secretKey = world.secretKey.replace(/_1$/, "_2");
  const { secret } = await createEndpoint(secretKey, neighbour.webhookUrl);
  const body = { name: "Stripe", provider: "stripe", secret_key: secretKey, webhook_secret: secret };
  const made = await neighbour.api("POST", "/connections", body);
  expect(made.status).toBe(201);
  const { accountId } = world;
  return { ...neighbour, accountId, secretKey, webhookSecret: secret, connectionId: made.body.id };
}

/** All that a ledger holds, as text. */
async function everythingOf(world: TestWorld): Promise<string> {
  const sql = ledgerSql(world.scope);
  const tables = await sql
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_cf%'")
    .all<{ name: string }>();
  const rows = await Promise.all(
    tables.results.map(({ name }) => sql.prepare(`SELECT * FROM ${name}`).all()),
  );
  return JSON.stringify(rows.map(({ results }) => results));
}

const eventsAt = async (world: TestWorld) => (await world.api("GET", "/webhook_events?limit=100")).body.data;

test("a neighbour in the same Stripe account learns nothing of a payer: not by log, payload, export or rows", async () => {
  const world = await createWorld();
  const neighbour = await createNeighbour(world);
  const invoice = await createPayableInvoice(world);
  const payer = { card: "4242 4242 4242 4242", email: "payer@secret.example", name: "Pia Payer" };
  await sandbox.pay(world.accountId, { paymentLinkId: invoice.payment_link.id }, payer);
  await sandbox.settle();
  const [payment] = await eventually(
    async () => (await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body.data,
    (payments) => payments.length === 1,
  );
  const { refunds } = testDeps().stripe(world.secretKey);
  await refunds.create({ payment_intent: payment.provider_payment_id, metadata: { note: "Pia Payer" } });
  await sandbox.settle();

  const seen = await eventually(
    () => eventsAt(neighbour),
    (events) => events.some(({ type }: { type: string }) => type === "refund.created"),
  );
  expect(new Set(seen.map(({ status }: { status: string }) => status))).toEqual(new Set(["ignored"]));
  const details = await Promise.all(
    seen.map(({ id }: { id: string }) => neighbour.api("GET", `/webhook_events/${id}`)),
  );
  const csv = await neighbour.api("GET", "/exports/webhook_events.csv");
  const everything = [
    JSON.stringify(details),
    JSON.stringify(csv.body),
    await everythingOf(neighbour),
  ].join();
  for (const secret of ["payer@secret.example", "Pia", invoice.id, world.scope.tenantId])
    expect(everything).not.toContain(secret);
  expect(details.some(({ body }) => body.reason === "other_tenant" && body.payload === null)).toBe(true);
  // The owner's own log has it all.
  const own = await eventsAt(world);
  const paid = own.find(({ type }: { type: string }) => type === "checkout.session.completed");
  const whole = await world.api("GET", `/webhook_events/${paid.id}`);
  expect(JSON.stringify(whole.body.payload)).toContain("payer@secret.example");
});

test.each([
  ["a charge that says nothing of its refunds", "charge.refunded", newCharge({ metadata: {} })],
  ["an event of a type that is not used", "customer.source.created", newCharge({ metadata: {} })],
])("%s is not kept, unless it names us", async (_, type, object) => {
  const world = await createWorld();
  const { tenantId, environmentId } = world.scope;
  const ours = { quittance_tenant_id: tenantId, quittance_environment_id: environmentId };
  for (const [id, metadata] of [
    ["evt_foreign", {}],
    ["evt_ours", ours],
  ] as const)
    await deliverEvent(world, { ...event(type, { ...object, metadata }), id });
  const read = async (id: string) =>
    eventually(
      async () => (await world.api("GET", `/webhook_events/whe_${id}`)).body,
      ({ status }) => status === "ignored",
    );
  expect((await read("foreign")).payload).toBeNull();
  expect((await read("ours")).payload).not.toBeNull();
});

const WAITING = Object.entries(FIXTURES).filter(([type]) => /^(payment_intent|charge|refund)\./.test(type));

test.each(WAITING)(
  "what is kept of a waiting %s is read as it would have been whole",
  (_, { oldest, newest }) => {
    for (const whole of [oldest, newest]) {
      const scope = { tenantId: "tenant_1", environmentId: "env_1" };
      const nameless = {
        ...whole,
        data: { object: { ...(whole.data.object as object), metadata: { email: "a@b.c" } } },
      };
      const ending = { reason: "foreign_object", waitsFor: "pi_1" };
      const kept = leastPayload(scope, JSON.stringify(nameless), ending) ?? "";
      for (const personal of ["@", "billing_details", "name", "receipt_url", "last4"])
        expect(kept).not.toContain(personal);
      const withoutReceipt = (told: unknown) =>
        JSON.parse(JSON.stringify(told).replace(/"receiptUrl":"[^"]*"/g, '"receiptUrl":null'));
      const read = interpretEvent({ api_version: null, ...JSON.parse(kept) });
      expect(read).toEqual(withoutReceipt(interpretEvent(nameless)));
    }
  },
);

test("asked for again, somebody else's event is fetched from Stripe; where Stripe has it no more that is said", async () => {
  const world = await createSyncWorld({ inbound: false });
  const customer = (await world.api("POST", "/customers", { name: "Ada" })).body;
  const stripe = testDeps().stripe(world.secretKey);
  const atStripe = await stripe.customers.create({ name: "Ada at Stripe", email: "ada@stripe.example" });
  await sandbox.settle();
  const [foreign] = await eventually(
    () => eventsAt(world),
    (events) => events.length === 1,
  );
  expect(foreign).toMatchObject({ status: "ignored", reason: "foreign_object" });
  expect((await world.api("GET", `/webhook_events/${foreign.id}`)).body.payload).toBeNull();
  // It turns out to be ours.
  await world.api("PATCH", `/connections/${world.connectionId}`, {
    sync_config: { customer: { inbound: true } },
  });
  await ledgerSql(world.scope)
    .prepare("UPDATE customers SET stripe_customer_id = ?, stripe_account_id = ? WHERE id = ?")
    .bind(atStripe.id, world.accountId, customer.id)
    .run();
  const again = await world.api("POST", `/webhook_events/${foreign.id}/replay`);
  expect(again).toMatchObject({ status: 200, body: { status: "processed" } });
  expect((await world.api("GET", `/customers/${customer.id}`)).body.name).toBe("Ada at Stripe");
  expect((await world.api("GET", `/webhook_events/${foreign.id}`)).body.payload.id).toBe(
    foreign.stripe_event_id,
  );

  await deliverEvent(world, {
    ...event("customer.created", { id: "cus_x", object: "customer" }),
    id: "evt_nowhere",
  });
  await eventually(
    () => eventsAt(world),
    (events) => events.some(({ id }: { id: string }) => id === "whe_nowhere"),
  );
  const gone = await world.api("POST", "/webhook_events/whe_nowhere/replay");
  expect(gone).toMatchObject({ status: 409, body: { code: "payload_gone" } });
  expect(gone.body.detail).toContain("Stripe keeps them for 30 days");
});

test("many are asked for again at once: those of somebody else's are fetched too", async () => {
  const world = await createSyncWorld({ inbound: false });
  const stripe = testDeps().stripe(world.secretKey);
  await stripe.customers.create({ name: "Nobody of ours" });
  await sandbox.settle();
  const [foreign] = await eventually(
    () => eventsAt(world),
    (events) => events.length === 1,
  );
  const all = await world.api("POST", "/webhook_events/replay", { status: "ignored" });
  expect(all.body.queued).toBe(1);
  await eventually(
    async () => (await world.api("GET", `/webhook_events/${foreign.id}`)).body,
    ({ attempts }) => attempts === 2,
  );
  expect((await world.api("GET", `/webhook_events/${foreign.id}`)).body).toMatchObject({
    status: "ignored",
    reason: "foreign_object",
    payload: null,
  });
});
