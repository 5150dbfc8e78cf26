import { describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { eventually } from "../harness/world.ts";
import { atStripe, fault, invoiceOf, paidWorld, refundsOf } from "./refund-fixture.ts";

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
