import { describe, expect, test } from "vitest";
import { type Answer, call, type Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createWorld, eventually, type TestWorld } from "../harness/world.ts";

type Fault = Parameters<typeof sandbox.world.faults.push>[0];
type Paid = TestWorld & {
  invoiceId: string;
  paymentId: string;
  refund: (body?: unknown) => Promise<Answer<Json>>;
};

/** An invoice over 129.00 EUR, paid by card through the sandbox. */
async function paidWorld(card = "4242 4242 4242 4242"): Promise<Paid> {
  const world = await createWorld();
  const invoice = await createOpenInvoice(world);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  const linked = await eventually(read, (seen) => seen.payment_link.status === "active");
  await sandbox.pay(world.accountId, { paymentLinkId: linked.payment_link.id }, { card });
  await sandbox.settle();
  await eventually(read, (seen) => seen.status === "paid");
  const [payment] = (await world.api("GET", `/payments?invoice_id=${invoice.id}`)).body.data;
  const refund = (body: unknown = {}) => world.api("POST", `/payments/${payment.id}/refunds`, body);
  return { ...world, invoiceId: invoice.id, paymentId: payment.id, refund };
}

const invoiceOf = async (world: Paid) => (await world.api("GET", `/invoices/${world.invoiceId}`)).body;
const refundsOf = async (world: Paid) =>
  (await world.api("GET", `/refunds?payment_id=${world.paymentId}`)).body.data;
const atStripe = (world: Paid) => Object.values(sandbox.accountFor(world.secretKey).refunds);
const fault = (kind: Fault["kind"], times = 1) =>
  sandbox.world.faults.push({ method: "POST", path: "/v1/refunds", times, kind });

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
    await refundAtStripe(world, { amount: "4000" });
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
    await refundAtStripe(world, { amount: "2000", "metadata[quittance_refund_id]": made.body.id });
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.amount_refunded === 3000,
    );
    expect(await refundsOf(world)).toHaveLength(2);
  });
});

describe("a call that was cut short", () => {
  test("after Stripe had made the refund: the same call again goes on with it", async () => {
    const world = await paidWorld();
    fault("cut_after");
    const cut = await world.refund({ amount: 5000 });
    expect(cut).toMatchObject({ status: 502, body: { code: "stripe_timeout" } });
    expect(cut.body.detail).toContain("Send the same call again");
    expect(await refundsOf(world)).toMatchObject([{ status: "pending", provider_refund_id: null }]);
    const again = await world.refund({ amount: 5000 });
    expect(again).toMatchObject({ status: 201, body: { status: "succeeded" } });
    expect(atStripe(world)).toHaveLength(1);
    await sandbox.settle();
    await eventually(
      () => invoiceOf(world),
      (seen) => seen.amount_refunded === 5000,
    );
    expect(await refundsOf(world)).toHaveLength(1);
  });

  test("after Stripe had made the refund: Stripe's webhook completes the same row", async () => {
    const world = await paidWorld();
    fault("cut_after");
    expect((await world.refund({ amount: 5000 })).status).toBe(502);
    await sandbox.settle();
    await eventually(
      () => refundsOf(world),
      (seen) => seen[0]?.status === "succeeded",
    );
    expect(await refundsOf(world)).toHaveLength(1);
    // And now the same amount once more is another refund.
    expect((await world.refund({ amount: 5000 })).status).toBe(201);
    expect(atStripe(world)).toHaveLength(2);
  });

  test("before Stripe had it: the same call again makes it; another call waits its turn", async () => {
    const world = await paidWorld();
    fault("cut_before");
    expect((await world.refund({ amount: 5000 })).status).toBe(502);
    expect(await world.refund({ amount: 1000 })).toMatchObject({
      status: 409,
      body: { code: "refund_in_doubt" },
    });
    expect((await world.refund({ amount: 5000 })).status).toBe(201);
    expect((await world.refund({ amount: 1000 })).status).toBe(201);
    expect(
      atStripe(world)
        .map(({ amount }) => amount)
        .sort(),
    ).toEqual([1000, 5000]);
  });

  test("by a 500, which Stripe would replay for a day, is made under another key", async () => {
    const world = await paidWorld();
    fault("server_error");
    expect(await world.refund({ amount: 5000 })).toMatchObject({
      status: 502,
      body: { code: "stripe_unavailable" },
    });
    expect((await world.refund({ amount: 5000 })).status).toBe(201);
    expect(atStripe(world)).toHaveLength(1);
  });

  test("by a rate limit leaves no refund behind", async () => {
    const world = await paidWorld();
    fault("rate_limit");
    expect((await world.refund({ amount: 5000 })).status).toBe(502);
    expect(await refundsOf(world)).toEqual([]);
    expect((await world.refund({ amount: 12_900 })).status).toBe(201);
  });
});

describe("many calls at once", () => {
  test("never give back more than there is", async () => {
    const world = await paidWorld();
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, index) => world.refund({ amount: 5000 + index })),
    );
    const made = all.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(all.every(({ status }) => [201, 409, 422, 502].includes(status))).toBe(true);
    const sum = atStripe(world).reduce((total, { amount }) => total + amount, 0);
    expect(sum).toBeLessThanOrEqual(12_900);
    expect(sum).toBe(made.reduce((total, { body }) => total + body.amount, 0));
  });

  test("with one Idempotency-Key are one refund", async () => {
    const world = await paidWorld();
    const send = () =>
      world.api(
        "POST",
        `/payments/${world.paymentId}/refunds`,
        { amount: 1000 },
        { "idempotency-key": "once" },
      );
    const first = await send();
    const second = await send();
    expect(second.body).toEqual(first.body);
    expect(atStripe(world)).toHaveLength(1);
  });
});

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

async function refundAtStripe(world: Paid, fields: Record<string, string>): Promise<void> {
  const payment = (await world.api("GET", `/payments/${world.paymentId}`)).body;
  const body = new URLSearchParams({ payment_intent: payment.provider_payment_id, ...fields });
  await post(world, "/v1/refunds", body);
}

async function closeDispute(world: Paid, disputeId: string, outcome: "won" | "lost"): Promise<void> {
  const init = { method: "POST", body: JSON.stringify({ outcome, key: world.secretKey }) };
  const response = await sandbox.fetch(
    new Request(`http://stripe.sandbox/_sandbox/disputes/${disputeId}/close`, init),
  );
  if (!response.ok) throw new Error(await response.text());
  await sandbox.settle();
}

async function post(world: Paid, path: string, body: URLSearchParams): Promise<void> {
  const headers = {
    authorization: `Bearer ${world.secretKey}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const request = new Request(`http://stripe.sandbox${path}`, {
    method: "POST",
    headers,
    body: body.toString(),
  });
  const response = await sandbox.fetch(request);
  if (!response.ok) throw new Error(await response.text());
  await sandbox.settle();
}
