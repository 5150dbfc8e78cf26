// A payment that pays no invoice is receipted too, where the environment wants receipts and the payer has an address.

import { beforeEach, expect, test } from "vitest";
import { CARD, makeSession } from "../checkout/checkout-fixture.ts";
import { tryWork } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf } from "../harness/stripe-delivery.ts";
import { createWorld } from "../harness/world.ts";
import { take } from "../subscriptions/subscription-fixture.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { depsWith, RESEND, resendTakes } from "./mail-fixture.ts";

beforeEach(() => {
  // The test brings the events itself.
  sandbox.world.deliveryPolicy.withhold = true;
});

/** A session of a customer is paid, and all of it is told twice. */
async function paid(settings: object, email: string | null = "ada@example.com") {
  const world = await createWorld();
  const deps = depsWith(RESEND);
  await world.api("PATCH", "/settings", settings);
  const customer = (await world.api("POST", "/customers", { name: "Ada Lovelace", email })).body;
  const session = await makeSession(world, { customer_id: customer.id });
  await sandbox.pay(world.accountId, { sessionId: session.id }, CARD);
  const events = eventsOf(world);
  for (const event of [...events, ...events]) await take(world, event, deps);
  const [payment] = (await world.api("GET", "/payments")).body.data;
  return { world, deps, customer, payment, mails: await rowsOf(world, "mails") };
}

test("once, with the amount and the way to Stripe's receipt", async () => {
  const asked = resendTakes();
  const { world, deps, payment, mails } = await paid({ send_receipts: true });
  const id = `~${payment.id}/receipt`;
  expect(mails).toMatchObject([
    { id, payment_id: payment.id, invoice_id: null, kind: "receipt", recipient: "ada@example.com" },
  ]);
  await tryWork(world.scope, `send_mail/${id}`, deps);
  expect(asked).toMatchObject([
    { body: { to: ["ada@example.com"], subject: "Receipt for your payment to Acme" } },
  ]);
  expect(asked[0]?.body.text).toContain("Amount paid: €129.00");
  expect(asked[0]?.body.text).toContain(payment.receipt_url);
  expect(await rowsOf(world, "mails")).toMatchObject([{ status: "sent" }]);
});

test("not where the environment wants none, or there is no address", async () => {
  expect((await paid({ send_receipts: false })).mails).toEqual([]);
  expect((await paid({ send_receipts: true }, null)).mails).toEqual([]);
});

test("it forgets its payer with the customer", async () => {
  const { world, customer } = await paid({ send_receipts: true });
  expect((await world.api("DELETE", `/customers/${customer.id}`)).status).toBe(200);
  expect(await rowsOf(world, "mails")).toMatchObject([{ recipient: "", status: "canceled" }]);
});
