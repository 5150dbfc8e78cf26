import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";
import {
  ask,
  atStripe,
  CARD,
  line,
  listeningWorld,
  makeSession,
  postToStripe,
  SETUP,
  SUBSCRIPTION,
} from "./checkout-fixture.ts";

let world: TestWorld;
let customerId: string;

beforeAll(async () => {
  world = await createWorld();
  // Without an address.
  customerId = (await world.api("POST", "/customers", { name: "Ada", email: "ada@example.com" })).body.id;
  await makeDiscounts(world);
});

beforeEach(() => {
  sandbox.world.faults.length = 0;
});

/** FREE takes all off, TENTH 10 %, and each has a code that payers type. */
async function makeDiscounts({ secretKey }: Pick<TestWorld, "secretKey">): Promise<void> {
  for (const [id, percent_off] of Object.entries({ FREE: "100", TENTH: "10" })) {
    await postToStripe(secretKey, "/v1/coupons", { id, percent_off });
    const promotion = { "promotion[type]": "coupon", "promotion[coupon]": id };
    await postToStripe(secretKey, "/v1/promotion_codes", { ...promotion, code: `CODE${id}` });
  }
}

const promotionCode = (id: string) =>
  Object.values(sandbox.accountFor(world.secretKey).promotionCodes).find(({ code }) => code === `CODE${id}`)
    ?.id;
const shown = (id: string) => atStripe(world).find((session) => session.id === id);
const adjustable = (limits: object, quantity = 1) => ({
  ...line(900, {}, quantity),
  adjustable_quantity: { enabled: true, ...limits },
});
const all = {
  allow_promotion_codes: true,
  automatic_tax: { enabled: true },
  tax_id_collection: { enabled: true, required: "if_supported" },
  locale: "de",
};

describe("Stripe is asked for", () => {
  test("all of it, for a payer whom only a mail address tells", async () => {
    const made = await makeSession(world, { ...all, customer_email: "grace@example.com" });
    expect(shown(made.id)).toMatchObject({
      customer: null,
      customer_email: "grace@example.com",
      allow_promotion_codes: true,
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true, required: "if_supported" },
      locale: "de",
    });
  });

  test.each([
    ["automatic tax", { automatic_tax: { enabled: true } }],
    ["tax ids", { tax_id_collection: { enabled: true } }],
    ["both", all],
  ])("%s of a customer without an address", async (_, fields) => {
    for (const mode of [{}, SUBSCRIPTION])
      expect(await ask(world, { ...mode, ...fields, customer_id: customerId })).toMatchObject({
        status: 201,
      });
  });

  test("nothing that was switched off, which beside a discount Stripe would refuse", async () => {
    const off = { enabled: false };
    const fields = { allow_promotion_codes: false, automatic_tax: off, tax_id_collection: off };
    const made = await makeSession(world, { ...fields, discounts: [{ coupon: "TENTH" }] });
    expect(shown(made.id)).toMatchObject({ allow_promotion_codes: null, automatic_tax: off });
    expect(await ask(world, { ...SETUP, line_items: undefined, ...fields })).toMatchObject({ status: 201 });
  });

  test.each([
    ["a coupon", () => ({ coupon: "TENTH" })],
    ["a promotion code", () => ({ promotion_code: promotionCode("TENTH") })],
  ])("%s, and the session costs less", async (_, discount) => {
    const made = await makeSession(world, { discounts: [discount()] });
    expect(made.amount_total).toBe(12_900 - 1290);
  });

  test("less than Stripe charges, where a discount leaves nothing to charge", async () => {
    const made = await makeSession(world, { line_items: [line(30)], discounts: [{ coupon: "FREE" }] });
    expect(made).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" });
  });
});

test("what a payer makes of the quantities is what the session comes to", async () => {
  const listening = await listeningWorld();
  const made = await makeSession(listening, {
    line_items: [adjustable({ minimum: 1, maximum: 10 }), line(100)],
  });
  expect(made.amount_total).toBe(1000);
  await sandbox.pay(listening.accountId, { sessionId: made.id }, { ...CARD, quantity: 7 });
  await sandbox.settle();
  expect(await listening.untilTold(made.id)).toMatchObject({
    payment_status: "paid",
    amount_total: 7 * 900 + 100,
  });
});

const REFUSALS: [string, object, string, RegExp][] = [
  [
    "a customer and a mail address",
    { customer_id: "cus_any", customer_email: "ada@example.com" },
    "customer_email",
    /one of the two/,
  ],
  ["no mail address", { customer_email: "ada" }, "customer_email", /e-mail address/],
  [
    "a discount and codes",
    { allow_promotion_codes: true, discounts: [{ coupon: "TENTH" }] },
    "allow_promotion_codes",
    /either a discount or a code/,
  ],
  ["an empty discount", { discounts: [{}] }, "discounts[0]", /either coupon or promotion_code/],
  [
    "a discount that is both",
    { discounts: [{ coupon: "a", promotion_code: "b" }] },
    "discounts[0]",
    /not both/,
  ],
  ["two discounts", { discounts: [{ coupon: "a" }, { coupon: "b" }] }, "discounts", /takes one/],
  ["no discount at all", { discounts: [] }, "discounts", /./],
  ["an unknown locale", { locale: "xx" }, "locale", /de/],
  [
    "a minimum above the maximum",
    { line_items: [adjustable({ minimum: 5, maximum: 4 })] },
    "line_items[0].adjustable_quantity.minimum",
    /above the maximum, which is 4/,
  ],
  [
    "a minimum above Stripe's own maximum",
    { line_items: [adjustable({ minimum: 100 }, 100)] },
    "line_items[0].adjustable_quantity.minimum",
    /which is 99/,
  ],
  [
    "fewer than payers must choose",
    { line_items: [adjustable({ minimum: 3, maximum: 9 }, 2)] },
    "line_items[0].quantity",
    /3 to 9/,
  ],
  ["more than payers may choose", { line_items: [adjustable({}, 100)] }, "line_items[0].quantity", /0 to 99/],
  [
    "a quantity to change that is none",
    { ...SUBSCRIPTION, line_items: [{ price: "price_metered", adjustable_quantity: { enabled: true } }] },
    "line_items[0].adjustable_quantity",
    /no quantity/,
  ],
  ...["allow_promotion_codes", "discounts", "automatic_tax", "tax_id_collection"].map(
    (name): [string, object, string, RegExp] => [
      `${name} in mode setup`,
      {
        ...SETUP,
        line_items: undefined,
        ...all,
        [name]: name === "discounts" ? [{ coupon: "a" }] : all[name as keyof typeof all],
      },
      name,
      /nothing is sold|either a discount/,
    ],
  ),
];

describe("refused before Stripe is asked, with the place and what helps:", () => {
  test.each(REFUSALS)("%s", async (_, fields, path, words) => {
    const before = atStripe(world).length;
    const answer = await ask(world, fields);
    expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    const places = answer.body.errors as { path: string; message: string }[];
    const place = places.find((one) => one.path === path);
    expect(place, JSON.stringify(places)).toBeDefined();
    expect(place?.message).toMatch(words);
    expect(atStripe(world)).toHaveLength(before);
  });
});

describe("what Stripe alone knows is refused in its words, at the caller's own place:", () => {
  test.each([
    ["a coupon", { coupon: "none" }, "discounts[0].coupon", /No such coupon: 'none'/],
    [
      "a promotion code",
      { promotion_code: "promo_none" },
      "discounts[0].promotion_code",
      /No such promotion code/,
    ],
  ])("%s that is not there", async (_, discount, path, words) => {
    const answer = await ask(world, { discounts: [discount] });
    expect(answer).toMatchObject({ status: 422, body: { code: "stripe_refused" } });
    expect(answer.body.errors).toEqual([{ path, message: expect.stringMatching(words) }]);
  });
});

describe("with 100 % off nothing is paid, and session and message say so:", () => {
  test.each([
    ["a coupon, once", {}, { discounts: [{ coupon: "FREE" }] }, {}],
    ["a code that the payer types, once", {}, { allow_promotion_codes: true }, { promotionCode: "codefree" }],
    ["a coupon for a subscription", SUBSCRIPTION, { discounts: [{ coupon: "FREE" }] }, {}],
    [
      "a code for a subscription",
      SUBSCRIPTION,
      { allow_promotion_codes: true },
      { promotionCode: "CODEFREE" },
    ],
  ])("%s", async (_, mode, fields, typed) => {
    const listening = await listeningWorld();
    await makeDiscounts(listening);
    const made = await makeSession(listening, { ...mode, ...fields });
    const paid = await sandbox.pay(listening.accountId, { sessionId: made.id }, { ...CARD, ...typed });
    expect(paid).toMatchObject({ outcome: "succeeded", paymentIntentId: null });
    await sandbox.settle();
    const told = await listening.untilTold(made.id);
    expect(told).toMatchObject({
      status: "complete",
      payment_status: "no_payment_required",
      amount_total: 0,
      amount_total_decimal: "0.00",
      completed_at: expect.any(String),
    });
    // Whose a subscription is may become known after the message was made.
    const { customer_id: __, updated_at: ___, ...lasting } = told;
    expect((await listening.api("GET", `/checkout_sessions/${made.id}`)).body).toMatchObject(lasting);
    expect((await listening.api("GET", "/payments")).body.data).toEqual([]);
  });
});
