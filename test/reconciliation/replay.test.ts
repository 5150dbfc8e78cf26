import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { giveUpEvent } from "../../src/webhooks/consume-event.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, testDeps } from "../harness/world.ts";

beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

async function deadWorld() {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async (): Promise<Json> => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  const used = ["payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"];
  for (const event of eventsOf(world).filter(({ type }) => used.includes(type))) {
    await giveUpEvent(testDeps(), messageFor(world, event), "It failed at every try.");
  }
  const dead = (await world.api("GET", "/webhook_events?status=dead")).body.data;
  expect(dead).toHaveLength(3);
  return { world, read, dead };
}

test("a dead event replayed alone is processed now, and replaying it again changes nothing and says so", async () => {
  const { world, read, dead } = await deadWorld();
  const intent = dead.find((event: Json) => event.type === "payment_intent.succeeded");
  const path = `/webhook_events/${intent.id}/replay`;
  const first = await world.api("POST", path);
  expect(first.body).toMatchObject({ status: "processed", replayed: true, deliveries: 1 });
  expect((await read()).status).toBe("paid");

  const before = await dump(world.scope.environmentId);
  const again = await world.api("POST", path);
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ status: "processed", replayed: false });
  expect(await dump(world.scope.environmentId)).toEqual(before);
});

test("dead events replayed by filter are processed by the queue", async () => {
  const { world, read } = await deadWorld();
  const answer = await world.api("POST", "/webhook_events/replay", {
    status: "dead",
    type: "charge.succeeded",
  });
  expect(answer).toMatchObject({ status: 202, body: { queued: 1, has_more: false } });
  await eventually(read, (invoice) => invoice.status === "paid");
  const rest = await world.api("POST", "/webhook_events/replay", { status: "dead" });
  expect(rest.body.queued).toBe(2);
  await eventually(
    async () => (await world.api("GET", "/webhook_events?status=dead")).body.data,
    (left) => left.length === 0,
  );
});

test("an event whose payload is past its age says so, and how to get it back", async () => {
  const { world, dead } = await deadWorld();
  await env.DB.prepare("DELETE FROM webhook_payloads WHERE environment_id = ?")
    .bind(world.scope.environmentId)
    .run();
  const answer = await world.api("POST", `/webhook_events/${dead[0].id}/replay`);
  expect(answer).toMatchObject({ status: 409, body: { code: "payload_gone" } });
  expect(answer.body.detail).toContain("Reconcile");
  // By filter it is left alone, rather than queued for nothing.
  expect((await world.api("POST", "/webhook_events/replay", { status: "dead" })).body.queued).toBe(0);
});

test("processed events cannot be asked for by filter, and another environment's event is 404", async () => {
  const { world, dead } = await deadWorld();
  expect((await world.api("POST", "/webhook_events/replay", { status: "processed" })).status).toBe(422);
  const other = await createWorld();
  expect((await other.api("POST", `/webhook_events/${dead[0].id}/replay`)).status).toBe(404);
});

async function dump(environmentId: string): Promise<unknown> {
  const tables = [
    "payments",
    "invoices",
    "payment_links",
    "webhook_events",
    "invoice_timeline",
    "notifications",
  ];
  const rows = await env.DB.batch(
    tables.map((table) =>
      env.DB.prepare(`SELECT * FROM ${table} WHERE environment_id = ?`).bind(environmentId),
    ),
  );
  return rows.map((result) => result.results);
}
