// Of a large event its id, its type and its object's id are kept; what it tells is asked for at Stripe.

import { expect, test } from "vitest";
import { paidWorld } from "../guarantees/paid-world.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { deliverEvent } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { event } from "./payloads/event.ts";
import { newIntent } from "./payloads/payment.ts";

const LARGE = "x".repeat(900_000);

const payloads = async ({ scope }: TestWorld) =>
  (
    await ledgerSql(scope)
      .prepare("SELECT stripe_event_id AS id, status, LENGTH(payload) AS length FROM webhook_events")
      .all<{ id: string; status: string; length: number | null }>()
  ).results;

const bytesOf = async (world: TestWorld): Promise<number> =>
  (await world.api("GET", "/stats")).body.present.bytes;

const kept = async ({ scope }: TestWorld, table: string): Promise<number> =>
  Number((await ledgerSql(scope).prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<{ n: number }>())?.n);

test("a large event pays its invoice all the same, by what Stripe says of its object, and is kept without its contents", async () => {
  const { world, succeeded, read } = await paidWorld();
  const large = { ...succeeded, data: { object: { ...succeeded.data.object, description: LARGE } } };
  expect((await deliverEvent(world, large)).status).toBe(200);
  expect(await eventually(read, ({ status }) => status === "paid")).toMatchObject({ amount_remaining: 0 });
  const [paying] = (await payloads(world)).filter(({ id }) => id === succeeded.id);
  expect(paying).toMatchObject({ status: "processed" });
  expect(paying?.length).toBeGreaterThan(0);
  expect(paying?.length).toBeLessThan(1_000);
});

test("large events about somebody else's objects leave next to nothing in the database", async () => {
  const world = await createWorld();
  const sent = 12;
  const before = await bytesOf(world);
  for (let n = 0; n < sent; n++) {
    const object = newIntent({ id: `pi_large_${n}`, metadata: {}, description: LARGE });
    const large = { ...event("payment_intent.succeeded", object), id: `evt_large_${n}` };
    expect((await deliverEvent(world, large)).status).toBe(200);
    expect(await kept(world, "large_payloads")).toBe(0);
  }
  const rows = await eventually(
    () => payloads(world),
    (seen) => seen.length === sent && seen.every(({ status }) => status === "ignored"),
  );
  const bytes = rows.reduce((sum, { length }) => sum + (length ?? 0), 0);
  expect(bytes).toBeLessThan(sent * 1_000);
  // One of the twelve, kept whole, is more than that.
  expect((await bytesOf(world)) - before).toBeLessThan(LARGE.length / 4);
});
