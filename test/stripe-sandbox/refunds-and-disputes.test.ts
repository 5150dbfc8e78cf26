import { describe, expect, it } from "vitest";
import { type ApiSetup, makeLink, setUpApi } from "./api-fixture.ts";

/** A charge of 129.00 EUR with this card. */
async function charge(setup: ApiSetup, card = "4242424242424242") {
  const link = await makeLink(setup, { payment_intent_data: { metadata: { invoice_id: "inv_1" } } });
  await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card });
  const [made] = (await setup.stripe.charges.list({ limit: 1 })).data;
  if (!made) throw new Error("nothing was charged");
  return made;
}

describe("refunds", () => {
  it("give back in part, then the rest, and then no more", async () => {
    const setup = setUpApi();
    const { id, payment_intent } = await charge(setup);
    const part = await setup.stripe.refunds.create({
      payment_intent: String(payment_intent),
      amount: 2900,
      reason: "requested_by_customer",
      metadata: { why: "late" },
    });
    expect(part).toMatchObject({ status: "succeeded", amount: 2900, charge: id, metadata: { why: "late" } });
    expect(await setup.stripe.refunds.retrieve(part.id)).toEqual(part);
    expect(await setup.stripe.charges.retrieve(id)).toMatchObject({ amount_refunded: 2900, refunded: false });
    const tooMuch = setup.stripe.refunds.create({ charge: id, amount: 10_001 });
    await expect(tooMuch).rejects.toThrow(
      "Refund amount (€100.01) is greater than unrefunded amount on charge (€100.00)",
    );
    expect((await setup.stripe.refunds.create({ charge: id })).amount).toBe(10_000);
    await expect(setup.stripe.refunds.create({ charge: id })).rejects.toMatchObject({
      code: "charge_already_refunded",
    });
    const expanded = await setup.stripe.charges.retrieve(id, { expand: ["refunds"] });
    expect(expanded).toMatchObject({
      refunded: true,
      refunds: { data: [{ amount: 2900 }, { amount: 10_000 }] },
    });
    expect((await setup.stripe.refunds.list({ charge: id })).data.map(({ amount }) => amount)).toEqual([
      10_000, 2900,
    ]);
    const events = setup.eventTypes().slice(-4);
    expect(events).toEqual(["refund.created", "charge.refunded", "refund.created", "charge.refunded"]);
  });

  it("that fail later give the charge its money back", async () => {
    const setup = setUpApi();
    const { id } = await charge(setup, "4000 0000 0000 5126");
    const refund = await setup.stripe.refunds.create({ charge: id });
    expect(refund.status).toBe("succeeded");
    await setup.sandbox.advance(10_000);
    expect(await setup.stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: "failed",
      failure_reason: "expired_or_canceled_card",
    });
    expect(await setup.stripe.charges.retrieve(id)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect(setup.eventTypes().slice(-3)).toEqual([
      "refund.updated",
      "charge.refund.updated",
      "refund.failed",
    ]);
  });

  it("can be pending first", async () => {
    const setup = setUpApi();
    const { id } = await charge(setup, "4000 0000 0000 7726");
    const refund = await setup.stripe.refunds.create({ charge: id });
    expect(refund.status).toBe("pending");
    await setup.sandbox.advance(10_000);
    expect((await setup.stripe.refunds.retrieve(refund.id)).status).toBe("succeeded");
    expect((await setup.stripe.charges.retrieve(id)).refunded).toBe(true);
  });

  it("take metadata, and cannot be canceled once they are made", async () => {
    const setup = setUpApi();
    const refund = await setup.stripe.refunds.create({ charge: (await charge(setup)).id });
    const updated = await setup.stripe.refunds.update(refund.id, { metadata: { a: "1" } });
    expect(updated.metadata).toEqual({ a: "1" });
    await expect(setup.stripe.refunds.cancel(refund.id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it("need a charge that has succeeded", async () => {
    const setup = setUpApi();
    const { id, payment_intent } = await charge(setup, "4000000000000002");
    await expect(setup.stripe.refunds.create({ charge: id })).rejects.toThrow("has not succeeded");
    const ofIntent = setup.stripe.refunds.create({ payment_intent: String(payment_intent) });
    await expect(ofIntent).rejects.toThrow("does not have a successful charge to refund");
    await expect(setup.stripe.refunds.create({})).rejects.toThrow("payment_intent or charge");
    await expect(setup.stripe.refunds.create({ charge: "ch_x" })).rejects.toMatchObject({
      code: "resource_missing",
    });
  });
});

describe("disputes", () => {
  const DISPUTED = "4000 0000 0000 0259";

  it("take the money, bar refunds, and are answered with evidence", async () => {
    const setup = setUpApi();
    const { id } = await charge(setup, DISPUTED);
    const [dispute] = (await setup.stripe.disputes.list({ charge: id })).data;
    expect(dispute).toMatchObject({
      amount: 12_900,
      reason: "fraudulent",
      status: "needs_response",
      balance_transactions: [{ amount: -12_900 }],
    });
    expect((await setup.stripe.charges.retrieve(id)).disputed).toBe(true);
    expect(setup.eventTypes().slice(-3)).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.updated",
    ]);
    await expect(setup.stripe.refunds.create({ charge: id })).rejects.toMatchObject({
      code: "charge_disputed",
    });
    const disputeId = dispute?.id ?? "";
    const draft = await setup.stripe.disputes.update(disputeId, {
      evidence: { uncategorized_text: "It was delivered." },
      submit: false,
    });
    expect(draft).toMatchObject({ status: "needs_response", evidence_details: { has_evidence: true } });
    const sent = await setup.stripe.disputes.update(disputeId, { evidence: { customer_name: "Ada" } });
    expect(sent).toMatchObject({
      status: "under_review",
      evidence: { uncategorized_text: "It was delivered." },
    });
    expect(await setup.stripe.disputes.retrieve(disputeId)).toEqual(sent);
  });

  it("can be conceded", async () => {
    const setup = setUpApi();
    await charge(setup, DISPUTED);
    const [dispute] = (await setup.stripe.disputes.list()).data;
    const closed = await setup.stripe.disputes.close(dispute?.id ?? "");
    expect(closed.status).toBe("lost");
    expect(setup.eventTypes().at(-1)).toBe("charge.dispute.closed");
    await expect(setup.stripe.disputes.close(closed.id)).rejects.toThrow("already closed");
  });

  it("bring the money back when won", async () => {
    const setup = setUpApi();
    await charge(setup, DISPUTED);
    const [dispute] = (await setup.stripe.disputes.list()).data;
    const response = await setup.call(`/_sandbox/disputes/${dispute?.id}/close`, {
      method: "POST",
      body: JSON.stringify({ outcome: "won", key: "sk_test_alpha_1" }),
    });
    expect(response.body).toMatchObject({
      status: "won",
      balance_transactions: [{ amount: -12_900 }, { amount: 12_900 }],
    });
    expect(setup.eventTypes().slice(-2)).toEqual([
      "charge.dispute.funds_reinstated",
      "charge.dispute.closed",
    ]);
  });
});

describe("payment intents and charges", () => {
  it("are retrieved, listed and changed", async () => {
    const setup = setUpApi();
    const made = await charge(setup);
    const [intent] = (await setup.stripe.paymentIntents.list()).data;
    expect(intent?.id).toBe(made.payment_intent);
    const updated = await setup.stripe.paymentIntents.update(intent?.id ?? "", { metadata: { more: "1" } });
    expect(updated.metadata).toEqual({ invoice_id: "inv_1", more: "1" });
    expect((await setup.stripe.charges.update(made.id, { metadata: { x: "1" } })).metadata).toMatchObject({
      x: "1",
    });
    const canceled = setup.stripe.paymentIntents.cancel(intent?.id ?? "");
    await expect(canceled).rejects.toMatchObject({ code: "payment_intent_unexpected_state" });
  });

  it("of a bank debit on its way can be canceled, and then nothing is paid", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card: "bank_debit_success" });
    const [intent] = (await setup.stripe.paymentIntents.list()).data;
    const params = { cancellation_reason: "requested_by_customer" as const };
    const canceled = await setup.stripe.paymentIntents.cancel(intent?.id ?? "", params);
    expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "requested_by_customer" });
    await setup.sandbox.advance(10_000);
    expect(setup.eventTypes().at(-1)).toBe("payment_intent.canceled");
  });

  it("of a session that is still open are canceled by expiring the session alone", async () => {
    const setup = setUpApi();
    const { payment_intent } = await charge(setup, "4000000000000002");
    const canceling = setup.stripe.paymentIntents.cancel(String(payment_intent));
    await expect(canceling).rejects.toThrow("expire the Checkout Session");
  });
});
