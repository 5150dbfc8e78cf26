import { beforeAll, describe, expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createPayableInvoice, createWorld, eventually, testDeps } from "../harness/world.ts";
import { linkAtStripe } from "../invoices/invoice-fixture.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { type MoneyWorld, moneyOf, moneyWorld, ordersOf } from "./money-events.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

const isOn = (money: MoneyWorld) => linkAtStripe(money.world, money.invoice.payment_link.id).active;
/** Somebody at Stripe's dashboard. */
const switchAtStripe = (money: MoneyWorld, active: boolean, id = money.invoice.payment_link.id) => {
  linkAtStripe(money.world, id).active = active;
};
const untilOff = (money: MoneyWorld) =>
  eventually(
    async () => ({ on: isOn(money), link: (await money.read()).payment_link }),
    ({ on, link }) => !on && link.deactivation !== "pending",
  );

describe("a link that somebody switched off at Stripe, and then on again,", () => {
  test("is its invoice's link again, which is told once, in every order in which that is heard", async () => {
    const world = await createWorld();
    const receiver = createReceiver();
    await createDestination(world, receiver, {
      event_types: ["invoice.payment_link_created", "invoice.payment_link_missing"],
    });
    for (const order of ordersOf([0, 1, 2])) {
      const money = moneyOf(world, await createPayableInvoice(world));
      const made = [money.linkOff(60), money.linkOn(70), money.linkOn(70)];
      await money.deliver(...order.flatMap((at) => made[at] ?? []));
      const { payment_link: link } = await money.read();
      expect(link).toMatchObject({ status: "active", revision: 1, error: null });
      expect(isOn(money)).toBe(true);
      const kinds = await money.kinds();
      const [wasMissing, isBack] = ["link_missing", "link_switched_on"].map(
        (kind) => kinds.filter((one) => one === kind).length,
      );
      // That it was off is only noticed where it was heard before.
      expect([wasMissing, isBack]).toEqual(order[0] === 0 ? [1, 1] : [0, 0]);
      const told = await rowsOf(world, "messages", `object_id = '${money.invoice.id}'`);
      expect(told.map(({ type }) => type).sort()).toEqual([
        "invoice.payment_link_created",
        ...(order[0] === 0 ? ["invoice.payment_link_created", "invoice.payment_link_missing"] : []),
      ]);
    }
  });

  test("and off once more is told once more", async () => {
    const money = await moneyWorld();
    await money.deliver(money.linkOff(60), money.linkOn(70), money.linkOff(80));
    expect((await money.read()).payment_link).toMatchObject({ status: "inactive", revision: 1 });
    expect((await money.kinds()).filter((kind) => kind === "link_missing")).toHaveLength(2);
    // What was said before comes late.
    await money.deliver(money.linkOn(75));
    expect((await money.read()).payment_link.status).toBe("inactive");
  });

  test("is switched off where another has taken its place, by the settings or for what is left", async () => {
    const world = await createWorld();
    expect((await world.api("PATCH", "/settings", { replace_switched_off_links: true })).status).toBe(200);
    const money = moneyOf(world, await createPayableInvoice(world));
    await money.deliver(money.linkOff(60));
    await money.until(
      (seen: Json) => seen.payment_link.revision === 2 && seen.payment_link.status === "active",
    );
    await untilOff(money);
    switchAtStripe(money, true);
    await money.deliver(money.linkOn(4_000_000));
    await untilOff(money);
    expect((await money.read()).payment_link).toMatchObject({ status: "active", revision: 2 });
    expect(await money.kinds()).toContain("link_switched_on");

    const partly = await moneyWorld();
    await partly.deliver(partly.linkOff(60));
    const paid = { amount: 2900, method: "cash", reference: "r" };
    await partly.world.api("POST", `/invoices/${partly.invoice.id}/payments`, paid);
    await partly.deliver(partly.linkOn(70));
    await partly.until(
      (seen: Json) => seen.payment_link.revision === 2 && seen.payment_link.status === "active",
    );
    await untilOff(partly);
  });
});

describe("a link that we have switched off", () => {
  test("and that somebody switches on again is off again, each time, and the timeline says all of it", async () => {
    const money = await moneyWorld();
    await money.world.api("POST", `/invoices/${money.invoice.id}/void`);
    await untilOff(money);
    for (const times of [1, 2]) {
      switchAtStripe(money, true);
      await money.deliver(money.linkOn(4_000_000 + times * 1000));
      await untilOff(money);
      const kinds = await money.kinds();
      expect(kinds.filter((kind) => kind === "link_switched_on")).toHaveLength(times);
      expect(kinds.filter((kind) => kind === "link_switched_off")).toHaveLength(times + 1);
    }
    expect(await rowsOf(money.world, "outbox")).toEqual([]);
  });

  test("is left alone by what Stripe had said of it before", async () => {
    const money = await moneyWorld();
    await money.world.api("POST", `/invoices/${money.invoice.id}/void`);
    await untilOff(money);
    await money.deliver(money.linkOn(-4_000_000), money.linkOff(1));
    expect(await money.kinds()).not.toContain("link_switched_on");
    expect((await money.read()).payment_link.deactivation).toBe("done");
  });
});

describe("what a code took off is known by the session alone: an intent that is heard before it", () => {
  const code = (money: MoneyWorld, name: string) => [
    money.make("payment_intent.succeeded", 60, intentOf(money, name)),
    money.session("completed", 60, {
      ...{ id: `cs_${name}`, payment_intent: `pi_${name}`, payment_status: "paid", amount_total: 9900 },
      total_details: { amount_discount: 3000 },
    }),
  ];
  const intentOf = (money: MoneyWorld, name: string) => ({
    ...{ id: `pi_${name}`, object: "payment_intent", amount: 9900, amount_received: 9900, currency: "eur" },
    ...{ latest_charge: `ch_${name}`, metadata: { ...money.metadata, quittance_link_revision: "1" } },
  });

  test("makes no second link meanwhile, and the invoice is paid once its session is heard", async () => {
    const money = await moneyWorld();
    const [intent, session] = code(money, "c");
    await money.deliver(...[intent ?? []].flat());
    expect(await money.read()).toMatchObject({ status: "open", amount_remaining: 3000 });
    expect(await rowsOf(money.world, "payment_links")).toHaveLength(1);
    await money.deliver(...[session ?? []].flat());
    expect(await money.read()).toMatchObject({ status: "paid", amount_discounted: 3000 });
    expect(await rowsOf(money.world, "payment_links")).toHaveLength(1);
  });

  test("leaves its session to be asked for, should it never be heard", async () => {
    const money = await moneyWorld();
    const [intent] = code(money, "lost");
    await money.deliver(...[intent ?? []].flat());
    const sessions = [{ sessionId: "cs_lost", paymentIntentId: "pi_lost" }];
    const settled = await ledger(testDeps(), money.world.scope).findSettledSessions({ sessions });
    expect([...settled]).toEqual([]);
  });

  test("that names no link, or another invoice's, is paid in part, and the rest has a link", async () => {
    const money = await moneyWorld();
    await money.deliver(money.paid("elsewhere", 9900, 60));
    await money.until(
      (seen: Json) => seen.payment_link.revision === 2 && seen.payment_link.status === "active",
    );
  });
});
