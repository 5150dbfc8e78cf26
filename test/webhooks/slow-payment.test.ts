import { describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";

const DAYS = 24 * 60 * 60 * 1000;

/** An invoice whose link was paid by bank debit, up to where the bank has not decided. */
async function debited(card: "bank_debit_success" | "bank_debit_failure") {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card });
  await sandbox.settle();
  const waiting = await eventually(read, (seen) => seen.payment_status === "processing");
  expect(waiting).toMatchObject({ status: "open", amount_paid: 0 });
  return { world, invoiceId: invoice.id, linkId: linked.payment_link.id, read };
}

const paymentsOf = async (world: TestWorld, invoiceId: string) =>
  (await world.api("GET", `/payments?invoice_id=${invoiceId}`)).body.data;

describe("a slow payment", () => {
  test("is processing until the bank decides, and then paid, as one payment", async () => {
    const { world, invoiceId, read } = await debited("bank_debit_success");
    await sandbox.advance(10 * DAYS);
    const paid = await eventually(read, (seen) => seen.status === "paid");
    expect(paid).toMatchObject({ payment_status: "paid", amount_paid: 12_900 });
    expect(await paymentsOf(world, invoiceId)).toMatchObject([{ status: "succeeded", failure_code: null }]);
  });

  test("that fails keeps its reason, and the invoice gets a new link by itself, which can be paid", async () => {
    const { world, invoiceId, linkId, read } = await debited("bank_debit_failure");
    await sandbox.advance(10 * DAYS);
    const again = await eventually(
      read,
      (seen) => seen.payment_link.status === "active" && seen.payment_link.id !== linkId,
    );
    expect(again).toMatchObject({ status: "open", payment_status: "unpaid" });
    const [failed] = await paymentsOf(world, invoiceId);
    expect(failed).toMatchObject({ status: "failed", failure_code: "insufficient_funds" });

    await sandbox.pay(
      world.accountId,
      { paymentLinkId: again.payment_link.id },
      { card: "4242 4242 4242 4242" },
    );
    await sandbox.settle();
    await eventually(read, (seen) => seen.status === "paid");
    expect(await paymentsOf(world, invoiceId)).toHaveLength(2);
  });
});
