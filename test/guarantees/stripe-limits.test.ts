// What a door lets through, Stripe takes: every field that is passed on is held to Stripe's own limits where it
// comes in, and what is just beyond one is refused there, with its path.

import fc from "fast-check";
import { afterEach, beforeAll, expect, test } from "vitest";
import {
  COUNTRIES,
  chargeLimits,
  LOCALES,
  PAYMENT_METHOD_TYPES,
  SUPPORTED_CURRENCIES,
} from "../../src/platform/stripe-limits.ts";
import { createSyncWorld } from "../customers/customer-fixture.ts";
import { call, type Json, root } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createEndpoint, createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { type Doors, doorsOf, LINE, PRICE, untilLinked } from "./limit-doors.ts";
import {
  CUSTOMER_EDGES,
  type Edge,
  INVOICE_EDGES,
  SESSION_EDGES,
  SETTINGS_EDGES,
  times,
} from "./limit-edges.ts";

let world: TestWorld;
let doors: Doors;
const refusals: Json[] = [];

beforeAll(async () => {
  world = await createWorld();
  doors = doorsOf(world);
  const answer = sandbox.fetch;
  sandbox.fetch = async (request) => {
    const response = await answer(request);
    if (response.status === 400) refusals.push(await response.clone().json());
    return response;
  };
});

afterEach(() => {
  expect(refusals.splice(0)).toEqual([]);
});

// Of one unit of JavaScript's length each, and of two.
const LETTERS = ["ä", "😀"];
const EDGES = { ...CUSTOMER_EDGES, ...INVOICE_EDGES, ...SESSION_EDGES, ...SETTINGS_EDGES };

test.each(Object.entries(EDGES))("%s: at, below and beyond the limit", async (_, edge) => {
  const { least = 0, most } = edge;
  const counts = new Set([least - 1, least, least + 1, most - 1, most, most + 1].filter((n) => n >= 0));
  for (const n of counts) for (const letter of LETTERS) await tryEdge(edge, n, letter);
});

async function tryEdge({ least = 0, most, path, make }: Edge, n: number, letter: string): Promise<void> {
  const { answer, isTaken } = await make(doors, n, (length) => letter.repeat(length));
  const said = `${n} ${letter}: ${JSON.stringify(answer.body)}`;
  if (n >= least && n <= most) {
    expect(answer.status, said).toBeLessThan(300);
    return void (await isTaken());
  }
  expect(answer.status, said).toBe(422);
  expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
}

test("a mail address that mail servers take is taken, without the white space round it", async () => {
  for (const email of [
    " ada@example.com",
    "a&b@example.com\n",
    "ada+bills@example.com",
    "o'hara@example.com",
  ]) {
    const { answer, isTaken } = await doors.customer({ email });
    expect([answer.status, answer.body.email]).toEqual([201, email.trim()]);
    await isTaken();
    const { body } = (await doors.settings({ email_reply_to: email })).answer;
    expect(body.email_reply_to).toBe(email.trim());
  }
});

test("names of metadata have up to 40 characters and no brackets", async () => {
  for (const make of [doors.customer, doors.invoice, doors.session]) {
    const { answer, isTaken } = await make({ metadata: { ["😀".repeat(40)]: "x", "a b.c:d-e": "" } });
    expect(answer.status).toBe(201);
    await isTaken();
    for (const key of ["a".repeat(41), "a[b]", "a]", ""])
      expect((await make({ metadata: { [key]: "x" } })).answer.status).toBe(422);
  }
});

test("every country, locale and method of payment that a door knows is one that Stripe knows", async () => {
  for (const country of COUNTRIES.filter((_, index) => index % 25 === 0))
    await (await doors.customer({ address: { country: country.toLowerCase() } })).isTaken();
  for (const country of ["ZZ", "EU", "UK", "XX", "D", "DEU", ""])
    expect((await doors.customer({ address: { country } })).answer.status).toBe(422);
  for (const locale of LOCALES) expect((await doors.settings({ locale })).answer.status).toBe(200);
  await (await doors.settings({ locale: null, payment_method_types: PAYMENT_METHOD_TYPES })).isTaken();
  await doors.settings({ payment_method_types: null });
});

test("in every currency the least and the most that a door takes is charged, and what is beyond is refused", async () => {
  const isSpecial = (currency: string) => chargeLimits(currency).least > 1 || chargeLimits(currency).step > 1;
  const others = SUPPORTED_CURRENCIES.filter((currency) => !isSpecial(currency));
  const tried = [...SUPPORTED_CURRENCIES.filter(isSpecial), ...fc.sample(fc.constantFrom(...others), 10)];
  for (const currency of tried) {
    const { least, most, step } = chargeLimits(currency);
    const [low, high] = [Math.ceil(least / step) * step, Math.floor(most / step) * step];
    const wrong = [low - step, high + step, ...(step > 1 ? [low + 1, high - 1] : [])].filter((n) => n > 0);
    const statusOf = async (unit_amount: number) => {
      const price_data = { ...PRICE, currency, unit_amount };
      return (await doors.session({ line_items: [{ price_data, quantity: 1 }] })).answer.status;
    };
    expect([currency, await Promise.all([low, high].map(statusOf))]).toEqual([currency, [201, 201]]);
    expect([currency, await Promise.all(wrong.map(statusOf))]).toEqual([currency, wrong.map(() => 422)]);
  }
});

test("an invoice of any amounts is refused when it is made, or its link is made", async () => {
  const anyLine = (currency: string) => {
    const { least, most, step } = chargeLimits(currency);
    const edges = [least, most, step, least - 1, most + 1, 0, 999_999_999_999, -step, 2 ** 53 - 1];
    return fc.record({
      description: fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }),
      quantity: fc.constantFrom(1, 2, 999_999),
      unit_amount: fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -1000, max: 100_000 })),
    });
  };
  const anyInvoice = fc.constantFrom(...SUPPORTED_CURRENCIES).chain((currency) =>
    fc.record({
      currency: fc.constant(currency),
      lines: fc.oneof(
        fc.array(anyLine(currency), { minLength: 1, maxLength: 4 }),
        fc.array(anyLine(currency), { minLength: 20, maxLength: 22 }),
      ),
    }),
  );
  let taken = 0;
  for (const fields of fc.sample(anyInvoice, 120)) {
    const { answer, isTaken } = await doors.invoice(fields);
    if (answer.status === 422) continue;
    expect(answer.status, JSON.stringify([fields, answer.body])).toBe(201);
    taken += 1;
    await isTaken();
  }
  expect(taken).toBeGreaterThan(5);
});

test("in a currency whose last digit must be 0, no other part of a payment is given back", async () => {
  const { answer } = await doors.invoice({ currency: "kwd", lines: [{ ...LINE, unit_amount: 10_240 }] });
  const { id } = answer.body;
  await untilLinked(world, id);
  const paymentLinkId = (await world.api("GET", `/invoices/${id}`)).body.payment_link.id;
  await sandbox.pay(world.accountId, { paymentLinkId }, { card: "4242 4242 4242 4242" });
  await sandbox.settle();
  const [payment] = await eventually(
    async () => (await world.api("GET", `/payments?invoice_id=${id}`)).body.data,
    (payments) => payments[0]?.status === "succeeded",
  );
  const refund = (amount?: number) => world.api("POST", `/payments/${payment.id}/refunds`, { amount });
  const refused = await refund(1005);
  expect([refused.status, refused.body.errors]).toMatchObject([422, [{ path: "amount" }]]);
  expect((await refund(1010)).status).toBe(201);
  expect((await refund()).status).toBe(201);
});

test("whatever ids a platform gives, the keys by which Stripe tells a repeat are short enough", async () => {
  const long = (begin: string) => begin.padEnd(128, "x");
  const [tenant, environment] = [long(`tenant_${Date.now()}`), long(`env_${Date.now()}`)];
  await root("POST", "/tenants", { id: tenant, name: "Long" });
  const path = `/tenants/${tenant}/environments`;
  await root("POST", path, { id: environment, name: "test", livemode: false });
  const made = await root("POST", `${path}/${environment}/api_keys`, { name: "k", role: "admin" });
  const api: TestWorld["api"] = (method, at, body) => call(method, at, { key: made.body.key, body });
  const secret_key = `sk_test_long${Date.now()}_1`;
  const webhookUrl = `https://quittance.test/api/v1/webhooks/stripe/${tenant}/${environment}`;
  const { secret: webhook_secret } = await createEndpoint(secret_key, webhookUrl);
  const sync_config = { customer: { outbound: true } };
  await api("POST", "/connections", {
    ...{ name: "Stripe", provider: "stripe", secret_key, webhook_secret, sync_config },
  });
  const [customer_id, id] = [long("cus"), long("inv")];
  await api("POST", "/customers", { id: customer_id, name: "Ada" });
  await eventually(
    async () => (await api("GET", `/customers/${customer_id}`)).body,
    (seen) => seen.sync_status === "synced",
  );
  await api("POST", "/invoices", { id, customer_id, currency: "eur", lines: [LINE], finalize: true });
  await untilLinked({ api }, id);
});

test("all names of a customer's metadata may change at once, and Stripe has the new ones alone", async () => {
  const synced = await createSyncWorld({ outbound: true });
  const named = (prefix: string, value: string) =>
    Object.fromEntries(times(47, 0).map((_, index) => [`${prefix}${index}`, value]));
  const untilSynced = (id: string) =>
    eventually(
      async () => (await synced.api("GET", `/customers/${id}`)).body,
      (seen) => seen.sync_status === "synced",
    );
  const { id } = (await synced.api("POST", "/customers", { name: "Ada", metadata: named("old", "x") })).body;
  await untilSynced(id);
  const metadata = { ...named("old", ""), ...named("new", "y") };
  expect((await synced.api("PATCH", `/customers/${id}`, { metadata })).status).toBe(200);
  await untilSynced(id);
  const [atStripe] = Object.values(sandbox.world.accounts[synced.accountId]?.customers ?? {});
  expect(atStripe?.metadata).toMatchObject(named("new", "y"));
  expect(Object.keys(atStripe?.metadata ?? {})).toHaveLength(50);
});
