import { expect, test } from "vitest";
import { schemaRows } from "../../src/docs/schema-rows.ts";

const names = (rows: ReturnType<typeof schemaRows>) =>
  rows.map(({ name, depth }) => `${"  ".repeat(depth)}${name}`);

test("inner fields stand under the field that holds them, through lists, references and null", () => {
  const schemas = {
    Line: { type: "object" as const, properties: { amount: { type: "integer" as const } } },
  };
  const rows = schemaRows(
    {
      type: "object",
      required: ["lines"],
      properties: {
        lines: { type: "array", items: { $ref: "#/components/schemas/Line" } },
        address: { type: ["object", "null"], properties: { city: { type: ["string", "null"] } } },
        first: { anyOf: [{ $ref: "#/components/schemas/Line" }, { type: "null" }] },
      },
    },
    schemas,
  );
  expect(names(rows)).toEqual(["lines", "  amount", "address", "  city", "first", "  amount"]);
  expect(rows.map(({ type }) => type)).toEqual([
    "list of objects",
    "integer",
    "object or null",
    "string or null",
    "object or null",
    "integer",
  ]);
  expect(rows.filter(({ required }) => required).map(({ name }) => name)).toEqual(["lines"]);
});

test("a schema that holds itself comes to an end", () => {
  const schemas = {
    Node: { type: "object" as const, properties: { child: { $ref: "#/components/schemas/Node" } } },
  };
  expect(schemaRows({ $ref: "#/components/schemas/Node" }, schemas)).toHaveLength(5);
});

test("limits are said where they limit", () => {
  const rows = schemaRows(
    {
      type: "object",
      properties: {
        name: { type: "string", minLength: 1, maxLength: 200 },
        id: { type: "string", minLength: 1 },
        count: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
        any: { type: "integer", minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
        on: { type: "boolean", default: false },
        at: { type: "string", format: "date-time" },
      },
    },
    {},
  );
  expect(rows.map(({ limits }) => limits.join())).toEqual([
    "1 to 200 characters",
    "",
    "at least 1",
    "",
    "default false",
    "",
  ]);
  expect(rows.at(-1)?.type).toBe("time");
});
