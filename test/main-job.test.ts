import { expect, test } from "vitest";
import { sandbox } from "./harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually } from "./harness/world.ts";

test("an invoice is finalised, its link is made and paid, the webhooks are verified, the invoice is paid", async () => {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  expect(invoice).toMatchObject({ status: "open", payment_status: "unpaid", amount_due_decimal: "129.00" });

  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  expect(linked.payment_link.url).toContain(linked.payment_link.id);

  const paid = await sandbox.pay(
    world.accountId,
    { paymentLinkId: linked.payment_link.id },
    { card: "4242 4242 4242 4242" },
  );
  expect(paid.outcome).toBe("succeeded");
  await sandbox.settle();

  const settled = await eventually(read, (seen) => seen.status === "paid");
  expect(settled).toMatchObject({
    status: "paid",
    payment_status: "paid",
    amount_paid: 12900,
    amount_remaining: 0,
    payment_link: { status: "used" },
  });
  const payments = (await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body;
  expect(payments.data).toHaveLength(1);
  expect(payments.data[0]).toMatchObject({
    status: "succeeded",
    amount: 12900,
    currency: "EUR",
    payment_method_type: "card",
  });

  const events = await eventually(
    async () => (await world.api("GET", "/webhook_events?limit=100")).body.data,
    (seen) => seen.length >= 4,
  );
  expect(events.map((event: { status: string }) => event.status)).not.toContain("failed");
});
