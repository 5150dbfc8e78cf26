import { beforeAll, describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { rowsOf } from "../webhooks/deliver.ts";
import { booked, inEveryOrder, moneyWorld } from "./money-events.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

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
