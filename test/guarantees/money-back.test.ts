import { beforeAll, describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { createPayableInvoice, createWorld } from "../harness/world.ts";
import { CREATED, list } from "../webhooks/payloads/event.ts";
import { newCharge, newIntent } from "../webhooks/payloads/payment.ts";
import { newRefund } from "../webhooks/payloads/refund-dispute.ts";
import { booked, inEveryOrder, moneyOf, moneyWorld } from "./money-events.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

describe("of a payment never more is refunded and disputed than was paid:", () => {
  test("what a dispute took is what its balance transactions say", async () => {
    const money = await moneyWorld();
    await money.deliver(
      money.paid("d", 12_900, 0),
      money.refunded("d", 3000, 60),
      money.disputed("d", 12_900, 120, { balance_transactions: booked(-12_900, 3000) }),
    );
    expect(await money.read()).toMatchObject({ amount_refunded: 3000, amount_disputed: 9900 });
  });

  test.each([
    ["nothing is told", [], 9900],
    ["more was withdrawn than refunds left", booked(-12_900), 9900],
    ["all came back", booked(-12_900, 12_900), 0],
    ["less was withdrawn", booked(-5000), 5000],
  ])("of 129.00, of which 30.00 were refunded: %s", async (_, balance_transactions, disputed) => {
    const money = await moneyWorld();
    await money.deliver(
      money.paid("dd", 12_900, 0),
      money.refunded("dd", 3000, 60),
      money.disputed("dd", 12_900, 120, { balance_transactions }),
    );
    expect(await money.read()).toMatchObject({ amount_refunded: 3000, amount_disputed: disputed });
  });

  test("several disputes of one payment take no more together", async () => {
    const money = await moneyWorld();
    await money.deliver(
      money.paid("m", 12_900, 0),
      money.disputed("m", 8000, 60, { id: "du_one", balance_transactions: booked(-8000) }),
      money.disputed("m", 8000, 120, {
        id: "du_two",
        status: "under_review",
        balance_transactions: booked(-8000),
      }),
    );
    expect((await money.read()).amount_disputed).toBe(12_900);
  });

  test("one that was won only in part has taken the rest; one that was won gives all back", async () => {
    const money = await moneyWorld();
    const won = (at: number, ...amounts: number[]) =>
      money.disputed("w", 12_900, at, { status: "won", balance_transactions: booked(...amounts) });
    await money.deliver(money.paid("w", 12_900, 0), won(60, -12_900));
    expect(await money.read()).toMatchObject({ amount_disputed: 0, payment_status: "paid" });
    await money.deliver(won(120, -12_900, 9900));
    expect(await money.read()).toMatchObject({ amount_disputed: 3000, payment_status: "disputed" });
  });

  test("the rest of a disputed payment is refunded where Stripe allows it, and no more than the rest", async () => {
    const world = await createWorld();
    const money = moneyOf(world, await createPayableInvoice(world));
    await sandbox.pay(
      world.accountId,
      { paymentLinkId: money.invoice.payment_link.id },
      { card: "4242424242424242" },
    );
    const intent = Object.values(sandbox.accountFor(world.secretKey).paymentIntents)[0];
    const name = intent?.id.slice(3) ?? "";
    const dispute = (more: Record<string, unknown>) =>
      money.disputed(name, 3000, 60, { balance_transactions: booked(-3000), ...more });
    await money.deliver(money.paid(name, 12_900, 0), dispute({ is_charge_refundable: true }));
    const [payment] = (await world.api("GET", `/payments?invoice_id=${money.invoice.id}`)).body.data;
    const refund = (amount?: number) => world.api("POST", `/payments/${payment.id}/refunds`, { amount });
    expect(await refund(9901)).toMatchObject({ status: 422, body: { code: "refund_too_large" } });
    expect(await refund(5000)).toMatchObject({ status: 201, body: { amount: 5000 } });
    await money.deliver(money.disputed(name, 3000, 120, { is_charge_refundable: false }));
    expect(await refund(1000)).toMatchObject({ status: 409, body: { code: "payment_not_refundable" } });
  });
});

test("the part of an authorisation that was released is no refund; what was refunded beside it is", async () => {
  const money = await moneyWorld();
  const charge = (at: number, ...refunds: [id: string, amount: number, created: number][]) =>
    money.make("charge.refunded", at, {
      ...newCharge({ id: "ch_rel", payment_intent: "pi_rel", metadata: money.metadata }),
      ...{ captured: true, amount: 12_900, amount_captured: 10_000 },
      amount_refunded: refunds.reduce((sum, [, amount]) => sum + amount, 0),
      refunds: list(
        "/v1/charges/ch_rel/refunds",
        refunds.map(([id, amount, created]) =>
          newRefund({
            id,
            amount,
            created: CREATED + created,
            payment_intent: "pi_rel",
            charge: "ch_rel",
            metadata: {},
          }),
        ),
      ),
    });
  await money.deliver(money.paid("rel", 10_000, 0), charge(10, ["re_released", 2900, 1]));
  expect(await money.read()).toMatchObject({ amount_paid: 10_000, amount_refunded: 0 });
  await money.deliver(charge(60, ["re_true", 2900, 50], ["re_released", 2900, 1]));
  expect(await money.read()).toMatchObject({ amount_paid: 10_000, amount_refunded: 2900 });
});

test("where only the payment tells what was released, its refund is none either, in every order", async () => {
  await inEveryOrder(
    (money, name) => [
      money.make("payment_intent.succeeded", 0, {
        ...newIntent({ id: `pi_${name}`, latest_charge: `ch_${name}`, metadata: money.metadata }),
        ...{ amount: 12_900, amount_received: 10_000 },
      }),
      { ...money.refunded(name, 2900, 5), api_version: "2024-06-20" },
      { ...money.refunded(name, 1000, 60), api_version: "2024-06-20" },
    ],
    async (money) =>
      expect(await money.read()).toMatchObject({
        amount_paid: 10_000,
        amount_refunded: 1000,
        status: "open",
      }),
  );
});
