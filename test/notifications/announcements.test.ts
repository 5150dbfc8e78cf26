import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { runChores } from "../../src/cron.ts";
import { giveUpEvent } from "../../src/webhooks/give-up-event.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventsOf, messageFor } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";
import { createDestination, createReceiver, type Receiver } from "./receiver.ts";

const LIFE = ["invoice.finalized", "invoice.payment_link_created", "invoice.paid"];

test("an invoice's life is told once each: finalised, link made, paid; also when Stripe sends everything three times", async () => {
  const { world, told, until } = await listening();
  sandbox.world.deliveryPolicy.copies = 3;
  const invoice = await createOpenInvoice(world);
  const linked = await untilLinked(world, invoice.id);
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card: "4242424242424242" });
  await sandbox.settle();
  sandbox.world.deliveryPolicy.copies = 1;
  for (const type of ["customer.created", ...LIFE]) await until(type);
  await quiet();

  // Messages may overtake one another.
  const all = told().toSorted(
    (one, other) => LIFE.indexOf(one.type) - LIFE.indexOf(other.type) || one.type.localeCompare(other.type),
  );
  const customers = all.filter(({ type }) => type.startsWith("customer."));
  expect(customers).toMatchObject([
    { type: "customer.created", data: { object: { id: invoice.customer_id } } },
  ]);
  const invoices = all.filter((message) => !customers.includes(message));
  expect(invoices.map(({ type }) => type)).toEqual(LIFE);
  for (const message of invoices)
    expect(message.data.object).toMatchObject({ id: invoice.id, payment_url: invoice.payment_url });
  expect(invoice.payment_url).toMatch(/^https:/);
  expect(invoices[1]?.data.object.payment_link).toMatchObject({
    status: expect.any(String),
    url: linked.payment_link.url,
  });
  expect(invoices[2]?.data.object).toMatchObject({ status: "paid", amount_paid: 12900, amount_remaining: 0 });
});

test("an event of Stripe's that gave up is told, once, and what it is about", async () => {
  const { world, told, until } = await listening();
  await untilLinked(world, (await createOpenInvoice(world)).id);
  const [event] = eventsOf(world);
  if (!event) throw new Error("The sandbox told of nothing.");
  for (const tried of ["first", "second"]) {
    await giveUpEvent(testDeps(), messageFor(world, event, tried), "It failed at every try.");
  }
  await runChores(env);
  const dead = await until("webhook_event.dead");
  expect(dead.data.object).toMatchObject({
    stripe_event_id: event.id,
    status: "dead",
    error: "It failed at every try.",
  });
  await quiet();
  expect(told().filter(({ type }) => type === "webhook_event.dead")).toHaveLength(1);
});

test("a declined card and a bank debit on its way are told before the money is", async () => {
  const { world, told, until } = await listening();
  const declined = await untilLinked(world, (await createOpenInvoice(world)).id);
  const link = { paymentLinkId: declined.payment_link.id };
  await sandbox.pay(world.accountId, link, { card: "4000 0000 0000 0002" });
  await sandbox.settle();
  const failed = await until("invoice.payment_failed");
  expect(failed.data.object).toMatchObject({ id: declined.id, status: "open" });

  const debited = await untilLinked(world, (await createOpenInvoice(world)).id);
  await sandbox.pay(
    world.accountId,
    { paymentLinkId: debited.payment_link.id },
    { card: "bank_debit_success" },
  );
  await sandbox.settle();
  const processing = await until("invoice.payment_processing");
  expect(processing.data.object).toMatchObject({ id: debited.id, payment_status: "processing" });
  expect(told().filter(({ type }) => type === "invoice.paid")).toHaveLength(0);
  await sandbox.advance(7 * 24 * 60 * 60 * 1000);
  await sandbox.settle();
  expect((await until("invoice.paid")).data.object.id).toBe(debited.id);
});

test("part of an invoice, the rest of it, and more than it are told as what they are", async () => {
  const { world, told, until } = await listening();
  const invoice = await createOpenInvoice(world);
  const pay = (amount: number, reference: string) =>
    world.api("POST", `/invoices/${invoice.id}/payments`, { amount, method: "bank_transfer", reference });
  await pay(2900, "first");
  await until("invoice.partially_paid");
  await pay(10000, "second");
  await until("invoice.paid");
  await pay(100, "third");
  await pay(100, "third");
  await until("invoice.overpaid");
  await quiet();
  const money = told().filter(({ type }) => /paid$/.test(type));
  expect(money.map(({ type }) => type)).toEqual([
    "invoice.partially_paid",
    "invoice.paid",
    "invoice.overpaid",
  ]);
});

test("a refund and a dispute are told with the payment and the dispute that they are about, each step once", async () => {
  const { world, told, until } = await listening();
  const first = await paidInvoice(world, "4242424242424242");
  const payment = (await world.api("GET", `/payments?invoice_id=${first}`)).body.data[0];
  const refund = await world.api("POST", `/payments/${payment.id}/refunds`, { amount: 2900 });
  expect(refund.status).toBe(201);
  await sandbox.settle();
  const refunded = await until("payment.refunded");
  expect(refunded.data.object).toMatchObject({ id: payment.id, object: "payment", amount_refunded: 2900 });

  const second = await paidInvoice(world, "4000 0000 0000 0259");
  const opened = await until("dispute.opened");
  expect(opened.data.object).toMatchObject({
    object: "dispute",
    invoice_id: second,
    status: "needs_response",
  });
  const disputes = Object.keys(sandbox.world.accounts[world.accountId]?.disputes ?? {});
  await atStripe(world, `/v1/disputes/${disputes[0]}`, { "evidence[customer_name]": "Ada" });
  await sandbox.settle();
  await until("dispute.updated");
  await atStripe(world, `/v1/disputes/${disputes[0]}/close`, {});
  await sandbox.settle();
  const closed = await until("dispute.closed");
  expect(closed.data.object).toMatchObject({ id: opened.data.object.id, status: "lost" });
  await quiet();
  const types = told().map(({ type }) => type);
  for (const type of ["payment.refunded", "dispute.opened", "dispute.updated", "dispute.closed"])
    expect(types.filter((told) => told === type)).toHaveLength(1);
});

test("a refund that fails is told once, with the refund that it is about", async () => {
  const { world, told, until } = await listening();
  // https://docs.stripe.com/testing#refunds: it is refunded at first, and fails later.
  const invoice = await paidInvoice(world, "4000 0000 0000 5126");
  const payment = (await world.api("GET", `/payments?invoice_id=${invoice}`)).body.data[0];
  const refund = await world.api("POST", `/payments/${payment.id}/refunds`, { amount: 2900 });
  await sandbox.advance(10_000);
  const failed = await until("refund.failed");
  expect(failed.data.object).toMatchObject({ id: refund.body.id, object: "refund", status: "failed" });
  await quiet();
  expect(told().filter(({ type }) => type === "refund.failed")).toHaveLength(1);
});

test("an invoice that is voided, and a connection that changes and goes, are told", async () => {
  const { world, until } = await listening();
  const invoice = await createOpenInvoice(world);
  await world.api("POST", `/invoices/${invoice.id}/void`);
  expect((await until("invoice.voided")).data.object).toMatchObject({ id: invoice.id, status: "void" });
  await world.api("PATCH", `/connections/${world.connectionId}`, { name: "Renamed" });
  const updated = await until("connection.updated");
  expect(updated.data.object).toMatchObject({ id: world.connectionId, name: "Renamed" });
  await world.api("DELETE", `/connections/${world.connectionId}`);
  const gone = await until("connection.disconnected");
  expect(gone.data.object).toMatchObject({ id: world.connectionId, status: "disconnected" });
  expect(JSON.stringify([updated, gone])).not.toMatch(/whsec_|sk_test_[a-z0-9]+_1/);
});

type Told = { id: string; type: string; data: { object: Json } };

/** A world whose every message is taken down. */
async function listening() {
  const world = await createWorld();
  const receiver: Receiver = createReceiver();
  await createDestination(world, receiver);
  const told = (): Told[] => receiver.received.map((message) => JSON.parse(message.body));
  const until = async (type: string): Promise<Told> => {
    const seen = await eventually(
      async () => told(),
      (messages) => messages.some((message) => message.type === type),
    );
    return seen.find((message) => message.type === type) as Told;
  };
  return { world, told, until };
}

async function untilLinked(world: TestWorld, id: string): Promise<Json> {
  const read = async () => (await world.api("GET", `/invoices/${id}`)).body;
  return eventually(read, (seen) => seen.payment_link.status === "active");
}

async function paidInvoice(world: TestWorld, card: string): Promise<string> {
  const linked = await untilLinked(world, (await createOpenInvoice(world)).id);
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card });
  await sandbox.settle();
  await eventually(
    async () => (await world.api("GET", `/invoices/${linked.id}`)).body,
    (seen) => seen.status === "paid",
  );
  return linked.id;
}

async function atStripe(world: TestWorld, path: string, form: Record<string, string>): Promise<void> {
  const response = await sandbox.fetch(
    new Request(`http://stripe.sandbox${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${world.secretKey}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(form).toString(),
    }),
  );
  if (!response.ok) throw new Error(await response.text());
}

/** Long enough for what should not come to have come. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 500));
}
