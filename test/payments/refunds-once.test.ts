import { describe, expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { sandbox } from "../harness/sandbox.ts";
import { eventually } from "../harness/world.ts";
import { atStripe, fault, invoiceOf, type Paid, paidWorld, refundsOf } from "./refund-fixture.ts";

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

describe("a refund in doubt", () => {
  test("that Stripe has made is no other call's: a key of its own makes another", async () => {
    const world = await paidWorld();
    fault("cut_after");
    expect((await refundOnce(world, { amount: 5000 }, "a")).status).toBe(502);
    const other = await refundOnce(world, { amount: 5000 }, "b");
    const first = await refundOnce(world, { amount: 5000 }, "a");
    expect([first.status, other.status]).toEqual([201, 201]);
    expect(first.body.id).not.toBe(other.body.id);
    expect(atStripe(world)).toHaveLength(2);
  });

  test("that Stripe does not have stands in the way of others for five minutes, and of its own call never", async () => {
    const world = await paidWorld();
    fault("cut_before");
    expect((await refundOnce(world, { amount: 5000 }, "a")).status).toBe(502);
    const early = await refundOnce(world, { amount: 5000 }, "b");
    expect(early).toMatchObject({ status: 409, body: { code: "refund_in_doubt" } });
    await ledgerSql(world.scope).prepare("UPDATE refunds SET updated_at_ms = updated_at_ms - 300001").run();
    const late = await refundOnce(world, { amount: 5000 }, "b");
    const first = await refundOnce(world, { amount: 5000 }, "a");
    expect([late.status, first.status]).toEqual([201, 201]);
    expect(first.body.id).not.toBe(late.body.id);
    expect(atStripe(world)).toHaveLength(2);
    expect(await refundsOf(world)).toHaveLength(2);
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

  test("two calls with keys of their own are two refunds, or the second is refused while the first is made", async () => {
    for (const keys of [["a", "b"], ["a"], []]) {
      const world = await paidWorld();
      const [one, other] = await Promise.all(
        [0, 1].map((index) => refundOnce(world, { amount: 5000 }, keys[index])),
      );
      const made = [one, other].filter((answer) => answer?.status === 201);
      const refused = [one, other].filter((answer) => answer?.status !== 201);
      expect(new Set(made.map((answer) => answer?.body.id)).size).toBe(made.length);
      expect(atStripe(world)).toHaveLength(made.length);
      for (const answer of refused)
        expect(answer).toMatchObject({ status: 409, body: { code: "refund_in_doubt" } });
      expect(made.length).toBeGreaterThan(0);
    }
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

function refundOnce(world: Paid, body: unknown, key?: string) {
  const headers = key === undefined ? undefined : { "idempotency-key": key };
  return world.api("POST", `/payments/${world.paymentId}/refunds`, body, headers);
}
