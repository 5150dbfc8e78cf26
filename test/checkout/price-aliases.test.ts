import { beforeAll, describe, expect, test } from "vitest";
import { checkoutErrors } from "../../src/checkout/check-checkout-session.ts";
import { priceNameProblem } from "../../src/checkout/price-names.ts";
import { readBody } from "../../src/checkout/schema.ts";
import { priceProblem } from "../../src/checkout/set-price-alias.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld, createWorld, type TestWorld } from "../harness/world.ts";
import {
  ask,
  atStripe,
  line,
  makePrice,
  makePriceOnce,
  makeSession,
  postToStripe,
  SUBSCRIPTION,
} from "./checkout-fixture.ts";

let world: TestWorld;
let monthlyPrice: string;
let oncePrice: string;

beforeAll(async () => {
  world = await createWorld();
  monthlyPrice = await makePrice(world.secretKey);
  oncePrice = await makePriceOnce(world.secretKey);
  await name("starter", monthlyPrice);
  await name("workshop", oncePrice);
});

const name = (alias: string, price: string) => world.api("PUT", `/price_aliases/${alias}`, { price });
const priced = (price: string, quantity: number | undefined = 1) => ({ price, quantity });
const linesAt = (sessionId: string) => sandbox.accountFor(world.secretKey).sessionLineItems[sessionId];

describe("a name", () => {
  test("shows what Stripe says of its price", async () => {
    const { status, body } = await name("pro", await makePrice(world.secretKey, { unit_amount: "2900" }));
    expect(status).toBe(200);
    expect(body).toEqual({
      id: "pro",
      object: "price_alias",
      price: expect.stringMatching(/^price_/),
      type: "recurring",
      recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
      currency: "EUR",
      unit_amount: 2900,
      unit_amount_decimal: "29.00",
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await world.api("GET", "/price_aliases/pro")).body).toEqual(body);
    const { data } = (await world.api("GET", "/price_aliases")).body;
    expect(data.find(({ id }: { id: string }) => id === "pro")).toEqual(body);
    expect((await world.api("GET", "/price_aliases/workshop")).body).toMatchObject({
      type: "one_time",
      recurring: null,
      unit_amount_decimal: "49.00",
    });
  });

  test("is given, given another price and taken away, each in the audit log, and the same again is none", async () => {
    await name("team", monthlyPrice);
    await name("team", monthlyPrice);
    expect((await name("team", oncePrice)).body).toMatchObject({ price: oncePrice, type: "one_time" });
    const gone = await world.api("DELETE", "/price_aliases/team");
    expect(gone).toMatchObject({ status: 200, body: { id: "team", object: "price_alias", deleted: true } });
    expect((await world.api("DELETE", "/price_aliases/team")).status).toBe(404);
    expect((await world.api("GET", "/price_aliases/team")).status).toBe(404);
    const { data } = (await world.api("GET", "/audit_log?object_id=team")).body;
    const acts = data.map(({ action, detail }: Record<string, unknown>) => [action, detail]);
    expect(acts).toHaveLength(3);
    expect(acts).toEqual(
      expect.arrayContaining([
        ["price_alias.created", { price: monthlyPrice }],
        ["price_alias.changed", { price: { from: monthlyPrice, to: oncePrice } }],
        ["price_alias.deleted", { price: oncePrice }],
      ]),
    );
  });

  test.each([
    ["a price that is not there", "price_none", /no price 'price_none'.*acct_/],
    ["what is no id", "../customers", /price_1Q/],
  ])("of %s is refused at price", async (_, price, words) => {
    const answer = await name("wrong", price);
    expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    expect(answer.body.errors).toEqual([{ path: "price", message: expect.stringMatching(words) }]);
  });

  test("of an archived price is refused at price", async () => {
    const archived = await makePrice(world.secretKey, { active: "false" });
    const answer = await name("wrong", archived);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ path: "price", message: expect.stringMatching(/archived/) }]);
    expect((await world.api("GET", "/price_aliases/wrong")).status).toBe(404);
  });

  test("of a price of the other mode is refused, in either direction", () => {
    const price = { id: "price_1", active: true, livemode: true };
    expect(priceProblem(price, true)).toBeNull();
    expect(priceProblem(price, false)).toMatch(/price of live mode.*environment is of test mode/);
    expect(priceProblem({ ...price, livemode: false }, true)).toMatch(/price of test mode/);
  });

  test.each([
    "price_1Q2w3E",
    "plan_pro",
    "prod_Abc",
    "sub_1Q2w3E4r5T6y7U",
    "Starter",
    "",
    "a b",
    "_a",
    "a".repeat(65),
  ])("'%s' is none", (text) => {
    expect(priceNameProblem(text)).not.toBeNull();
  });

  test.each(["starter", "pro-monthly", "team_annually_discounted", "2026.pro", "a".repeat(64)])(
    "'%s' is one",
    (text) => {
      expect(priceNameProblem(text)).toBeNull();
    },
  );

  test("that looks like an id of Stripe's is refused with the path", async () => {
    const answer = await name("price_1Q2w3E4r", monthlyPrice);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ path: "id", message: expect.stringMatching(/looks like an id/) }]);
  });

  test("needs a connection", async () => {
    const bare = await createTenantWorld();
    const answer = await bare.api("PUT", "/price_aliases/starter", { price: "price_1" });
    expect(answer).toMatchObject({ status: 409, body: { code: "connection_missing" } });
  });
});

describe("a checkout session", () => {
  test("takes a name in the place of an id, beside ids and prices made on the spot", async () => {
    const lines = [priced("starter", 3), priced(monthlyPrice), line(900), priced("workshop")];
    const made = await makeSession(world, { ...SUBSCRIPTION, line_items: lines });
    expect(made.amount_total).toBe(3 * 500 + 500 + 900 + 4900);
    expect(linesAt(made.id)?.map(({ price }) => price?.id)).toMatchObject([
      monthlyPrice,
      monthlyPrice,
      {},
      oncePrice,
    ]);
  });

  test("takes the price that the name has now", async () => {
    await name("moving", monthlyPrice);
    await name("moving", oncePrice);
    const made = await makeSession(world, { line_items: [priced("moving")] });
    expect(made.amount_total).toBe(4900);
  });

  test.each([
    [
      "a name that there is not",
      { line_items: [priced("workshop"), priced("stater")] },
      "line_items[1].price",
      /No price is named 'stater'.*starter.*workshop.*PUT \/api\/v1\/price_aliases\/stater/,
    ],
    [
      "a name that recurs in mode payment",
      { line_items: [priced("starter")] },
      "line_items[0].price",
      /'starter' is paid every month: use mode subscription/,
    ],
    [
      "names in mode subscription of which none recurs",
      { mode: "subscription", line_items: [priced("workshop")] },
      "line_items",
      /at least one price recurs/,
    ],
    [
      "a name without a quantity",
      { line_items: [{ price: "workshop" }] },
      "line_items[0].quantity",
      /how many/,
    ],
  ])("with %s is refused before Stripe is asked", async (_, fields, path, words) => {
    const before = atStripe(world).length;
    const answer = await ask(world, fields);
    expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    expect(answer.body.errors).toEqual([{ path, message: expect.stringMatching(words) }]);
    expect(atStripe(world)).toHaveLength(before);
  });

  test("with a name whose price was archived since says so, by the name", async () => {
    const price = await makePriceOnce(world.secretKey);
    await name("retired", price);
    await postToStripe(world.secretKey, `/v1/prices/${price}`, { active: "false" });
    const answer = await ask(world, { line_items: [priced("workshop"), priced("retired")] });
    expect(answer).toMatchObject({ status: 422, body: { code: "stripe_refused" } });
    expect(answer.body.errors).toEqual([
      {
        path: "line_items[1].price",
        message: expect.stringMatching(/inactive.*'retired' stands for it.*price_aliases\/retired/),
      },
    ]);
  });

  test("where no price has a name, one says so", async () => {
    const bare = await createWorld();
    const answer = await ask(bare, { line_items: [priced("starter")] });
    expect(answer.body.errors).toEqual([
      { path: "line_items[0].price", message: expect.stringMatching(/No price has a name yet/) },
    ]);
  });

  test("takes no quantity of a price that is billed by what was used", () => {
    const interval = "month" as const;
    const row = {
      ...{ priceId: "price_1", currency: "EUR", unitAmount: "0.5", interval, intervalCount: 1 },
      ...{ isMetered: true, name: "calls" },
    };
    const input = readBody({ ...SUBSCRIPTION, mode: "subscription", line_items: [priced("price_1")] });
    const errorsOf = (quantity: number | undefined) =>
      checkoutErrors(
        { ...input, lines: [{ price: "price_1", inlinePrice: undefined, named: row, quantity }] },
        false,
      );
    expect(errorsOf(undefined)).toEqual([]);
    expect(errorsOf(1)).toEqual([
      { path: "line_items[0].quantity", message: expect.stringMatching(/by what was used/) },
    ]);
  });
});
