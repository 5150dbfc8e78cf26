// Follows a reference within the OpenAPI document to the schema itself. Pure.

import type { SchemaOrRef, Schemas } from "./read-openapi.ts";

export type Schema = Exclude<SchemaOrRef, { $ref: string }>;

/** The schema itself; empty where a reference leads nowhere. */
export function resolve(schema: SchemaOrRef, schemas: Schemas): Schema {
  if (!("$ref" in schema) || schema.$ref === undefined) return schema as Schema;
  const target = schemas[schema.$ref.replace("#/components/schemas/", "")];
  return target ? resolve(target, schemas) : {};
}
