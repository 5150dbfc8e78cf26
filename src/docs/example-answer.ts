// An example of each answer in the OpenAPI document: every field of its schema, with values that a reader recognises
// and that hold together. A paid invoice over 129.00 EUR runs through all of them.

import { EXAMPLE_IDS, EXAMPLE_VALUES } from "./answer-values.ts";
import type { SchemaOrRef, Schemas } from "./read-openapi.ts";
import { resolve } from "./resolve-schema.ts";

// Nothing went wrong in an example, and what has not happened yet has not.
const NOTHING =
  /(^|_)(error|failure|failed|refused|revoked|canceled|cancel|ended|disabled|deactivated|voided|erased|skipped|missing|missed|failing)(_|$)|^pause_collection$|^resumes_at$|^trial_end$/;

/** @param holder what the schema's object is called, for the values that differ by object */
export function exampleAnswer(schema: SchemaOrRef, schemas: Schemas, holder = ""): unknown {
  const whole = resolve(schema, schemas);
  const fields = Object.entries(whole.properties ?? {});
  const [either] = whole.anyOf ?? whole.oneOf ?? [];
  if (either) return exampleAnswer(either, schemas, holder);
  const object = kindOf(whole, schemas) ?? holder;
  return Object.fromEntries(fields.map(([name, field]) => [name, fieldValue(object, name, field, schemas)]));
}

function kindOf(schema: ReturnType<typeof resolve>, schemas: Schemas): string | undefined {
  const field = schema.properties?.object;
  const [kind] = field ? (resolve(field, schemas).enum ?? []) : [];
  return typeof kind === "string" && kind !== "list" ? kind : undefined;
}

function fieldValue(object: string, name: string, field: SchemaOrRef, schemas: Schemas): unknown {
  const schema = resolve(field, schemas);
  const chosen = EXAMPLE_VALUES[`${object}.${name}`];
  if (chosen !== undefined) return chosen;
  if (isNullable(field, schemas) && NOTHING.test(name)) return null;
  if (name === "id" && EXAMPLE_IDS[object] !== undefined) return EXAMPLE_IDS[object];
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  const either = (schema.anyOf ?? schema.oneOf ?? []).filter(
    (one) => !typesOf(resolve(one, schemas)).includes("null"),
  );
  if (either[0]) return fieldValue(object, name, either[0], schemas);
  const named = EXAMPLE_VALUES[name];
  return named !== undefined && fits(named, schema, schemas) ? named : byType(name, schema, schemas);
}

function typesOf(schema: ReturnType<typeof resolve>): string[] {
  return [schema.type ?? []].flat();
}

function isNullable(field: SchemaOrRef, schemas: Schemas): boolean {
  const either = "anyOf" in field ? (field.anyOf ?? []) : [];
  return [field, ...either].some((one) => typesOf(resolve(one, schemas)).includes("null"));
}

function fits(value: unknown, schema: ReturnType<typeof resolve>, schemas: Schemas): boolean {
  const types = typesOf(schema);
  if (value === null) return isNullable(schema, schemas);
  if (Array.isArray(value))
    return types.includes("array") && !resolve(schema.items ?? {}, schemas).properties;
  if (typeof value === "number") return types.includes("integer") || types.includes("number");
  if (typeof value === "object") return types.includes("object") && schema.properties === undefined;
  return types.includes(typeof value);
}

function byType(name: string, schema: ReturnType<typeof resolve>, schemas: Schemas): unknown {
  const [type] = typesOf(schema).filter((one) => one !== "null");
  if (type === "array") return schema.items ? [itemValue(name, schema.items, schemas)] : [];
  if (type === "object") return exampleAnswer(schema, schemas, name);
  if (type === "integer" || type === "number") return Math.max(schema.minimum ?? 0, 0);
  if (type === "boolean") return !/^(replayed|dead|automatic|disputed|created_at_stripe)/.test(name);
  if (schema.format === "date-time") return "2027-01-31T12:00:00Z";
  return type === "string" ? name.replaceAll("_", " ") : null;
}

function itemValue(name: string, items: SchemaOrRef, schemas: Schemas): unknown {
  const schema = resolve(items, schemas);
  if (schema.properties) return exampleAnswer(schema, schemas, name.replace(/s$/, ""));
  return fieldValue("", name, items, schemas);
}
