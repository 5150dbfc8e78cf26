import { describe, expect, test } from "vitest";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createPayableInvoice, createWorld, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { paidWorld } from "./refund-fixture.ts";

const BACK = { method: "bank_transfer", reference: "B 1" };

/** An invoice over 129.00 EUR, paid by hand: in full, unless said otherwise. */
async function handWorld(amount = 12_900) {
  const world = await createWorld();
  const invoice = await createPayableInvoice(world);
  const paid = { amount, method: "cash", reference: "r" };
  const { body: payment } = await world.api("POST", `/invoices/${invoice.id}/payments`, paid);
  return {
    ...world,
    payment,
    invoice,
    refund: (body: object) => world.api("POST", `/payments/${payment.id}/refunds`, body),
    read: async () => (await world.api("GET", `/invoices/${invoice.id}`)).body,
    kinds: async () =>
      (await world.api("GET", `/invoices/${invoice.id}/timeline?limit=100`)).body.data.map(
        (entry: Json) => entry.kind,
      ),
  };
}

const refundsAtStripe = (world: TestWorld) => Object.values(sandbox.accountFor(world.secretKey).refunds);
const countedRefunds = async (world: TestWorld) =>
  (await rowsOf(world, "hourly_money")).map(({ refunded_count, refunded_sum }) => [
    refunded_count,
    refunded_sum,
  ]);

describe("what went back of a payment by hand", () => {
  test("is recorded at once, without Stripe: it shows, settles the invoice, and is told, noted and counted once", async () => {
    const world = await handWorld();
    await createDestination(world, createReceiver());
    const made = await world.refund({ ...BACK, amount: 2900, reason: "requested_by_customer" });
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...{ object: "refund", payment_id: world.payment.id, invoice_id: world.invoice.id },
        ...{ provider_refund_id: null, amount: 2900, amount_decimal: "29.00", currency: "EUR" },
        ...{ status: "succeeded", reason: "requested_by_customer", failure_reason: null, ...BACK },
      },
    });
    expect((await world.api("GET", `/refunds/${made.body.id}`)).body).toEqual(made.body);
    expect((await world.api("GET", `/refunds?invoice_id=${world.invoice.id}`)).body.data).toEqual([
      made.body,
    ]);
    expect((await world.api("GET", `/payments/${world.payment.id}`)).body.amount_refunded).toBe(2900);
    expect(await world.read()).toMatchObject({
      ...{ status: "paid", payment_status: "partially_refunded", amount_refunded: 2900 },
    });
    const again = await world.refund({ ...BACK, amount: 2900, reason: "requested_by_customer" });
    expect(again).toMatchObject({ status: 201, body: made.body });
    expect(refundsAtStripe(world)).toEqual([]);
    expect(await countedRefunds(world)).toEqual([[1, 2900]]);
    expect((await world.kinds()).filter((kind: string) => kind === "refunded")).toHaveLength(1);
    expect(await rowsOf(world, "messages", "type = 'payment.refunded'")).toHaveLength(1);
    const audit = (await world.api("GET", "/audit_log")).body.data;
    expect(audit.filter(({ action }: Json) => action === "refund.recorded")).toMatchObject([
      {
        target: { object: "refund", id: made.body.id },
        detail: { payment_id: world.payment.id, amount: 2900, method: "bank_transfer" },
      },
    ]);
  });

  test("is no more than is left, and all of it where no amount is given", async () => {
    const world = await handWorld();
    expect((await world.refund({ ...BACK, amount: 10_000 })).status).toBe(201);
    const over = await world.refund({ ...BACK, reference: "B 2", amount: 2901 });
    expect(over).toMatchObject({ status: 422, body: { code: "refund_too_large" } });
    expect(over.body.detail).toContain("At most 29.00 EUR can be refunded");
    const rest = await world.refund({ ...BACK, reference: "B 2" });
    expect(rest.body.amount).toBe(2900);
    expect((await world.refund({ ...BACK, reference: "B 2" })).body).toEqual(rest.body);
    expect((await world.refund({ ...BACK, reference: "B 3" })).body.code).toBe("refund_too_large");
    expect(await world.read()).toMatchObject({ status: "paid", payment_status: "refunded" });
  });

  test("leaves an invoice that was paid in part with a link for what it owes again", async () => {
    const world = await handWorld(2900);
    await world.refund({ ...BACK, amount: 900, occurred_at: new Date().toISOString() });
    expect(await world.read()).toMatchObject({
      ...{ status: "open", payment_status: "partially_paid", amount_remaining: 10_900 },
    });
  });

  test("by five calls at once is one refund of a reference, and never more than was paid", async () => {
    const world = await handWorld();
    const same = await Promise.all(Array.from({ length: 5 }, () => world.refund({ ...BACK, amount: 5000 })));
    expect(new Set(same.map(({ body }) => body.id)).size).toBe(1);
    const more = await Promise.all(
      [1, 2, 3].map((nth) => world.refund({ ...BACK, reference: `more ${nth}`, amount: 5000 })),
    );
    expect(more.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    expect((await world.read()).amount_refunded).toBe(10_000);
  });

  test("is refused with the field that is wrong, and where the payment is Stripe's or was reversed", async () => {
    const world = await handWorld();
    for (const [wrong, path] of [
      [{ reference: "x" }, "method"],
      [{ method: "cash" }, "reference"],
      [{ occurred_at: "2026-01-01T00:00:00Z" }, "method"],
      [{ ...BACK, occurred_at: "2099-01-01T00:00:00Z" }, "occurred_at"],
      [{ ...BACK, amount: 0 }, "amount"],
      [{ ...BACK, method: " " }, "method"],
    ] as const) {
      const { status, body } = await world.refund(wrong);
      expect([status, body.errors[0].path]).toEqual([422, path]);
    }
    const bare = await world.refund({});
    expect(bare).toMatchObject({ status: 409, body: { code: "payment_not_refundable" } });
    expect(bare.body.detail).toContain("`method` and `reference`");
    await world.refund({ ...BACK, amount: 100 });
    const other = await world.refund({ ...BACK, amount: 200 });
    expect(other).toMatchObject({ status: 409, body: { code: "conflict" } });
    const stripes = await paidWorld();
    const asked = await stripes.api("POST", `/payments/${stripes.paymentId}/refunds`, BACK);
    expect(asked).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    expect(asked.body.errors.map(({ path }: Json) => path)).toEqual(["method", "reference"]);
    expect(refundsAtStripe(stripes)).toEqual([]);
    const reversed = await handWorld();
    await reversed.api("POST", `/payments/${reversed.payment.id}/reverse`);
    expect((await reversed.refund(BACK)).body.code).toBe("payment_not_refundable");
  });
});

describe("a payment by hand", () => {
  test("that is reversed is told and noted once, shows in lists and exports, and is counted no more", async () => {
    const world = await handWorld();
    await createDestination(world, createReceiver());
    const reverse = () => world.api("POST", `/payments/${world.payment.id}/reverse`);
    await Promise.all([reverse(), reverse()]);
    expect((await world.api("GET", "/payments?status=canceled")).body.data).toMatchObject([
      { id: world.payment.id, status: "canceled", failure_code: "reversed", reference: "r" },
    ]);
    const csv = await world.api("GET", "/exports/payments.csv");
    expect(csv.body).toContain(`${world.payment.id},canceled,`);
    expect(csv.body).toContain("reversed");
    const paid = (await rowsOf(world, "hourly_money")).map(({ paid_count, paid_sum }) => [
      paid_count,
      paid_sum,
    ]);
    expect(paid).toEqual([[0, 0]]);
    expect(await rowsOf(world, "messages", "type = 'payment.reversed'")).toHaveLength(1);
    const audit = (await world.api("GET", "/audit_log")).body.data;
    expect(audit.filter(({ action }: Json) => action === "payment.reversed")).toHaveLength(1);
  });

  test("of which money went back is not reversed: it did come", async () => {
    const world = await handWorld();
    await world.refund({ ...BACK, amount: 100 });
    const refused = await world.api("POST", `/payments/${world.payment.id}/reverse`);
    expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await world.read()).amount_paid).toBe(12_900);
  });
});
