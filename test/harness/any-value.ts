// Values that mostly are what a JSON schema asks for, with the extremes of their kind, and sometimes anything.

import fc from "fast-check";
import type { Json } from "./api.ts";

export type Schema = {
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
export const anyText = fc.oneof(
  { arbitrary: fc.constantFrom(...TEXTS), weight: 4 },
  fc.string({ unit: "binary" }),
);
const anyNumber = fc.oneof({ arbitrary: fc.constantFrom(...NUMBERS), weight: 4 }, fc.integer(), fc.double());
export const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 2 }), anyText, anyNumber, fc.constant(null));

/** Mostly what a schema asks for, with the extremes of its kind. */
export function fitting(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const right = rightFor(schema, depth);
  return fc.oneof({ arbitrary: right, weight: 15 }, anyJson);
}

function rightFor(schema: Schema, depth: number): fc.Arbitrary<unknown> {
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
export function anyBody(schema: Schema, right: object): fc.Arbitrary<unknown> {
  const fields = Object.entries(fieldsOf(schema, 0));
  const changed = fc
    .subarray(fields, { minLength: Math.min(1, fields.length), maxLength: Math.min(2, fields.length) })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)))
    .map((change) => ({ ...right, ...change }));
  return fc.oneof({ arbitrary: changed, weight: 3 }, fitting(schema));
}

/** A schema of the OpenAPI document with all that it refers to in its place. */
export function whole(schema: Schema, document: Json): Schema {
  if (!schema.$ref) return mapped(schema, (one) => whole(one, document));
  const path = schema.$ref.slice(2).split("/");
  return whole(
    path.reduce((at, name) => at[name], document),
    document,
  );
}

function mapped(schema: Schema, each: (schema: Schema) => Schema): Schema {
  const { anyOf, items, properties, additionalProperties } = schema;
  return {
    ...schema,
    ...(anyOf && { anyOf: anyOf.map(each) }),
    ...(items && { items: each(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, each(one)])),
    }),
    ...(typeof additionalProperties === "object" && { additionalProperties: each(additionalProperties) }),
  };
}
