// What a webhook costs its environment's ledger, in rows of tables and indexes: what Cloudflare counts.

import { expect, test } from "vitest";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { createWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, outcomeOf, type Place, putInvoice } from "./deliver.ts";
import { newSession } from "./payloads/checkout-session.ts";
import { event } from "./payloads/event.ts";
import { newCharge, newIntent } from "./payloads/payment.ts";

const written = async (place: Place, sent: Parameters<typeof deliver>[1]) =>
  (await ledgerRows(place.scope, () => deliver(place, sent))).written;

test("an ignored event costs at most seven rows, and one that comes again one", async () => {
  const place = await createWorld();
  const ignored = (id: string) => ({
    ...event("payment_intent.succeeded", newIntent({ id, metadata: {} })),
    id: `evt_${id}`,
  });
  // The first of its hour makes the hour's counts.
  await deliver(place, ignored("pi_other"));
  const first = await written(place, ignored("pi_foreign"));
  expect(await outcomeOf(place, "evt_pi_foreign")).toMatchObject({ status: "ignored" });
  const again = await written(place, ignored("pi_foreign"));
  // Its row by id, time and what it waits for, its payload by id and age, and two counts of the hour.
  expect(first).toBeLessThanOrEqual(7);
  expect(again).toBeLessThanOrEqual(1);
});

test("the four webhooks of a paid invoice cost at most 41 rows, with a destination that hears of it", async () => {
  const place = await createWorld();
  await createDestination(place, createReceiver(), { event_types: ["invoice.paid"] });
  const rows: number[] = [];
  for (const n of ["warm", "paid"]) {
    await putInvoice(place, `inv_${n}`, { dueMinor: 12_900, currency: "EUR" });
    const metadata = {
      invoice_id: `inv_${n}`,
      customer_id: "cus_1",
      quittance_tenant_id: place.scope.tenantId,
      quittance_environment_id: place.scope.environmentId,
    };
    const [pi, ch] = [`pi_${n}`, `ch_${n}`];
    const objects = [
      ["charge.succeeded", newCharge({ id: ch, payment_intent: pi, metadata })],
      ["payment_intent.succeeded", newIntent({ id: pi, latest_charge: ch, metadata })],
      ["checkout.session.completed", newSession({ id: `cs_${n}`, payment_intent: pi, metadata })],
      ["charge.updated", newCharge({ id: ch, payment_intent: pi, metadata })],
    ] as const;
    rows.length = 0;
    for (const [index, [type, object]] of objects.entries())
      rows.push(await written(place, { ...event(type, object), id: `evt_${n}_${index}` }));
  }
  expect(rows.reduce((sum, row) => sum + row)).toBeLessThanOrEqual(41);
});
