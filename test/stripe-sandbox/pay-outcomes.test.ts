import { describe, expect, it } from "vitest";
import { GOOD, makeLink, setUpApi } from "./api-fixture.ts";

describe("a declined card", () => {
  it.each([
    ["4000000000000002", "card_declined", "generic_decline"],
    ["4000000000009995", "card_declined", "insufficient_funds"],
    ["4000000000000069", "expired_card", "expired_card"],
    ["4000000000000127", "incorrect_cvc", "incorrect_cvc"],
    ["1234567812345678", "card_declined", "generic_decline"],
  ])("%s leaves the session open and the intent waiting: %s, %s", async (card, code, declineCode) => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card });
    expect(result).toMatchObject({ outcome: "declined", code, declineCode });
    expect(setup.eventTypes().slice(-3)).toEqual([
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
    ]);
    const session = await setup.stripe.checkout.sessions.retrieve(result.sessionId, {
      expand: ["payment_intent"],
    });
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      payment_intent: {
        status: "requires_payment_method",
        last_payment_error: { code, decline_code: declineCode, payment_method: { type: "card" } },
      },
    });
  });

  it("can be followed by a good one, on the same intent", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const bad = { card: "4000000000000002" };
    const { sessionId } = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, bad);
    expect((await setup.sandbox.pay("acct_alpha", { sessionId }, GOOD)).outcome).toBe("succeeded");
    const [intent, ...others] = (await setup.stripe.paymentIntents.list()).data;
    expect(others).toEqual([]);
    const charges = await setup.stripe.charges.list({ payment_intent: intent?.id });
    expect(charges.data.map((charge) => charge.status)).toEqual(["succeeded", "failed"]);
    await expect(setup.sandbox.pay("acct_alpha", { sessionId }, GOOD)).rejects.toThrow("complete");
  });
});

describe("3-D Secure", () => {
  const card = "4000 0027 6000 3184";

  it("makes the intent wait for the payer, who may refuse and try again", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const waiting = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, { card });
    const paymentIntentId = waiting.outcome === "requires_action" ? waiting.paymentIntentId : "";
    const intent = await setup.stripe.paymentIntents.retrieve(paymentIntentId);
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
    const target = { sessionId: waiting.sessionId };
    const refused = await setup.sandbox.pay("acct_alpha", target, { card, approve3ds: false });
    expect(refused).toMatchObject({ outcome: "declined", code: "payment_intent_authentication_failure" });
    expect((await setup.stripe.charges.list()).data).toEqual([]);
    const approved = await setup.sandbox.pay("acct_alpha", target, { card, approve3ds: true });
    expect(approved).toMatchObject({ outcome: "succeeded", paymentIntentId });
    expect(setup.eventTypes()).toContain("payment_intent.requires_action");
  });
});

describe("a bank debit", () => {
  it("completes the session unpaid, and is paid when the bank has answered", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup);
    const payer = { card: "bank_debit_success" };
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, payer);
    expect(result.outcome).toBe("processing");
    const retrieve = () =>
      setup.stripe.checkout.sessions.retrieve(result.sessionId, { expand: ["payment_intent"] });
    expect(await retrieve()).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
      payment_intent: { status: "processing", amount_received: 0 },
    });
    const before = setup.eventTypes().length;
    await setup.sandbox.advance(10_000);
    expect(await retrieve()).toMatchObject({
      payment_status: "paid",
      payment_intent: { status: "succeeded", amount_received: 12_900 },
    });
    expect(setup.eventTypes().slice(before)).toEqual([
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.async_payment_succeeded",
      "charge.updated",
    ]);
    expect((await setup.stripe.charges.list()).data).toHaveLength(1);
  });

  it("can fail, with the limit of the link used up all the same", async () => {
    const setup = setUpApi();
    const link = await makeLink(setup, { restrictions: { completed_sessions: { limit: 1 } } });
    const payer = { card: "bank_debit_failure" };
    const result = await setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, payer);
    await setup.sandbox.advance(10_000);
    expect(await setup.stripe.checkout.sessions.retrieve(result.sessionId)).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
    });
    expect(setup.eventTypes().slice(-3)).toEqual([
      "charge.failed",
      "payment_intent.payment_failed",
      "checkout.session.async_payment_failed",
    ]);
    const again = setup.sandbox.pay("acct_alpha", { paymentLinkId: link.id }, GOOD);
    await expect(again).rejects.toThrow("no longer active");
  });
});
