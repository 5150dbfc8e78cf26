// Whatever a caller sends to a door, the answer is one of the API's own: never a failure of ours, and nothing that
// Stripe refuses and we could have known.

import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { makeObjects } from "../access-objects.ts";
import { type Ids, ROUTES } from "../access-table.ts";
import { call, type Json } from "../harness/api.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  $ref?: string;
};

let world: TestWorld;
let ids: Ids;
let document: Json;

beforeAll(async () => {
  world = await createWorld();
  ids = await makeObjects(world);
  document = (await call("GET", "https://quittance.test/openapi.json")).body;
});

const TEXTS = [
  ...[
    "",
    " ",
    "x",
    "eur",
    "KWD",
    "DE",
    "\ud83d",
    "a\0b",
    "__proto__",
    "constructor",
    "😀".repeat(300),
    "é".repeat(6000),
  ],
  ...[
    "https://a.example/",
    "http://127.0.0.1/",
    "https://a.example/{CHECKOUT_SESSION_ID}?ä=1",
    "//x",
    "javascript:1",
  ],
  ...[
    "2026-01-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59+23:59",
    "2026-13-01T00:00:00Z",
    "-1",
  ],
  ...["a&b@example.com", "ada@localhost", "inv_1", "price_none", "month", "payment", "subscription", "setup"],
];
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  50,
  99,
  100,
  999_999,
  99_999_999,
  1e12,
  -1e12,
  2 ** 53 - 1,
  2 ** 53,
  1e300,
  0.1,
];
const anyText = fc.oneof({ arbitrary: fc.constantFrom(...TEXTS), weight: 4 }, fc.string({ unit: "binary" }));
const anyNumber = fc.oneof({ arbitrary: fc.constantFrom(...NUMBERS), weight: 4 }, fc.integer(), fc.double());
const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 2 }), anyText, anyNumber, fc.constant(null));

/** Mostly what a schema asks for, with the extremes of its kind. */
function fitting(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const right = rightFor(schema, depth);
  return fc.oneof({ arbitrary: right, weight: 15 }, anyJson);
}

function rightFor(given: Schema, depth: number): fc.Arbitrary<unknown> {
  const schema = given.$ref ? resolved(given.$ref) : given;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => fitting(one, depth + 1)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object") return anyObject(schema, depth);
  if (type === "array" && schema.items) {
    const item = fitting(schema.items, depth + 1);
    return fc.oneof(
      { arbitrary: fc.array(item, { maxLength: 3 }), weight: 4 },
      fc.array(item, { maxLength: 30 }),
    );
  }
  if (type === "string") return anyText;
  if (type === "integer" || type === "number") return anyNumber;
  if (type === "boolean") return fc.boolean();
  return anyJson;
}

function anyObject(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (typeof schema.additionalProperties === "object")
    return fc.dictionary(anyText, fitting(schema.additionalProperties, depth + 1), { maxKeys: 5 });
  return fc.record(fieldsOf(schema, depth), { requiredKeys: schema.required ?? [] });
}

function fieldsOf(schema: Schema, depth: number): Record<string, fc.Arbitrary<unknown>> {
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(fields.map(([name, field]) => [name, fitting(field, depth + 1)]));
}

/** One that is right but for a field or two, or anything. */
function anyBody(schema: Schema, right: object): fc.Arbitrary<unknown> {
  const fields = Object.entries(fieldsOf(schema, 0));
  const changed = fc
    .subarray(fields, { minLength: Math.min(1, fields.length), maxLength: Math.min(2, fields.length) })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)))
    .map((change) => ({ ...right, ...change }));
  return fc.oneof({ arbitrary: changed, weight: 3 }, fitting(schema));
}

function resolved(ref: string): Schema {
  return ref
    .slice(2)
    .split("/")
    .reduce((at, name) => at[name], document);
}

// What ends an object that others need is tried elsewhere.
const ENDING =
  /^(DELETE|PATCH \/api\/v1\/connections|POST .*(void|mark_uncollectible|rotate_secret|api_keys|tenants|environments))/;
const WRITES = Object.entries(ROUTES).filter(
  ([route, { access }]) =>
    !route.startsWith("GET ") && route.includes("/api/v1/") && access !== "stripe" && !ENDING.test(route),
);

const RUNS = 40;
const taken = new Set<string>();

// Where a call without a body of its own is not right already.
const LINES = [
  { quantity: 1, price_data: { currency: "eur", unit_amount: 100, product_data: { name: "Pro" } } },
];
const RIGHT: Record<string, object> = {
  "POST /api/v1/customers": { name: "Ada" },
  "POST /api/v1/checkout_sessions": { mode: "payment", line_items: LINES },
  "POST /api/v1/webhook_events/replay": { status: "dead" },
  "POST /api/v1/webhook_events/dismiss": {},
};

test.each(WRITES)("%s answers any body", async (route, { access, of }) => {
  const [method = "", path = ""] = route.split(" ");
  const named = path.replaceAll(/:(\w+)/g, "{$1}");
  const operation = document.paths[named]?.[method.toLowerCase()];
  const schema: Schema | undefined = operation?.requestBody?.content["application/json"].schema;
  if (!schema) return;
  const target = path.replace(":id", of === undefined ? "any" : ids[of]);
  const key = access === "root" ? env.ROOT_TOKEN : world.keys.admin;
  const right = { ...Object(ROUTES[route]?.body?.(ids)), ...RIGHT[route] };
  await fc.assert(
    fc.asyncProperty(anyBody(schema, right), async (body) => {
      const answer = await call(method, target, { key, body });
      const said = JSON.stringify(answer.body);
      expect(answer.status, said).toBeLessThan(500);
      if (answer.status < 300) taken.add(route);
      if (answer.body.code === "stripe_refused")
        expect(said).toMatch(/No such (price|coupon|promotion code)/);
    }),
    { numRuns: RUNS, endOnFailure: true, examples: [[right]] },
  );
});

test("and some of them are taken", () => {
  const often = [...Object.keys(RIGHT), "PATCH /api/v1/settings", "POST /api/v1/invoices"];
  expect([...taken]).toEqual(expect.arrayContaining(often));
});
