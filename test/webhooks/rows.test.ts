// What a webhook costs its environment's ledger, in rows of tables and indexes: what Cloudflare counts.

import { expect, test } from "vitest";
import { PAID_INVOICE_ROWS } from "../../src/docs/measured.ts";
import { forgetSome } from "../harness/forget.ts";
import { ledgerRows } from "../harness/ledger-rows.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { deliver, outcomeOf, type Place, putInvoice } from "./deliver.ts";
import { newSession } from "./payloads/checkout-session.ts";
import { event } from "./payloads/event.ts";
import { newCharge, newIntent } from "./payloads/payment.ts";

const written = async (place: Place, sent: Parameters<typeof deliver>[1]) =>
  (await ledgerRows(place.scope, () => deliver(place, sent))).written;

/** What retention writes so many days later, in one alarm. */
const forgotten = async (place: Place, days: number) => (await forgetSome(place.scope, { days })).rowsWritten;

test("an ignored event costs at most two rows and one when it goes, one that waits a row more, one that comes again one", async () => {
  const place = await createWorld();
  const send = (sent: Parameters<typeof deliver>[1]) => written(place, sent);
  const foreign = (id: string) => ({
    ...event("payment_intent.succeeded", newIntent({ id, metadata: {} })),
    id: `evt_${id}`,
  });
  const unknown = (id: string) => ({ ...foreign(id), type: "plan.created" });
  // The first in an hour sums up the hour before.
  await send(unknown("pi_0"));
  // Its row, with its payload, and its id.
  expect(await send(unknown("pi_1"))).toBeLessThanOrEqual(2);
  expect(await outcomeOf(place, "evt_pi_1")).toMatchObject({ status: "ignored" });
  expect(await send(unknown("pi_1"))).toBeLessThanOrEqual(1);
  // And the payment that it waits for.
  expect(await send(foreign("pi_2"))).toBeLessThanOrEqual(3);
  // Three events, their hour, and two marks.
  expect(await forgotten(place, 31)).toBeLessThanOrEqual(3 + 3);
  expect(await forgotten(place, 401)).toBe(0);
});

/** It has a due date for which the alarm has something to do yet. */
const planReminder = (place: Place, id: string) =>
  ledgerSql(place.scope)
    .prepare("UPDATE invoices SET due_at_ms = ?1, due_check_at_ms = ?1 WHERE id = ?2")
    .bind(Date.now() + 10 * 24 * 60 * 60 * 1000, id)
    .run();

test(`the four webhooks of a paid invoice cost at most ${PAID_INVOICE_ROWS} rows and seven when they go, with a destination that hears of it`, async () => {
  const place = await createWorld();
  await createDestination(place, createReceiver(), { event_types: ["invoice.paid"] });
  const rows: number[] = [];
  for (const n of ["warm", "paid"]) {
    await putInvoice(place, `inv_${n}`, { dueMinor: 12_900, currency: "EUR" });
    await planReminder(place, `inv_${n}`);
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
  expect(rows.reduce((sum, row) => sum + row)).toBeLessThanOrEqual(PAID_INVOICE_ROWS);
  // Of both invoices: four payloads, one of them with its event, the hour and two marks; later the other events.
  expect(await forgotten(place, 31)).toBeLessThanOrEqual(2 * 4 + 3);
  expect(await forgotten(place, 401)).toBeLessThanOrEqual(2 * 3);
});
