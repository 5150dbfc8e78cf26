import { beforeAll, describe, expect, test } from "vitest";
import type { StripeEventShape } from "../../src/webhooks/facts.ts";
import { call, type Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createOpenInvoice, createPayableInvoice, createWorld, eventually } from "../harness/world.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { newIntent } from "../webhooks/payloads/payment.ts";
import { type MoneyWorld, moneyOf, moneyWorld, ordersOf } from "./money-events.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

/** A bank debit by the invoice's link, up to where the bank has not decided. */
const debit = (money: MoneyWorld, name: string) =>
  money.session("completed", 60, {
    id: `cs_${name}`,
    payment_intent: `pi_${name}`,
    payment_status: "unpaid",
  });
const debitFailed = (money: MoneyWorld, name: string) =>
  money.make(
    "payment_intent.payment_failed",
    600,
    newIntent({ id: `pi_${name}`, amount_received: 0, latest_charge: null, metadata: money.metadata }),
  );
const isPayable = (revision: number) => (seen: Json) =>
  seen.payment_link.status === "active" && seen.payment_link.revision === revision;

describe("an open invoice with something due has one link that can be paid, or a reason that somebody was told:", () => {
  test("a debit that used its link up and failed leaves a new link, in every order in which that is heard", async () => {
    const world = await createWorld();
    const events = (money: MoneyWorld, name: string): StripeEventShape[] => [
      debit(money, name),
      money.linkOff(61, undefined, { restrictions: { completed_sessions: { count: 1, limit: 1 } } }),
      debitFailed(money, name),
    ];
    for (const [index, order] of ordersOf([0, 1, 2]).entries()) {
      const money = moneyOf(world, await createPayableInvoice(world));
      const made = events(money, `d${index}`);
      await money.deliver(...order.flatMap((at) => made[at] ?? []));
      expect(await money.until(isPayable(2))).toMatchObject({ status: "open", payment_status: "unpaid" });
      expect(await money.kinds()).not.toContain("link_missing");
    }
  });

  test("so does one of which only its intent told, when Stripe does not say why the link is off", async () => {
    const world = await createWorld();
    for (const [index, order] of ordersOf([0, 1, 2]).entries()) {
      const money = moneyOf(world, await createPayableInvoice(world));
      const begun = newIntent({
        ...{ id: `pi_i${index}`, amount_received: 0, latest_charge: null, metadata: money.metadata },
      });
      const made = [
        money.make("payment_intent.processing", 60, begun),
        money.linkOff(61),
        debitFailed(money, `i${index}`),
      ];
      await money.deliver(...order.flatMap((at) => made[at] ?? []));
      expect(await money.until(isPayable(2))).toMatchObject({ status: "open" });
    }
  });

  test("while the debit is on its way no second link is made, also when part is paid another way", async () => {
    const money = await moneyWorld();
    await money.deliver(debit(money, "w"), money.linkOff(61));
    await money.world.api("POST", `/invoices/${money.invoice.id}/payments`, {
      ...{ amount: 2900, method: "cash", reference: "r" },
    });
    expect((await money.read()).payment_link.revision).toBe(1);
    await money.deliver(debitFailed(money, "w"));
    expect(await money.until(isPayable(2))).toMatchObject({ amount_remaining: 10_000 });
  });

  test("one that somebody switched off at Stripe is told, on the invoice, in its timeline and by a notification, once", async () => {
    const money = await moneyWorld();
    await money.deliver(money.linkOff(60), money.linkOff(70));
    const seen = await money.read();
    expect(seen).toMatchObject({ status: "open", payment_link: { status: "inactive", revision: 1 } });
    expect(seen.payment_link.error).toContain("Somebody switched it off at Stripe");
    expect((await money.kinds()).filter((kind) => kind === "link_missing")).toHaveLength(1);
    await money.world.api("POST", `/invoices/${money.invoice.id}/payment_link`);
    expect((await money.until(isPayable(2))).payment_link.error).toBeNull();
  });

  test("or is made anew, where the settings say so", async () => {
    const world = await createWorld();
    expect((await world.api("PATCH", "/settings", { replace_switched_off_links: true })).status).toBe(200);
    const money = moneyOf(world, await createPayableInvoice(world));
    await money.deliver(money.linkOff(60));
    await money.until(isPayable(2));
    expect(await money.kinds()).not.toContain("link_missing");
  });

  test("what is left and cannot be charged is said, and makes no work that fails", async () => {
    const world = await createWorld();
    const lines = [{ description: "Plan", quantity: 1, unit_amount: 5000 }];
    const { id } = await createOpenInvoice(world, { lines });
    const read = async () => (await world.api("GET", `/invoices/${id}`)).body;
    await eventually(read, (seen) => seen.payment_link.status === "active");
    const pay = (amount: number, reference: string) =>
      world.api("POST", `/invoices/${id}/payments`, { amount, method: "cash", reference });
    expect((await pay(4970, "one")).status).toBe(201);
    const blocked = await eventually(read, (seen) => seen.payment_link.deactivation === "done");
    expect(blocked).toMatchObject({
      ...{ status: "open", amount_remaining: 30 },
      payment_link: { status: "inactive", revision: 1 },
    });
    expect(blocked.payment_link.error).toContain("below the least that Stripe charges");
    const timeline = (await world.api("GET", `/invoices/${id}/timeline`)).body.data;
    expect(timeline.filter((entry: Json) => entry.kind === "link_missing")).toHaveLength(1);
    const asked = await world.api("POST", `/invoices/${id}/payment_link`);
    expect(asked).toMatchObject({ status: 409, body: { code: "invoice_not_payable" } });
    expect(await rowsOf(world, "outbox", "status = 'dead'")).toEqual([]);
    expect(await rowsOf(world, "payment_links")).toHaveLength(1);
    expect((await pay(30, "two")).status).toBe(201);
    expect((await read()).status).toBe("paid");
  });

  test("what a refund makes chargeable again gets a link again", async () => {
    const world = await createWorld();
    const money = moneyOf(world, await createPayableInvoice(world));
    await money.deliver(money.paid("c", 12_880, 0));
    expect((await money.read()).payment_link).toMatchObject({ status: "inactive", revision: 1 });
    await money.deliver(money.refunded("c", 5000, 60));
    expect(await money.until(isPayable(2))).toMatchObject({ amount_remaining: 5020 });
  });
});

describe("while a payment is on its way, a second way to pay", () => {
  test("is refused in words, and made for who means it", async () => {
    const money = await moneyWorld();
    await money.deliver(debit(money, "f"));
    const path = `/invoices/${money.invoice.id}/payment_link`;
    const refused = await money.world.api("POST", path);
    expect(refused).toMatchObject({ status: 409, body: { code: "payment_under_way" } });
    expect(refused.body.detail).toContain("force: true");
    expect((await money.read()).payment_link.revision).toBe(1);
    expect((await money.world.api("POST", path, { force: true })).status).toBe(200);
    await money.until(isPayable(2));
    expect((await money.world.api("POST", path, { force: "yes" })).status).toBe(422);
  });

  test("is not mailed either, and a used-up page never", async () => {
    const money = await moneyWorld();
    await money.deliver(debit(money, "g"));
    const send = (body?: unknown) => money.world.api("POST", `/invoices/${money.invoice.id}/send`, body);
    expect(await send()).toMatchObject({ status: 409, body: { code: "payment_under_way" } });
    expect(await send({ force: true })).toMatchObject({
      status: 409,
      body: { code: "payment_link_not_active" },
    });
    await money.world.api("POST", `/invoices/${money.invoice.id}/payment_link`, { force: true });
    await money.until(isPayable(2));
    // Nothing stands in its way any more but that the test's Worker sends no mails.
    expect((await send({ force: true })).body.code).toBe("email_not_configured");
  });

  test("is refused to nobody once the debit has failed", async () => {
    const money = await moneyWorld();
    await money.deliver(debit(money, "h"), debitFailed(money, "h"));
    await money.until(isPayable(2));
    const path = `/invoices/${money.invoice.id}/payment_link`;
    expect((await call("POST", path, { key: money.world.keys.write })).status).toBe(200);
  });
});
