import { beforeAll, describe, expect, test } from "vitest";
import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createPayableInvoice, createWorld } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { CREATED, list } from "../webhooks/payloads/event.ts";
import { newCharge, newIntent } from "../webhooks/payloads/payment.ts";
import { newRefund } from "../webhooks/payloads/refund-dispute.ts";
import { booked, type MoneyWorld, moneyOf, moneyWorld, ordersOf } from "./money-events.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

/** The same events in every order, each on an invoice of its own. */
async function inEveryOrder(
  events: (money: MoneyWorld, name: string) => StripeEventShape[],
  check: (money: MoneyWorld) => Promise<void>,
): Promise<void> {
  const world = await createWorld();
  const orders = ordersOf([...events(moneyOf(world, { id: "count" }), "count").keys()]);
  for (const [index, order] of orders.entries()) {
    const money = moneyOf(world, await createPayableInvoice(world));
    const made = events(money, `o${index}`);
    await money.deliver(...order.flatMap((at) => made[at] ?? []));
    await check(money);
  }
}

describe("an open invoice owes what is due less what was paid and has stayed:", () => {
  test("what was refunded before it was paid is owed again, whatever the order of arrival, and its link asks for it", async () => {
    await inEveryOrder(
      (money, name) => [
        money.paid(`${name}a`, 5000, 0),
        money.refunded(`${name}a`, 5000, 60),
        money.paid(`${name}b`, 7900, 120),
      ],
      async (money) => {
        expect(await money.read()).toMatchObject({
          status: "open",
          payment_status: "partially_paid",
          amount_paid: 12_900,
          amount_refunded: 5000,
          amount_remaining: 5000,
          paid_at: null,
        });
        const linked = await money.until((seen) => seen.payment_link.status === "active");
        const [link] = await rowsOf(
          money.world,
          "payment_links",
          `revision = ${linked.payment_link.revision} AND invoice_id = '${linked.id}'`,
        );
        expect(link?.amount_minor).toBe(5000);
      },
    );
  });

  test("once it is paid it stays paid, and shows what went back, whatever the order of arrival", async () => {
    await inEveryOrder(
      (money, name) => [
        money.paid(`${name}a`, 5000, 0),
        money.paid(`${name}b`, 7900, 60),
        money.refunded(`${name}a`, 5000, 120),
      ],
      async (money) =>
        expect(await money.read()).toMatchObject({
          status: "paid",
          payment_status: "partially_refunded",
          amount_refunded: 5000,
          amount_remaining: 0,
        }),
    );
  });

  test("what a lost dispute took before it was paid is owed again; one that is not decided holds nothing up", async () => {
    const lost = (status: string) =>
      inEveryOrder(
        (money, name) => [
          money.paid(`${name}a`, 5000, 0),
          money.disputed(`${name}a`, 5000, 60, { status, balance_transactions: booked(-5000) }),
          money.paid(`${name}b`, 7900, 120),
        ],
        async (money) =>
          expect(await money.read()).toMatchObject({
            status: status === "lost" ? "open" : "paid",
            payment_status: "disputed",
            amount_disputed: 5000,
            amount_remaining: status === "lost" ? 5000 : 0,
          }),
      );
    await lost("lost");
    await lost("under_review");
  });

  test("one that was taken for paid and is not is told to be open again, and told to be paid again later", async () => {
    const money = await moneyWorld();
    await money.deliver(
      money.paid("ra", 5000, 0),
      money.paid("rb", 7900, 120),
      money.refunded("ra", 5000, 60),
    );
    expect(await money.read()).toMatchObject({ status: "open", amount_remaining: 5000 });
    await money.deliver(money.paid("rc", 5000, 180));
    expect(await money.read()).toMatchObject({ status: "paid", payment_status: "paid" });
    const kinds = await money.kinds();
    expect(kinds.filter((kind) => kind === "paid")).toHaveLength(2);
    expect(kinds.filter((kind) => kind === "reopened")).toHaveLength(1);
  });

  test("a refund that failed gives back what was owed", async () => {
    const money = await moneyWorld();
    await money.deliver(
      money.paid("fa", 5000, 0),
      money.refunded("fa", 5000, 60),
      money.paid("fb", 7900, 120),
    );
    expect((await money.read()).status).toBe("open");
    await money.deliver(money.refunded("fa", 5000, 180, { status: "failed" }));
    expect(await money.read()).toMatchObject({ status: "paid", payment_status: "paid", amount_refunded: 0 });
    expect(await money.kinds()).toContain("paid");
  });
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

describe("each thing is told once, and as it is:", () => {
  test("a surplus that was refunded leaves the invoice paid", async () => {
    const money = await moneyWorld();
    await money.deliver(money.paid("s", 12_900, 0), money.paid("t", 12_900, 60));
    expect(await money.read()).toMatchObject({ payment_status: "overpaid" });
    await money.deliver(money.refunded("t", 12_900, 120));
    expect(await money.read()).toMatchObject({
      status: "paid",
      payment_status: "paid",
      amount_refunded: 12_900,
    });
  });

  test("that it is overpaid is told once for each payment too many, in every order", async () => {
    await inEveryOrder(
      (money, name) => [
        money.paid(`${name}a`, 12_900, 0),
        money.paid(`${name}b`, 12_900, 60),
        money.charged(`${name}a`, 12_900, 0),
      ],
      async (money) => {
        const kinds = await money.kinds();
        expect(kinds.filter((kind) => kind === "overpaid")).toHaveLength(1);
        expect(kinds.filter((kind) => kind === "paid")).toHaveLength(1);
      },
    );
  });

  test("of two invoices that events of one payment name, the one that it was found to pay is changed, and the log says so", async () => {
    const world = await createWorld();
    const [one, other] = [await createPayableInvoice(world), await createPayableInvoice(world)];
    const [a, b] = [moneyOf(world, one), moneyOf(world, other)];
    const late = b.session("completed", 60, { id: "cs_both", payment_intent: "pi_both", payment_link: null });
    await a.deliver(a.paid("both", 12_900, 0), late, b.charged("both", 12_900, 60));
    expect((await a.read()).status).toBe("paid");
    expect(await b.read()).toMatchObject({ status: "open", amount_paid: 0 });
    const changed = async (id: string) =>
      (await world.api("GET", `/webhook_events?invoice_id=${id}`)).body.data.map(
        (seen: { type: string }) => seen.type,
      );
    expect(await changed(other.id)).toEqual([]);
    expect((await changed(one.id)).sort()).toEqual([
      "charge.succeeded",
      "checkout.session.completed",
      "payment_intent.succeeded",
    ]);
  });
});

describe("an invoice over nothing, and what a code takes off:", () => {
  test("lines that sum to 0 are paid when the invoice is finalised, without a link", async () => {
    const world = await createWorld();
    const lines = [
      { description: "Plan", quantity: 1, unit_amount: 12_900 },
      { description: "Credit", quantity: 1, unit_amount: -12_900 },
    ];
    const invoice = await createOpenInvoice(world, { lines });
    expect(invoice).toMatchObject({
      status: "paid",
      payment_status: "paid",
      amount_due: 0,
      amount_remaining: 0,
      payment_link: null,
    });
    expect(invoice.paid_at).toBe(invoice.finalized_at);
    const draft = await createOpenInvoice(world, { lines, finalize: false });
    expect(draft).toMatchObject({ status: "draft", paid_at: null });
    const finalized = await world.api("POST", `/invoices/${draft.id}/finalize`);
    expect(finalized).toMatchObject({ status: 200, body: { status: "paid", payment_link: null } });
    expect(sandbox.accountFor(world.secretKey).paymentLinks).toEqual({});
  });

  test.each([
    ["as Stripe tells it", { total_details: { amount_discount: 12_900 }, amount_subtotal: 12_900 }],
    ["where only the link tells what it asked for", { total_details: null, amount_subtotal: null }],
  ])("a code that takes off everything pays the invoice and shows: %s", async (_, fields) => {
    const money = await moneyWorld();
    const nothing = { id: `cs_${money.invoice.id}`, payment_intent: null, amount_total: 0 };
    const completed = { ...nothing, payment_status: "no_payment_required", ...fields };
    await money.deliver(money.session("completed", 60, completed));
    expect(await money.read()).toMatchObject({
      status: "paid",
      payment_status: "paid",
      amount_paid: 0,
      amount_discounted: 12_900,
      amount_remaining: 0,
      payment_link: { status: "used" },
    });
    expect(await money.kinds()).toEqual(expect.arrayContaining(["discounted", "paid"]));
  });

  test("a code that takes off part counts beside what was paid, whichever event comes first", async () => {
    await inEveryOrder(
      (money, name) => [
        money.paid(name, 10_000, 60),
        money.session("completed", 60, {
          ...{ id: `cs_${name}`, payment_intent: `pi_${name}`, amount_total: 10_000 },
          total_details: { amount_discount: 2900 },
        }),
      ],
      async (money) =>
        expect(await money.read()).toMatchObject({
          ...{ status: "paid", payment_status: "paid", amount_paid: 10_000, amount_discounted: 2900 },
        }),
    );
  });

  test("a code takes off what is owed, and makes nothing overpaid", async () => {
    const money = await moneyWorld();
    const late = {
      id: "cs_late",
      payment_intent: null,
      amount_total: 0,
      payment_status: "no_payment_required",
    };
    await money.deliver(money.paid("late", 12_900, 0), money.session("completed", 60, late));
    expect(await money.read()).toMatchObject({
      ...{ status: "paid", payment_status: "paid", amount_paid: 12_900, amount_discounted: 0 },
    });
    expect(await money.kinds()).not.toContain("overpaid");
  });

  test("money that came while the invoice was a draft counts when it is finalised", async () => {
    const world = await createWorld();
    const money = moneyOf(world, await createOpenInvoice(world, { finalize: false }));
    await money.deliver(money.paid("draft", 12_900, 0));
    expect(await money.read()).toMatchObject({ status: "draft", paid_at: null });
    await world.api("POST", `/invoices/${money.invoice.id}/finalize`);
    expect((await money.read()).status).toBe("paid");
    expect(await rowsOf(world, "outbox", "status = 'dead'")).toEqual([]);
  });
});
