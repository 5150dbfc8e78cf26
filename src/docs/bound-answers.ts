// Says of each text, number, list and map that the API sends, and that names no bound of its own, how much there can be
// of it: what a client has to make room for. Pure but for the document, which is changed.

import {
  MOST_CURSOR_CHARACTERS,
  MOST_STORED_CHARACTERS,
  MOST_STORED_VALUES,
  MOST_TIME_CHARACTERS,
} from "../platform/bounds.ts";
import type { OpenApiDocument, Schemas } from "./read-openapi.ts";

type Part = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  items?: Part;
  maxItems?: number;
  properties?: Record<string, Part>;
  additionalProperties?: Part | boolean;
  propertyNames?: Part;
  maxProperties?: number;
  anyOf?: Part[];
  oneOf?: Part[];
  allOf?: Part[];
};

/** Answers of all calls, and messages to event destinations; a file is as long as its rows are many. */
export function boundAnswers({ paths = {}, webhooks = {}, components }: OpenApiDocument): void {
  const schemas: Schemas = components?.schemas ?? {};
  const seen = new Set<Part>();
  const begin = (schema: unknown) => {
    if (schema) bound(schema as Part, "", (part) => follow(part, schemas), seen);
  };
  for (const item of Object.values(paths)) {
    for (const { responses } of operationsOf(item)) {
      for (const { content = {} } of Object.values(responses ?? {}))
        for (const [type, { schema }] of Object.entries(content)) if (type.endsWith("json")) begin(schema);
    }
  }
  for (const item of Object.values(webhooks)) {
    for (const { parameters = [], requestBody } of operationsOf(item)) {
      for (const { schema } of parameters) begin(schema);
      for (const { schema } of Object.values(requestBody?.content ?? {})) begin(schema);
    }
  }
}

type Content = Record<string, { schema?: unknown }>;
type Operation = {
  parameters?: { schema?: unknown }[];
  requestBody?: { content?: Content };
  responses?: Record<string, { content?: Content }>;
};

function operationsOf(item: object): Operation[] {
  return Object.values(item).filter(
    (part) => typeof part === "object" && part !== null && "responses" in part,
  );
}

function follow({ $ref }: Part, schemas: Schemas): Part | undefined {
  return schemas[$ref?.replace("#/components/schemas/", "") ?? ""] as Part | undefined;
}

function bound(given: Part, name: string, find: (part: Part) => Part | undefined, seen: Set<Part>): void {
  const part = given.$ref === undefined ? given : find(given);
  // Words of a list have their bound in it.
  if (!part || seen.has(part) || part.enum || part.const !== undefined) return;
  seen.add(part);
  const types = [part.type ?? []].flat();
  if (types.includes("string")) part.maxLength ??= mostCharacters(part, name);
  if (types.includes("integer") || types.includes("number")) {
    if (part.exclusiveMinimum === undefined) part.minimum ??= -Number.MAX_SAFE_INTEGER;
    part.maximum ??= Number.MAX_SAFE_INTEGER;
  }
  if (types.includes("array")) part.maxItems ??= MOST_STORED_VALUES;
  const others = part.additionalProperties;
  if (typeof others === "object") {
    part.maxProperties ??= MOST_STORED_VALUES;
    part.propertyNames ??= { type: "string" };
    part.propertyNames.maxLength ??= MOST_STORED_CHARACTERS;
  }
  const either = [...(part.anyOf ?? []), ...(part.oneOf ?? []), ...(part.allOf ?? [])];
  const within = [...either, part.items, typeof others === "object" ? others : undefined];
  for (const one of within) if (one) bound(one, name, find, seen);
  for (const [field, one] of Object.entries(part.properties ?? {})) bound(one, field, find, seen);
}

function mostCharacters({ format }: Part, name: string): number {
  if (format === "date-time") return MOST_TIME_CHARACTERS;
  return name === "next_cursor" ? MOST_CURSOR_CHARACTERS : MOST_STORED_CHARACTERS;
}
