import { describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { eventually } from "../harness/world.ts";
import { atStripe, invoiceOf, paidWorld, refundAtStripe, refundsOf } from "./refund-fixture.ts";

describe("a refund", () => {
  test("without an amount gives all of it back, and shows on payment, invoice and timeline", async () => {
    const world = await paidWorld();
    const made = await world.refund({ reason: "requested_by_customer" });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      object: "refund",
      payment_id: world.paymentId,
      invoice_id: world.invoiceId,
      amount: 12_900,
      amount_decimal: "129.00",
      currency: "EUR",
      status: "succeeded",
      reason: "requested_by_customer",
    });
    expect(made.body.provider_refund_id).toMatch(/^re_/);
    expect(await invoiceOf(world)).toMatchObject({
      status: "paid",
      payment_status: "refunded",
      amount_refunded: 12_900,
      amount_paid: 12_900,
    });
    const payment = (await world.api("GET", `/payments/${world.paymentId}`)).body;
    expect(payment).toMatchObject({ amount_refunded: 12_900, amount_refunded_decimal: "129.00" });
    expect((await world.api("GET", `/refunds/${made.body.id}`)).body).toEqual(made.body);
  });

  test("may be made in equal parts, each of them one at Stripe, and never more than is left", async () => {
    const world = await paidWorld();
    const parts = [await world.refund({ amount: 5000 }), await world.refund({ amount: 5000 })];
    expect(parts.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(parts.map(({ body }) => body.id)).size).toBe(2);
    const tooMuch = await world.refund({ amount: 2901 });
    expect(tooMuch).toMatchObject({ status: 422, body: { code: "refund_too_large" } });
    expect(tooMuch.body.detail).toContain("29.00 EUR");
    expect(tooMuch.body.errors[0].path).toBe("amount");
    expect(await invoiceOf(world)).toMatchObject({
      payment_status: "partially_refunded",
      amount_refunded: 10_000,
    });
    expect((await world.refund()).body).toMatchObject({ amount: 2900 });
    expect((await world.refund()).body.detail).toContain("Nothing is left");
    expect(atStripe(world)).toHaveLength(3);
    await sandbox.settle();
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.payment_status === "refunded",
    );
    expect(await refundsOf(world)).toHaveLength(3);
  });

  test("that is pending counts as gone already", async () => {
    const world = await paidWorld("4000 0000 0000 7726");
    expect((await world.refund({ amount: 12_000 })).body.status).toBe("pending");
    expect((await world.refund({ amount: 1000 })).body.detail).toContain("120.00 EUR is being refunded");
    expect(await invoiceOf(world)).toMatchObject({ payment_status: "paid", amount_refunded: 0 });
    await sandbox.advance(60_000);
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.amount_refunded === 12_000,
    );
  });

  test("that fails later gives the amount back to the invoice", async () => {
    const world = await paidWorld("4000 0000 0000 5126");
    const made = await world.refund();
    expect(await invoiceOf(world)).toMatchObject({ payment_status: "refunded" });
    await sandbox.advance(60_000);
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.payment_status === "paid" && seen.amount_refunded === 0,
    );
    expect((await world.api("GET", `/refunds/${made.body.id}`)).body).toMatchObject({
      status: "failed",
      failure_reason: "expired_or_canceled_card",
    });
    expect(await refundsOf(world)).toHaveLength(1);
  });

  test("made at Stripe itself shows too, once", async () => {
    const world = await paidWorld();
    await refundAtStripe(world, { amount: 4000 });
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.amount_refunded === 4000,
    );
    const [refund] = await refundsOf(world);
    expect(refund).toMatchObject({ amount: 4000, provider_refund_id: atStripe(world)[0]?.id });
  });

  test("made at Stripe with a copy of another's metadata is a refund of its own", async () => {
    const world = await paidWorld();
    const made = await world.refund({ amount: 1000 });
    await refundAtStripe(world, { amount: 2000, metadata: { quittance_refund_id: made.body.id } });
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.amount_refunded === 3000,
    );
    expect(await refundsOf(world)).toHaveLength(2);
  });
});
