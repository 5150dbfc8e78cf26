// An event that waited for its payment, and fails when its turn comes, is tried again like any other.

import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createWorld, eventually } from "../harness/world.ts";
import { deliver, outcomeOf, type Place, putInvoice, rowsOf } from "./deliver.ts";
import { event } from "./payloads/event.ts";
import { newIntent } from "./payloads/payment.ts";
import { newDispute } from "./payloads/refund-dispute.ts";

let place: Place;

beforeEach(async () => {
  place = await createWorld();
  await putInvoice(place, "inv_1", { dueMinor: 12_900, currency: "EUR" });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const DISPUTE = {
  ...event("charge.dispute.created", newDispute({ id: "du_1", payment_intent: "pi_1", metadata: {} })),
  id: "evt_dispute",
};

function payment() {
  const metadata = {
    invoice_id: "inv_1",
    quittance_tenant_id: place.scope.tenantId,
    quittance_environment_id: place.scope.environmentId,
  };
  return { ...event("payment_intent.succeeded", newIntent({ id: "pi_1", metadata })), id: "evt_payment" };
}

/** Until it is healed, no dispute can be written. */
async function breakDisputes(): Promise<{ heal: () => Promise<unknown> }> {
  const run = (sql: string) => ledgerSql(place.scope).prepare(sql).run();
  await run("CREATE TRIGGER passing BEFORE INSERT ON disputes BEGIN SELECT RAISE(ABORT, 'passing'); END");
  return { heal: () => run("DROP TRIGGER passing") };
}

const disputed = async () => (await rowsOf(place, "invoices"))[0]?.payment_status === "disputed";

test("by the queue, once what it failed by has passed", async () => {
  await deliver(place, DISPUTE);
  expect(await outcomeOf(place, "evt_dispute")).toMatchObject({ status: "ignored", waits_for: "pi_1" });
  const { heal } = await breakDisputes();
  const send = vi.spyOn(env.STRIPE_EVENTS, "send");
  await deliver(place, payment());
  expect(await outcomeOf(place, "evt_payment")).toMatchObject({ status: "processed" });
  expect(await outcomeOf(place, "evt_dispute")).toMatchObject({ status: "failed" });
  expect(send).toHaveBeenCalledTimes(1);
  await heal();
  await eventually(disputed, Boolean);
  expect(await outcomeOf(place, "evt_dispute")).toMatchObject({ status: "processed", waits_for: null });
});

test("with the payment's own message, where the queue did not take it", async () => {
  await deliver(place, DISPUTE);
  const { heal } = await breakDisputes();
  vi.spyOn(env.STRIPE_EVENTS, "send").mockRejectedValue(new Error("queue down"));
  await expect(deliver(place, payment())).rejects.toMatchObject({ code: "queue_unavailable" });
  expect(await outcomeOf(place, "evt_dispute")).toMatchObject({ status: "failed", waits_for: "pi_1" });
  await heal();
  // The queue brings the payment once more.
  await deliver(place, payment());
  expect(await disputed()).toBe(true);
  expect(await outcomeOf(place, "evt_dispute")).toMatchObject({ status: "processed", waits_for: null });
});
