// Flattens a JSON schema into the rows of a table, outer fields before inner ones. Pure.

import type { SchemaOrRef, Schemas } from "./read-openapi.ts";

export type SchemaRow = {
  name: string;
  depth: number;
  /** `string`, `list of objects`, `integer or null`. */
  type: string;
  required: boolean;
  description: string | null;
  /** The values that are taken, where only some are. */
  allowed: string[];
  /** `1 to 200 characters`, `default 20`. */
  limits: string[];
};

type Schema = Exclude<SchemaOrRef, { $ref: string }>;

// Deep enough for every schema that there is, and an end for one that holds itself.
const MAX_DEPTH = 5;

/** The fields of an object, or of a list's items; none for a plain value. */
export function schemaRows(schema: SchemaOrRef, schemas: Schemas, depth = 0): SchemaRow[] {
  const object = fieldsOf(schema, schemas);
  if (depth >= MAX_DEPTH || !object) return [];
  return Object.entries(object.properties ?? {}).flatMap(([name, field]) => [
    schemaRow(name, field, schemas, depth, object.required?.includes(name) ?? false),
    ...schemaRows(field, schemas, depth + 1),
  ]);
}

export function schemaRow(
  name: string,
  field: SchemaOrRef,
  schemas: Schemas,
  depth: number,
  required: boolean,
): SchemaRow {
  const schema = resolve(field, schemas);
  return {
    name,
    depth,
    type: typeText(schema, schemas),
    required,
    description: schema.description ?? null,
    allowed: (schema.enum ?? []).map(String),
    limits: limitTexts(schema),
  };
}

/** Follows references to the schema itself. */
export function resolve(schema: SchemaOrRef, schemas: Schemas): Schema {
  if (!("$ref" in schema) || schema.$ref === undefined) return schema as Schema;
  const target = schemas[schema.$ref.replace("#/components/schemas/", "")];
  return target ? resolve(target, schemas) : {};
}

/** The object whose fields are to be shown: the schema itself, its items, or its one alternative to null. */
function fieldsOf(schema: SchemaOrRef, schemas: Schemas): Schema | null {
  const resolved = resolve(schema, schemas);
  if (resolved.properties) return resolved;
  if (resolved.items) return fieldsOf(resolved.items, schemas);
  const alternatives = alternativesOf(resolved)
    .map((one) => fieldsOf(one, schemas))
    .filter((one) => one !== null);
  return alternatives[0] ?? null;
}

function alternativesOf(schema: Schema): SchemaOrRef[] {
  return schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
}

function typeText(schema: Schema, schemas: Schemas): string {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) {
    return [...new Set(alternatives.map((one) => typeText(resolve(one, schemas), schemas)))].join(" or ");
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? "any"];
  return types.map((type) => oneType(type, schema, schemas)).join(" or ");
}

function oneType(type: string, schema: Schema, schemas: Schemas): string {
  if (type === "array")
    return `list of ${schema.items ? plural(typeText(resolve(schema.items, schemas), schemas)) : "values"}`;
  if (type === "string" && schema.format === "date-time") return "time";
  return type;
}

function plural(type: string): string {
  return /^(?:string|object|integer|number|boolean|time)$/.test(type) ? `${type}s` : type;
}

function limitTexts(schema: Schema): string[] {
  return [
    range(schema.minLength, schema.maxLength, "characters"),
    range(schema.minItems, schema.maxItems, "entries"),
    range(schema.minimum, schema.maximum, ""),
    isPlain(schema.default) ? `default ${String(schema.default)}` : null,
  ].filter((text) => text !== null);
}

// zod writes the bounds of every integer; those of a safe integer say nothing.
const isTelling = (bound: number | undefined) =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function range(least: number | undefined, most: number | undefined, unit: string): string | null {
  const [from, to] = [isTelling(least) ? least : undefined, isTelling(most) ? most : undefined];
  if (to !== undefined) return `${from === undefined ? "at most" : `${from} to`} ${to} ${unit}`.trim();
  return from === undefined || (from <= 1 && unit !== "") ? null : `at least ${from} ${unit}`.trim();
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
