// Reads the OpenAPI document into what the docs page shows: calls by tag, each with who may call it. Pure.

import type { OpenAPIHono } from "@hono/zod-openapi";
import { operationAnchor } from "../dashboard/hrefs.ts";
import { leastRoleOf } from "../directory/access.ts";

export type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
export type SchemaOrRef = NonNullable<NonNullable<OpenApiDocument["components"]>["schemas"]>[string];
export type Schemas = Record<string, SchemaOrRef>;

export type Parameter = {
  name: string;
  place: string;
  required: boolean;
  schema: SchemaOrRef;
  description: string;
};
export type ApiAnswer = { status: string; description: string; schema: SchemaOrRef | null };
export type Caller = "nobody" | "root" | "read" | "write" | "admin";

export type ApiCall = {
  anchor: string;
  /** Upper case. */
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string | null;
  caller: Caller;
  parameters: Parameter[];
  body: { schema: SchemaOrRef; required: boolean } | null;
  answers: ApiAnswer[];
};

/** The app's routes, middleware among them, as Hono lists them. */
export type Routes = readonly { method: string; path: string; handler: object }[];

/** The groups and their calls, in the document's own order. */
export function readCalls(document: OpenApiDocument, routes: Routes): Map<string, ApiCall[]> {
  const callers = readCallers(routes);
  const calls: ApiCall[] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of ["get", "post", "put", "patch", "delete"] as const) {
      const operation = item[method];
      if (operation) calls.push(readCall(path, method, operation, callers));
    }
  }
  // Doors that take no credential of ours are nothing that a reader calls: last.
  calls.sort((a, b) => Number(a.caller === "nobody") - Number(b.caller === "nobody"));
  return Map.groupBy(calls, (call) => call.tag);
}

/** Who may call each route, by the guard that stands before it: `GET /api/v1/invoices/:id` -> `read`. */
function readCallers(routes: Routes): Map<string, Caller> {
  return new Map(
    routes.flatMap(({ method, path, handler }) => {
      const least = leastRoleOf(handler);
      return least === undefined ? [] : [[`${method} ${path}`, least]];
    }),
  );
}

type PathItem = NonNullable<OpenApiDocument["paths"]>[string];
type Operation = NonNullable<PathItem["get"]>;

function readCall(path: string, method: string, operation: Operation, callers: Map<string, Caller>): ApiCall {
  const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
  return {
    anchor: operationAnchor(method, path),
    method: method.toUpperCase(),
    path,
    tag: operation.tags?.[0] ?? "Others",
    summary: operation.summary ?? path,
    description: operation.description ?? null,
    caller: callers.get(route) ?? "nobody",
    parameters: (operation.parameters ?? []).flatMap(readParameter),
    body: readBody(operation),
    answers: readAnswers(operation),
  };
}

function readParameter(parameter: NonNullable<Operation["parameters"]>[number]): Parameter[] {
  if (!("name" in parameter)) return [];
  const { name, in: place, required = false, schema = {}, description = "" } = parameter;
  return [{ name, place, required, schema, description }];
}

function readBody(operation: Operation): ApiCall["body"] {
  const body = operation.requestBody;
  if (!body || !("content" in body)) return null;
  const schema = body.content["application/json"]?.schema;
  return schema ? { schema, required: body.required ?? false } : null;
}

function readAnswers(operation: Operation): ApiAnswer[] {
  return Object.entries(operation.responses ?? {})
    .filter(([status]) => status !== "default")
    .map(([status, answer]) => ({
      status,
      description: answer.description ?? "",
      schema: answer.content?.["application/json"]?.schema ?? null,
    }));
}
