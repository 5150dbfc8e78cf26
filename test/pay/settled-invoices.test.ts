// What the address of an invoice says once there is nothing more to pay.

import { expect, test } from "vitest";
import { untilAllTakenIn } from "../harness/stripe-delivery.ts";
import { createOpenInvoice, createPayableInvoice, createTenantWorld, createWorld } from "../harness/world.ts";
import { readInvoice, untilInvoice } from "../invoices/invoice-fixture.ts";
import { invoiceOf, paidWorld, refundAtStripe } from "../payments/refund-fixture.ts";
import { payInvoice, visit } from "./pay-fixture.ts";

const CARD = "4242 4242 4242 4242";

test("paid: thank you, with the receipt, and nothing of the customer", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", { email_from_name: "Acme Ltd", time_zone: "Europe/Berlin" });
  const linked = await createPayableInvoice(world);
  const invoice = await payInvoice(world, linked, CARD, (seen) => seen.status === "paid");
  // The charge's event has the receipt's address, and may come after the one that says "paid".
  await untilAllTakenIn(world);
  const [payment] = (await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body.data;
  const seen = await visit(invoice);
  expect(seen.status).toBe(200);
  expect(seen.html).toContain("<title>Paid, thank you · Acme Ltd</title>");
  const day = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "Europe/Berlin" });
  expect(seen.text).toContain(`Amount paid €129.00 Paid on ${day.format(new Date(invoice.paid_at))}`);
  expect(seen.text).toContain(`Invoice ${invoice.number}`);
  expect(seen.text).toContain("Test mode");
  expect(payment.receipt_url).toMatch(/^http/);
  expect(seen.links).toEqual([payment.receipt_url]);
  for (const personal of ["Ada", "Lovelace", "ada@example.com"]) expect(seen.html).not.toContain(personal);
});

test("paid without a payment: an invoice over nothing", async () => {
  const world = await createTenantWorld();
  const lines = [{ description: "Free", quantity: 1, unit_amount: 0 }];
  const invoice = await createOpenInvoice(world, { lines });
  expect((await visit(invoice)).text).toContain("Paid, thank you");
});

test("overpaid: thank you, and whom to ask about the difference", async () => {
  const world = await createWorld();
  await world.api("PATCH", "/settings", { email_reply_to: "help@acme.example" });
  const { id } = await createPayableInvoice(world);
  await world.api("POST", `/invoices/${id}/payments`, { amount: 20_000, method: "cash", reference: "r" });
  const seen = await visit(await untilInvoice(world, id, (one) => one.payment_status === "overpaid"));
  expect(seen.text).toContain("More has arrived than was due");
  expect(seen.text).toContain("Amount paid €200.00");
  expect(seen.text).toContain("Total €129.00");
  expect(seen.links).toEqual(["mailto:help@acme.example"]);
});

test("refunded in part, then in whole: what went back", async () => {
  const world = await paidWorld();
  await refundAtStripe(world, { amount: 2900 });
  await untilInvoice(world, world.invoiceId, (seen) => seen.payment_status === "partially_refunded");
  const partly = await visit(await invoiceOf(world));
  expect(partly.text).toContain("Paid, and partly refunded");
  expect(partly.text).toContain("Refunded €29.00");
  await refundAtStripe(world, { amount: 10_000 });
  await untilInvoice(world, world.invoiceId, (seen) => seen.payment_status === "refunded");
  const wholly = await visit(await invoiceOf(world));
  expect(wholly.text).toContain("Your payment was refunded");
  expect(wholly.text).toContain("Refunded €129.00");
});

test("disputed: calm words, and nothing to pay", async () => {
  const world = await paidWorld("4000 0000 0000 0259");
  await untilInvoice(world, world.invoiceId, (seen) => seen.payment_status === "disputed");
  const seen = await visit(await invoiceOf(world));
  expect(seen.status).toBe(200);
  expect(seen.text).toContain("Your bank is looking into it");
});

test("void and uncollectible: nothing to pay, and whom to ask", async () => {
  const world = await createWorld();
  for (const [act, words] of [
    ["void", "This invoice was withdrawn"],
    ["mark_uncollectible", "This invoice is closed"],
  ] as const) {
    const { id } = await createPayableInvoice(world);
    await world.api("POST", `/invoices/${id}/${act}`);
    const seen = await visit(await readInvoice(world, id));
    expect([act, seen.status, seen.text.includes(words)]).toEqual([act, 200, true]);
    expect(seen.links).toEqual([]);
  }
});
