// Everything that the API takes or answers has a bound that its document says: each text a length or a list of words,
// each number a least and a most, each list and each map a count. What is not named is refused.

import { beforeAll, expect, test } from "vitest";
import { MOST_BODY_BYTES, MOST_STORED_CHARACTERS } from "../../src/platform/bounds.ts";
import { call, type Json, ORIGIN } from "../harness/api.ts";

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  items?: Schema;
  maxItems?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  maxProperties?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
};

// What is taken has bounds that somebody has chosen. What is answered has at least the widest that can be: whatever
// can be stored, and every number that JavaScript counts exactly.
const CHOSEN = { text: MOST_BODY_BYTES, number: Number.MAX_SAFE_INTEGER - 1 };
const WIDEST = { text: MOST_STORED_CHARACTERS, number: Number.MAX_SAFE_INTEGER };
type Most = typeof CHOSEN;

let document: Json;
beforeAll(async () => {
  document = (await call("GET", `${ORIGIN}/openapi.json`)).body;
});

function resolved(schema: Schema): Schema {
  const path = schema.$ref?.slice(2).split("/");
  return path ? path.reduce((at, name) => at[name], document) : schema;
}

/** The places of a schema, and of all within it, that have no bound. */
function unbounded(given: Schema, at: string, most: Most = CHOSEN, seen = new Set<Schema>()): string[] {
  const schema = resolved(given);
  if (given.$ref !== undefined && seen.has(schema)) return [];
  if (given.$ref !== undefined) seen.add(schema);
  if (schema.enum || schema.const !== undefined) return [];
  const either = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (either.length > 0) return either.flatMap((one) => unbounded(one, at, most, seen));
  const types = [schema.type ?? "anything"].flat().filter((type) => type !== "null");
  return types.flatMap((type) => {
    switch (type) {
      case "boolean":
        return [];
      case "string":
        return isBoundedText(schema, most) ? [] : [`${at}: a text of any length`];
      case "integer":
      case "number":
        return isBoundedNumber(schema, most) ? [] : [`${at}: a number of any size`];
      case "array": {
        const within = schema.items ? unbounded(schema.items, `${at}[]`, most, seen) : [`${at}[]: anything`];
        return schema.maxItems === undefined ? [`${at}: any number of items`, ...within] : within;
      }
      case "object":
        return unboundedObject(schema, at, most, seen);
      default:
        return [`${at}: ${type}`];
    }
  });
}

// The form of a moment alone is no bound: its fraction may have any number of digits.
const isBoundedText = ({ maxLength }: Schema, most: Most) =>
  maxLength !== undefined && maxLength <= most.text;

function isBoundedNumber({ minimum, maximum, exclusiveMinimum }: Schema, most: Most): boolean {
  const isChosen = (bound: number | undefined) => bound !== undefined && Math.abs(bound) <= most.number;
  return isChosen(minimum ?? exclusiveMinimum) && isChosen(maximum);
}

function unboundedObject(schema: Schema, at: string, most: Most, seen: Set<Schema>): string[] {
  const { properties = {}, additionalProperties: others, propertyNames, maxProperties } = schema;
  const within = Object.entries(properties).flatMap(([name, field]) =>
    unbounded(field, `${at}.${name}`, most, seen),
  );
  // An answer may have a field more one day, and what it names is all that it has now.
  if (others === false || (most === WIDEST && schema.properties && others === undefined)) return within;
  if (others === undefined || others === true) return [...within, `${at}: fields that are not named`];
  const names = propertyNames
    ? unbounded({ type: "string", ...propertyNames }, `${at}'s names`, most)
    : [`${at}: names of any length`];
  const count = maxProperties === undefined ? [`${at}: any number of fields`] : [];
  // What Stripe sent is shown as it came: of so many values, and of whatever kind.
  const isFree = most === WIDEST && Object.keys(others).length === 0;
  return [...within, ...count, ...names, ...(isFree ? [] : unbounded(others, `${at}.*`, most, seen))];
}

type Operation = {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};

function operations(): [string, Operation][] {
  return Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

test("every parameter in a path, a query or a header has a bound", () => {
  const faults = operations().flatMap(([name, { parameters = [] }]) =>
    parameters.flatMap((one) => unbounded(one.schema, `${name} ${one.in} ${one.name}`)),
  );
  expect(faults).toEqual([]);
});

test("everything in a body has a bound", () => {
  const faults = operations().flatMap(([name, { requestBody }]) =>
    Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => unbounded(schema, name)),
  );
  expect(faults).toEqual([]);
});

const isJson = ([type]: [string, unknown]) => type.endsWith("json");

test("everything in an answer has a bound, where it is no file", () => {
  const seen = new Set<Schema>();
  const faults = operations().flatMap(([name, { responses }]) =>
    Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content)
        .filter(isJson)
        .flatMap(([, { schema }]) => unbounded(schema, `${name} ${status}`, WIDEST, seen)),
    ),
  );
  expect(faults).toEqual([]);
  expect(seen.size).toBeGreaterThan(30);
});

test("everything in a message to an event destination has a bound", () => {
  const seen = new Set<Schema>();
  const messages = Object.entries(document.webhooks as Record<string, { post: Operation }>);
  const faults = messages.flatMap(([type, { post }]) => [
    ...(post.parameters ?? []).flatMap((one) => unbounded(one.schema, `${type} ${one.name}`, WIDEST, seen)),
    ...Object.values(post.requestBody?.content ?? {}).flatMap(({ schema }) =>
      unbounded(schema, type, WIDEST, seen),
    ),
  ]);
  expect(faults).toEqual([]);
  expect(messages.length).toBeGreaterThan(20);
});

test.each<[string, Schema]>([
  ["a text", { type: "string" }],
  ["a text as long as any that can be stored", { type: "string", maxLength: MOST_STORED_CHARACTERS }],
  ["a time", { type: "string", format: "date-time" }],
  ["a number with a least alone", { type: "integer", minimum: 0 }],
  [
    "a number that JavaScript alone bounds",
    { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  ],
  ["a list", { type: "array", items: { type: "boolean" } }],
  ["a list of anything", { type: "array", maxItems: 3 }],
  ["fields of any name", { type: "object", properties: {} }],
  ["a map", { type: "object", additionalProperties: { type: "boolean" }, maxProperties: 3 }],
  ["a way to say either", { anyOf: [{ type: "null" }, { type: ["string", "null"] }] }],
  ["anything", {}],
])("%s without bounds is found", (_, schema) => {
  expect(unbounded(schema, "x").length).toBeGreaterThan(0);
});
