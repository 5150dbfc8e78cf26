import { describe, expect, test } from "vitest";
import { type Answer, call, type Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually } from "../harness/world.ts";
import { atStripe, closeDispute, invoiceOf, type Paid, paidWorld } from "./refund-fixture.ts";

describe("refused before Stripe is asked:", () => {
  const quietly = async (world: Paid, send: () => Promise<Answer<Json>>) => {
    const before = atStripe(world).length;
    const answer = await send();
    expect(atStripe(world)).toHaveLength(before);
    return answer;
  };

  test("a disputed payment; one whose dispute was won may be refunded again", async () => {
    const world = await paidWorld("4000 0000 0000 0259");
    await sandbox.settle();
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.payment_status === "disputed",
    );
    expect(await invoiceOf(world)).toMatchObject({ status: "paid", amount_disputed: 12_900 });
    const [dispute] = (await world.api("GET", `/disputes?invoice_id=${world.invoiceId}`)).body.data;
    expect(dispute).toMatchObject({
      object: "dispute",
      status: "needs_response",
      amount_decimal: "129.00",
      payment_id: world.paymentId,
    });
    expect(dispute.evidence_due_at).not.toBeNull();
    expect((await world.api("GET", `/disputes/${dispute.id}`)).body).toEqual(dispute);
    expect((await world.api("GET", `/payments/${world.paymentId}`)).body.disputed).toBe(true);
    const refused = await quietly(world, () => world.refund({ amount: 100 }));
    expect(refused).toMatchObject({ status: 409, body: { code: "payment_not_refundable" } });
    expect(refused.body.detail).toContain("disputed");

    await closeDispute(world, dispute.provider_dispute_id, "won");
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.payment_status === "paid" && seen.amount_disputed === 0,
    );
    expect((await world.refund({ amount: 100 })).status).toBe(201);
  });

  test("a payment that was recorded by hand", async () => {
    const world = await createWorld();
    const invoice = await createOpenInvoice(world);
    const body = { amount: 12_900, method: "bank_transfer", reference: "RF18" };
    const payment = (await world.api("POST", `/invoices/${invoice.id}/payments`, body)).body;
    const refused = await world.api("POST", `/payments/${payment.id}/refunds`, {});
    expect(refused).toMatchObject({ status: 409, body: { code: "payment_not_refundable" } });
  });

  test("amounts that are none, unknown fields, and unknown reasons", async () => {
    const world = await paidWorld();
    for (const body of [
      { amount: 0 },
      { amount: -1 },
      { amount: 1.5 },
      { amount: "5" },
      { sum: 1 },
      { reason: "because" },
    ]) {
      expect((await quietly(world, () => world.refund(body))).status).toBe(422);
    }
  });

  test("a key that may only read, and another tenant's payment", async () => {
    const world = await paidWorld();
    const other = await createWorld();
    const path = `/payments/${world.paymentId}/refunds`;
    expect((await call("POST", path, { key: world.keys.read, body: {} })).status).toBe(403);
    expect((await call("POST", path, { key: other.keys.admin, body: {} })).status).toBe(404);
    const made = await call("POST", path, { key: world.keys.write, body: {} });
    expect(made.status).toBe(201);
    expect((await call("GET", `/refunds/${made.body.id}`, { key: other.keys.admin })).status).toBe(404);
    expect((await call("GET", "/refunds", { key: other.keys.admin })).body.data).toEqual([]);
  });
});
