import type Stripe from "stripe";
import { expect, test } from "vitest";
import { AppError } from "../../src/platform/app-error.ts";
import { type IntentWithCharge, retrieveIntent, tellSession } from "../../src/webhooks/tell-session.ts";

const NOW = 1_800_000_000;
const CHARGED = NOW - 500_000;

function charge(type: string, bookedAt: number | null) {
  return {
    id: "ch_1",
    created: CHARGED,
    payment_method_details: { type },
    balance_transaction: bookedAt === null ? null : { id: "txn_1", created: bookedAt },
  };
}

function session(paymentStatus: string): Stripe.Checkout.Session {
  const fields = { id: "cs_1", created: CHARGED - 3_600, payment_status: paymentStatus, livemode: false };
  return fields as Stripe.Checkout.Session;
}

function found(status: string, times: Partial<IntentWithCharge>, fields = {}): IntentWithCharge {
  const intent = { id: "pi_1", status, livemode: false, ...fields } as Stripe.PaymentIntent;
  return { intent, chargedAt: CHARGED, paidAt: null, ...times };
}

/** A key that sees an intent expanded so far. */
function keyThatSees(expansion: string | null, latestCharge: unknown) {
  const asked: string[][] = [];
  const retrieve = async (_id: string, { expand = [] }: Stripe.PaymentIntentRetrieveParams) => {
    asked.push(expand);
    const [wanted] = expand;
    if (wanted !== undefined && wanted !== expansion)
      throw new AppError("stripe_permission_missing", { detail: "no" });
    return { id: "pi_1", status: "succeeded", latest_charge: wanted === undefined ? "ch_1" : latestCharge };
  };
  return { asked, stripe: { paymentIntents: { retrieve } } as unknown as Stripe };
}

test("a restricted key that may not see the balance, or the charge, tells less of the time and all else", async () => {
  const call = <T>(run: () => Promise<T>) => run();
  const all = keyThatSees("latest_charge.balance_transaction", charge("us_bank_account", CHARGED + 9));
  expect(await retrieveIntent(all.stripe, call, "pi_1")).toMatchObject({
    chargedAt: CHARGED,
    paidAt: CHARGED + 9,
    intent: { latest_charge: "ch_1" },
  });
  const noBalance = keyThatSees("latest_charge", { ...charge("card", null), balance_transaction: "txn_1" });
  expect(await retrieveIntent(noBalance.stripe, call, "pi_1")).toMatchObject({ paidAt: CHARGED });
  const noCharge = keyThatSees(null, null);
  expect(await retrieveIntent(noCharge.stripe, call, "pi_1")).toMatchObject({
    chargedAt: null,
    paidAt: null,
  });
  expect(noCharge.asked).toHaveLength(3);
});

test("any other failure of Stripe's is passed on at once", async () => {
  const retrieve = async () => {
    throw new AppError("stripe_rate_limited", { detail: "slow", retryable: true });
  };
  const stripe = { paymentIntents: { retrieve } } as unknown as Stripe;
  await expect(retrieveIntent(stripe, (run) => run(), "pi_1")).rejects.toMatchObject({
    code: "stripe_rate_limited",
  });
});

for (const [words, payment, intent, events, atSeconds] of [
  [
    "paid by card",
    "paid",
    found("succeeded", { paidAt: CHARGED }),
    { "checkout.session.completed": CHARGED, "payment_intent.succeeded": CHARGED },
    CHARGED,
  ],
  [
    "paid at an unknown time",
    "paid",
    found("succeeded", {}),
    { "checkout.session.completed": NOW, "payment_intent.succeeded": NOW },
    null,
  ],
  ["with nothing to pay", "no_payment_required", null, { "checkout.session.completed": NOW }, null],
  [
    "under way",
    "unpaid",
    found("processing", {}),
    { "checkout.session.completed": CHARGED, "payment_intent.processing": CHARGED },
    CHARGED,
  ],
  [
    "paid while its session does not say so yet",
    "unpaid",
    found("succeeded", { paidAt: CHARGED + 9 }),
    { "payment_intent.succeeded": CHARGED + 9 },
    CHARGED + 9,
  ],
  [
    "refused by the bank",
    "unpaid",
    found("requires_payment_method", {}, { last_payment_error: { code: "x" } }),
    { "payment_intent.payment_failed": NOW, "checkout.session.async_payment_failed": NOW },
    null,
  ],
  [
    "canceled",
    "unpaid",
    found("canceled", {}, { canceled_at: NOW - 60 }),
    { "payment_intent.canceled": NOW - 60 },
    NOW - 60,
  ],
] as const) {
  test(`a session ${words} is told with the events and the times that Stripe's own would have`, () => {
    const told = tellSession(session(payment), intent, NOW * 1000);
    expect(Object.fromEntries(told.events.map(({ type, created }) => [type, created]))).toEqual(events);
    expect(told.atMs).toBe(atSeconds === null ? null : atSeconds * 1000);
    const again = tellSession(session(payment), intent, NOW * 1000 + 5_000);
    expect(again.events.map(({ id }) => id)).toEqual(told.events.map(({ id }) => id));
  });
}
