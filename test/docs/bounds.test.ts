// Everything that the API takes has a bound that its document says: each text a length, a list of words or a form,
// each number a least and a most, each list and each map a count. What is not named is refused.

import { beforeAll, expect, test } from "vitest";
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

let document: Json;
beforeAll(async () => {
  document = (await call("GET", `${ORIGIN}/openapi.json`)).body;
});

function resolved(schema: Schema): Schema {
  const path = schema.$ref?.slice(2).split("/");
  return path ? path.reduce((at, name) => at[name], document) : schema;
}

/** The places of a schema, and of all within it, that have no bound. */
function unbounded(given: Schema, at: string): string[] {
  const schema = resolved(given);
  if (schema.enum || schema.const !== undefined) return [];
  const either = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (either.length > 0) return either.flatMap((one) => unbounded(one, at));
  const types = [schema.type ?? "anything"].flat().filter((type) => type !== "null");
  return types.flatMap((type) => {
    switch (type) {
      case "boolean":
        return [];
      case "string":
        return isBoundedText(schema) ? [] : [`${at}: a text of any length`];
      case "integer":
      case "number":
        return isBoundedNumber(schema) ? [] : [`${at}: a number of any size`];
      case "array": {
        const within = schema.items ? unbounded(schema.items, `${at}[]`) : [`${at}[]: anything`];
        return schema.maxItems === undefined ? [`${at}: any number of items`, ...within] : within;
      }
      case "object":
        return unboundedObject(schema, at);
      default:
        return [`${at}: ${type}`];
    }
  });
}

// The form of a moment alone is no bound: its fraction may have any number of digits.
const isBoundedText = ({ maxLength }: Schema) => maxLength !== undefined;

function isBoundedNumber({ minimum, maximum, exclusiveMinimum }: Schema): boolean {
  // What JavaScript counts exactly is no bound that anybody has thought of.
  const isChosen = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return isChosen(minimum ?? exclusiveMinimum) && isChosen(maximum);
}

function unboundedObject(schema: Schema, at: string): string[] {
  const { properties = {}, additionalProperties: others, propertyNames, maxProperties } = schema;
  const within = Object.entries(properties).flatMap(([name, field]) => unbounded(field, `${at}.${name}`));
  if (others === false) return within;
  if (others === undefined || others === true) return [...within, `${at}: fields that are not named`];
  const names = propertyNames
    ? unbounded({ type: "string", ...propertyNames }, `${at}'s names`)
    : [`${at}: names of any length`];
  const count = maxProperties === undefined ? [`${at}: any number of fields`] : [];
  return [...within, ...count, ...names, ...unbounded(others, `${at}.*`)];
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

test.each<[string, Schema]>([
  ["a text", { type: "string" }],
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
