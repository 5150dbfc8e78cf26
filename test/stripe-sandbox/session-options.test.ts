import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { GOOD, monthly, oneTime, setUpApi } from "./api-fixture.ts";

type Params = Stripe.Checkout.SessionCreateParams;

async function setUp() {
  const setup = setUpApi();
  const { stripe } = setup;
  const customer = await stripe.customers.create({ name: "Ada" });
  const coupon = await stripe.coupons.create({ percent_off: 25 });
  const code = await stripe.promotionCodes.create({
    promotion: { type: "coupon", coupon: coupon.id },
    code: "SPRING",
  });
  const make = (params: Params) =>
    stripe.checkout.sessions.create({
      ...{ mode: "payment", success_url: "https://shop.example/ok", line_items: [oneTime(12_900)] },
      ...params,
    });
  return { ...setup, customer, coupon, code, make };
}

const BOTH = { enabled: true };

describe("what goes together", () => {
  it.each<[string, (ids: { customer: string; coupon: string }) => Params, string | null, RegExp]>([
    [
      "codes and a discount, also where codes are switched off",
      ({ coupon }) => ({ allow_promotion_codes: false, discounts: [{ coupon }] }),
      "allow_promotion_codes",
      /only specify one of these parameters: allow_promotion_codes, discounts/,
    ],
    [
      "two discounts",
      ({ coupon }) => ({ discounts: [{ coupon }, { coupon }] }),
      "discounts",
      /maximum 1 allowed/,
    ],
    [
      "a discount that is two",
      () => ({ discounts: [{ coupon: "a", promotion_code: "b" }] }),
      "discounts[0]",
      /exactly one/,
    ],
    [
      "leave to change no customer",
      () => ({ customer_update: { name: "auto" } }),
      "customer_update",
      /`customer`/,
    ],
    [
      "tax ids of a customer without leave to keep the name",
      ({ customer }) => ({ customer, tax_id_collection: BOTH, customer_update: { address: "auto" } }),
      null,
      /`customer_update\[name\]` to `auto`/,
    ],
    [
      "automatic tax of a customer without an address",
      ({ customer }) => ({ customer, automatic_tax: BOTH }),
      null,
      /requires a valid address on the Customer/,
    ],
    ["no mail address", () => ({ customer_email: "ada" }), "customer_email", /Invalid email/],
    [
      "a quantity beyond its limits",
      () => ({ line_items: [{ ...oneTime(100), quantity: 100, adjustable_quantity: BOTH }] }),
      "line_items[0][quantity]",
      /between/,
    ],
    [
      "a discount where nothing is sold",
      ({ coupon }) => ({ mode: "setup", currency: "eur", discounts: [{ coupon }] }),
      "discounts",
      /`setup` mode/,
    ],
  ])("refuses %s", async (_, params, param, words) => {
    const { make, customer, coupon } = await setUp();
    const asked = params({ customer: customer.id, coupon: coupon.id });
    const lines = asked.mode === "setup" ? { line_items: undefined as never } : {};
    await expect(make({ ...asked, ...lines })).rejects.toMatchObject({
      message: expect.stringMatching(words),
      ...(param !== null && { param }),
    });
  });

  it("works out tax for a customer that has an address, or may be given one", async () => {
    const { make, stripe, customer } = await setUp();
    const update = { customer_update: { address: "auto" as const } };
    expect((await make({ customer: customer.id, automatic_tax: BOTH, ...update })).status).toBe("open");
    await stripe.customers.update(customer.id, { address: { country: "DE" } });
    expect((await make({ customer: customer.id, automatic_tax: BOTH })).status).toBe("open");
  });
});

describe("a discount", () => {
  it("comes off the total, line by line, and shows", async () => {
    const { make, stripe, coupon } = await setUp();
    const session = await make({
      discounts: [{ coupon: coupon.id }],
      line_items: [oneTime(1000), oneTime(333)],
    });
    expect(session).toMatchObject({
      amount_subtotal: 1333,
      amount_total: 1333 - 250 - 83,
      total_details: { amount_discount: 333 },
      discounts: [{ coupon: coupon.id, promotion_code: null }],
    });
    const { data } = await stripe.checkout.sessions.listLineItems(session.id);
    expect(data.map(({ amount_discount }) => amount_discount).sort()).toEqual([250, 83]);
  });

  it("of an amount takes no more than there is, in its own currency", async () => {
    const { make, stripe } = await setUp();
    const off = await stripe.coupons.create({ amount_off: 50_000, currency: "eur" });
    expect(await make({ discounts: [{ coupon: off.id }] })).toMatchObject({
      amount_total: 0,
      payment_status: "no_payment_required",
    });
    const dollars = await stripe.coupons.create({ amount_off: 100, currency: "usd" });
    await expect(make({ discounts: [{ coupon: dollars.id }] })).rejects.toThrow(/usd.*eur/);
  });

  it("that leaves less than can be charged is refused", async () => {
    const { make, stripe } = await setUp();
    const most = await stripe.coupons.create({ percent_off: 99 });
    const refused = make({ discounts: [{ coupon: most.id }], line_items: [oneTime(1000)] });
    await expect(refused).rejects.toMatchObject({ code: "amount_too_small" });
  });

  it("is what is charged, by coupon, by code and by what the payer types", async () => {
    const { make, sandbox, coupon, code } = await setUp();
    const paid = async (params: Params, typed: object = {}) => {
      const { id } = await make(params);
      await sandbox.pay("acct_alpha", { sessionId: id }, { ...GOOD, ...typed });
      const account = sandbox.accountFor("sk_test_alpha_1");
      return account.paymentIntents[account.sessionIntents[id] ?? ""]?.amount_received;
    };
    const reduced = 12_900 * 0.75;
    expect(await paid({ discounts: [{ coupon: coupon.id }] })).toBe(reduced);
    expect(await paid({ discounts: [{ promotion_code: code.id }] })).toBe(reduced);
    expect(await paid({ allow_promotion_codes: true }, { promotionCode: "spring" })).toBe(reduced);
    await expect(paid({ allow_promotion_codes: true }, { promotionCode: "none" })).rejects.toThrow(/invalid/);
    await expect(paid({}, { promotionCode: "spring" })).rejects.toThrow(/no promotion codes/);
    const subscription: Params = { mode: "subscription", line_items: [monthly(900)] };
    expect(await paid({ ...subscription, discounts: [{ coupon: coupon.id }] })).toBe(675);
  });

  it("stays where the payer changes a quantity", async () => {
    const { make, sandbox, coupon } = await setUp();
    const line_items = [{ ...oneTime(1000), adjustable_quantity: BOTH }];
    const { id } = await make({ line_items, discounts: [{ coupon: coupon.id }] });
    await sandbox.pay("acct_alpha", { sessionId: id }, { ...GOOD, quantity: 4 });
    expect(sandbox.accountFor("sk_test_alpha_1").sessions[id]?.amount_total).toBe(3000);
  });

  it("by a code that was switched off is refused", async () => {
    const { make, stripe, code } = await setUp();
    await stripe.promotionCodes.update(code.id, { active: false });
    await expect(make({ discounts: [{ promotion_code: code.id }] })).rejects.toThrow(/inactive/);
  });
});
