import { beforeAll, describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createPayableInvoice, createWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { inEveryOrder, moneyOf, moneyWorld } from "./money-events.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
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

test("a dispute that an appeal leaves decided as it was is told to be closed again, once for each decision", async () => {
  const money = await moneyWorld();
  await createDestination(money.world, createReceiver(), { event_types: ["dispute.closed"] });
  const [first, ...later] = [
    ...["won", "won", "appeal_needs_response", "appeal_under_review", "won", "won"].entries(),
  ].map(([nth, status]) => money.disputed("appeal", 12_900, 60 * (nth + 1), { status }));
  if (!first) throw new Error("There is no first decision.");
  await money.deliver(money.paid("appeal", 12_900, 0), first, ...later, first);
  const told = await rowsOf(money.world, "messages", "type = 'dispute.closed'");
  expect(told).toHaveLength(2);
  expect((await money.kinds()).filter((kind) => kind === "dispute_closed")).toHaveLength(2);
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
