// Makes the OpenAPI document that is given out of the one that the routes made: names, groups, who may call, what a
// problem looks like, and an example of each body and answer. Pure: the same routes make the same document.

import { boundAnswers } from "./bound-answers.ts";
import { exampleAnswer } from "./example-answer.ts";
import { exampleBody } from "./example-value.ts";
import { operationIdOf } from "./operation-id.ts";
import type { Caller, OpenApiDocument, Routes, Schemas } from "./read-openapi.ts";
import { readCalls } from "./read-openapi.ts";
import { TAGS } from "./tags.ts";

const MAY_CALL: Record<Caller, string> = {
  nobody: "Takes no key: who calls proves itself by a signature or a password of its own.",
  root: "Needs `ROOT_TOKEN`.",
  read: "Needs an API key of any role.",
  write: "Needs an API key of role `write` or `admin`.",
  admin: "Needs an API key of role `admin`.",
};

const REFUSED = "Refused: the same call will be refused again, except 429, which `Retry-After` says more of.";
const FAILED = "Failed at our end or at Stripe: try again, with the same `Idempotency-Key`.";

/** @param routes the app's, of which each says who may call it */
export function finishDocument(made: OpenApiDocument, routes: Routes): OpenApiDocument {
  const document = withNullsNamed(structuredClone(made));
  const schemas: Schemas = document.components?.schemas ?? {};
  for (const call of [...readCalls(made, routes).values()].flat()) {
    const method = call.method.toLowerCase() as "get" | "post" | "put" | "patch" | "delete";
    const operation = document.paths?.[call.path]?.[method];
    if (!operation) continue;
    operation.operationId = operationIdOf(method, call.path);
    operation.description = [call.description, MAY_CALL[call.caller]].filter(Boolean).join("\n\n");
    operation.security ??= [];
    operation.responses = finishAnswers(operation.responses ?? {}, schemas);
    const body = operation.requestBody;
    const json = body && "content" in body ? body.content["application/json"] : undefined;
    if (json?.schema) json.example = exampleBody(json.schema, schemas);
  }
  for (const [type, item] of Object.entries(document.webhooks ?? {})) {
    if (!("post" in item) || !item.post) continue;
    item.post.operationId = `on ${type}`.replaceAll(/[ ._](\w)/g, upper);
    item.post.security = [];
  }
  boundAnswers(document);
  document.servers = [{ url: "/", description: "The Worker that serves this document" }];
  document.tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  return document;
}

// `enum` stands beside `type` and not under it: a list of words that lacks null refuses null, whatever the type allows.
function withNullsNamed<T>(part: T): T {
  if (typeof part !== "object" || part === null) return part;
  const { type, enum: words } = part as { type?: unknown; enum?: unknown };
  if (Array.isArray(type) && type.includes("null") && Array.isArray(words) && !words.includes(null))
    words.push(null);
  for (const within of Object.values(part)) withNullsNamed(within);
  return part;
}

function upper(_: string, letter: string): string {
  return letter.toUpperCase();
}

type Answers = NonNullable<NonNullable<NonNullable<OpenApiDocument["paths"]>[string]["get"]>["responses"]>;

// One problem for all codes says nothing of which can help later.
function finishAnswers({ default: problem, ...answers }: Answers, schemas: Schemas): Answers {
  for (const answer of Object.values(answers)) {
    const json = answer.content?.["application/json"];
    if (json?.schema) json.example = exampleAnswer(json.schema, schemas);
    const csv = answer.content?.["text/csv"];
    if (csv) csv.example = "id,created_at,amount,currency\r\nid_4711,2027-01-31T12:00:00Z,129.00,EUR\r\n";
  }
  return {
    ...answers,
    "4XX": problemAnswer(problem, REFUSED, "not_found", 404, "There is no such object."),
    "5XX": problemAnswer(problem, FAILED, "stripe_unavailable", 502, "Stripe failed. Try again."),
  };
}

function problemAnswer(
  problem: Answers[string],
  description: string,
  code: string,
  status: number,
  detail: string,
) {
  const words = code.replaceAll("_", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const schema = problem?.content?.["application/problem+json"]?.schema;
  const example = {
    type: `/docs/errors#error-${code}`,
    title,
    status,
    detail,
    code,
    request_id: "req_0198f3c2a1b7",
  };
  return { description, content: { "application/problem+json": { schema, example } } };
}
