import { beforeAll, describe, expect, test } from "vitest";
import { checkoutErrors } from "../../src/checkout/check-checkout-session.ts";
import { readBody } from "../../src/checkout/schema.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld, createWorld, type TestWorld } from "../harness/world.ts";
import { ask, atStripe, line, monthly, SETUP, SUBSCRIPTION } from "./checkout-fixture.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createWorld();
});

const many = (count: number, make: (amount: number) => object) =>
  Array.from({ length: count }, () => make(100));
const keys = (count: number) => Object.fromEntries(many(count, line).map((_, n) => [`key${n}`, "value"]));
const inCurrency = (currency: string, unit_amount: number) => line(unit_amount, { currency });
const every = (interval: string, interval_count: number) =>
  line(900, { recurring: { interval, interval_count } });

const REFUSALS: [string, object, string, RegExp][] = [
  ["no mode", { mode: undefined }, "mode", /./],
  ["an unknown mode", { mode: "donation" }, "mode", /payment/],
  ["an unknown field", { coupon: "x" }, "coupon", /Unknown parameter/],
  ["no success_url", { success_url: undefined }, "success_url", /./],
  ["no cancel_url", { cancel_url: undefined }, "cancel_url", /./],
  ["plain http", { success_url: "http://app.example.com/" }, "success_url", /https:\/\/.*localhost/],
  ["no URL", { cancel_url: "/cart" }, "cancel_url", /full URL/],
  ["a script", { success_url: "javascript:alert(1)" }, "success_url", /https/],
  ["a user name", { success_url: "https://a:b@app.example.com" }, "success_url", /user name/],
  ["a backslash", { cancel_url: "https://app.example.com\\@evil.example" }, "cancel_url", /backslash/],
  ["a loopback's look-alike", { cancel_url: "http://localhost.evil.example" }, "cancel_url", /https/],
  ["no line items", { line_items: undefined }, "line_items", /at least one/],
  ["empty line items", { line_items: [] }, "line_items", /at least one/],
  ["neither price nor price_data", { line_items: [{ quantity: 1 }] }, "line_items[0]", /either price/],
  ["both", { line_items: [{ ...line(100), price: "price_1" }] }, "line_items[0]", /not both/],
  [
    "no quantity",
    { line_items: [{ price_data: line(100).price_data }] },
    "line_items[0].quantity",
    /how many/,
  ],
  ["a quantity of 0", { line_items: [line(100, {}, 0)] }, "line_items[0].quantity", /from 1/],
  ["half an amount", { line_items: [line(1.5)] }, "line_items[0].price_data.unit_amount", /minor units/],
  ["a negative amount", { line_items: [line(-1)] }, "line_items[0].price_data.unit_amount", /negative/],
  [
    "a price without a name",
    { line_items: [line(100, { product_data: { name: " " } })] },
    "line_items[0].price_data.product_data.name",
    /what it is/,
  ],
  ["too many lines", { line_items: many(101, line) }, "line_items", /At most 100/],
  [
    "a price that recurs",
    { line_items: [line(100), monthly(900)] },
    "line_items[1].price_data.recurring",
    /mode subscription/,
  ],
  ["a trial", { trial_days: 7 }, "trial_days", /mode subscription/],
  ["a currency beside prices", { currency: "eur" }, "currency", /setup/],
  [
    "a currency that Stripe does not charge",
    { line_items: [inCurrency("xau", 100)] },
    "line_items[0].price_data.currency",
    /does not charge/,
  ],
  [
    "two currencies",
    { line_items: [line(100), inCurrency("usd", 100)] },
    "line_items[1].price_data.currency",
    /USD.*EUR/,
  ],
  ["less than Stripe charges", { line_items: [line(49)] }, "line_items", /at least 50/],
  ["more than Stripe charges", { line_items: [line(60_000_000), line(60_000_000)] }, "line_items", /at most/],
  [
    "one price beyond it",
    { line_items: [line(100_000_000)] },
    "line_items[0].price_data.unit_amount",
    /at most/,
  ],
  [
    "a last digit that must be 0",
    { line_items: [inCurrency("kwd", 10_241)] },
    "line_items[0].price_data.unit_amount",
    /10240 or 10250/,
  ],
  [
    "decimals that must be 00",
    { line_items: [inCurrency("isk", 10_050)] },
    "line_items[0].price_data.unit_amount",
    /00/,
  ],
  [
    "a sum past counting",
    { line_items: [line(2 ** 53 - 1, {}, 999_999)] },
    "line_items[0].price_data.unit_amount",
    /at most twelve digits/,
  ],
  [
    "metadata that names an invoice",
    { metadata: { invoice_id: "inv_1" } },
    "metadata.invoice_id",
    /payment link/,
  ],
  ["46 keys of metadata", { metadata: keys(46) }, "metadata", /45/],
  ["a long value of metadata", { metadata: { a: "x".repeat(501) } }, "metadata.a", /500/],
  ["a long reference", { client_reference_id: "x".repeat(201) }, "client_reference_id", /200/],
  ["a customer that is not there", { customer_id: "cus_none" }, "customer_id", /no customer/],
  [
    "a subscription that never recurs",
    { ...SUBSCRIPTION, line_items: [line(100)] },
    "line_items",
    /at least one price recurs/,
  ],
  ["a trial of no days", { ...SUBSCRIPTION, trial_days: 0 }, "trial_days", /at least 1/],
  ["a trial of two years and a day", { ...SUBSCRIPTION, trial_days: 731 }, "trial_days", /730/],
  [
    "more that recur than Stripe takes",
    { ...SUBSCRIPTION, line_items: many(21, monthly) },
    "line_items",
    /20/,
  ],
  [
    "more that do not",
    { ...SUBSCRIPTION, line_items: [monthly(900), ...many(21, line)] },
    "line_items",
    /20/,
  ],
  [
    "a bill every 37 months",
    { ...SUBSCRIPTION, line_items: [every("month", 37)] },
    "line_items[0].price_data.recurring.interval_count",
    /at most 36/,
  ],
  [
    "a sum too small on trial",
    { ...SUBSCRIPTION, trial_days: 7, line_items: [monthly(900), line(49)] },
    "line_items",
    /at least 50/,
  ],
  ["line items in mode setup", { ...SETUP, line_items: [line(100)] }, "line_items", /leave line_items out/],
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

  test("every failing place is named at once", async () => {
    const fields = { success_url: "ftp://x", trial_days: 7, line_items: [monthly(900), { quantity: 1 }] };
    const paths = (await ask(world, fields)).body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual([
      "success_url",
      "trial_days",
      "line_items[0].price_data.recurring",
      "line_items[1]",
    ]);
  });
});

describe("taken:", () => {
  test.each([
    ["a loopback address in a test environment", { success_url: "http://localhost:3000/thanks" }],
    ["another one", { cancel_url: "http://127.0.0.1:8787/" }],
    ["the most lines", { line_items: many(100, line) }],
    ["the longest trial", { ...SUBSCRIPTION, trial_days: 730 }],
    ["a bill every three years", { ...SUBSCRIPTION, line_items: [every("year", 3)] }],
    ["small prices with a sum that is not", { line_items: [line(10, {}, 5)] }],
    ["dinars whose last digit is 0", { line_items: [inCurrency("kwd", 10_240)] }],
    ["forty-five keys of metadata", { metadata: keys(45) }],
  ])("%s", async (_, fields) => {
    expect(await ask(world, fields)).toMatchObject({ status: 201 });
  });
});

test("in a live environment payers are sent to https alone, whatever the address", () => {
  const input = readBody({
    mode: "setup",
    success_url: "http://localhost:3000/",
    cancel_url: "https://app.example.com/",
  });
  expect(checkoutErrors(input, false)).toEqual([]);
  expect(checkoutErrors(input, true)).toEqual([
    { path: "success_url", message: expect.stringContaining("live environment") },
  ]);
});

describe("without a connection that works", () => {
  test("there is none: 409, and nothing is made", async () => {
    const bare = await createTenantWorld();
    expect(await ask(bare)).toMatchObject({ status: 409, body: { code: "connection_missing" } });
  });

  test("it is switched off: 409 for making and for looking", async () => {
    const off = await createWorld();
    const { id } = (await ask(off)).body;
    await off.api("PATCH", `/connections/${off.connectionId}`, { is_active: false });
    expect(await ask(off)).toMatchObject({ status: 409, body: { code: "connection_disabled" } });
    const looked = await off.api("GET", `/checkout_sessions/${id}`);
    expect(looked).toMatchObject({ status: 409, body: { code: "connection_disabled" } });
    expect(atStripe(off)).toHaveLength(1);
  });

  test("its key was revoked: 422 in Stripe's words", async () => {
    const revoked = await createWorld();
    sandbox.world.revokedKeys.push(revoked.secretKey);
    expect(await ask(revoked)).toMatchObject({
      status: 422,
      body: { code: "stripe_authentication_failed" },
    });
  });
});

describe("what Stripe alone knows is refused in its words, at the caller's own place:", () => {
  test.each([
    [
      "a price that does not exist",
      { line_items: [line(100), { price: "price_none", quantity: 1 }] },
      "line_items[1].price",
      /No such price/,
    ],
    [
      "no quantity for a price that has one",
      { line_items: [{ price: "price_none" }] },
      "line_items[0].price",
      /No such price/,
    ],
  ])("%s", async (_, fields, path, words) => {
    const answer = await ask(world, fields);
    expect(answer).toMatchObject({ status: 422, body: { code: "stripe_refused" } });
    expect(answer.body.errors).toEqual([{ path, message: expect.stringMatching(words) }]);
    expect(answer.body.detail).toMatch(words);
  });
});
