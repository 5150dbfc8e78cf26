// Whatever a caller sends to a door, the answer is one of the API's own: never a failure of ours, and nothing that
// Stripe refuses and we could have known.

import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { makeObjects } from "../access-objects.ts";
import { type Ids, ROUTES } from "../access-table.ts";
import { anyBody, type Schema, whole } from "../harness/any-value.ts";
import { call, type Json } from "../harness/api.ts";
import { createWorld, type TestWorld } from "../harness/world.ts";

let world: TestWorld;
let ids: Ids;
let document: Json;

beforeAll(async () => {
  world = await createWorld();
  ids = await makeObjects(world);
  document = (await call("GET", "https://quittance.test/openapi.json")).body;
});

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
  "POST /api/v1/webhook_events/dismiss": { status: "dead" },
};

test.each(WRITES)("%s answers any body", async (route, { access, of }) => {
  const [method = "", path = ""] = route.split(" ");
  const named = path.replaceAll(/:(\w+)/g, "{$1}");
  const operation = document.paths[named]?.[method.toLowerCase()];
  const given: Schema | undefined = operation?.requestBody?.content["application/json"].schema;
  if (!given) return;
  const schema = whole(given, document);
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
