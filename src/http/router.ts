// A router whose every failing field becomes one 422 with all paths, and the responses that routes share.

import { OpenAPIHono } from "@hono/zod-openapi";
import type * as z from "zod";
import { AppError, type FieldError } from "../platform/app-error.ts";
import { MOST_ERRORS } from "../platform/bounds.ts";
import type { TextIssue } from "../platform/parse-json.ts";
import type { AppEnv } from "./app-env.ts";
import { problemSchema } from "./problem.ts";

export function createRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw validationFailed(result.error.issues);
    },
  });
}

/** The 422 for a request that does not fit its schema: every failing path is named, up to as many as an answer has. */
export function validationFailed(issues: readonly (z.core.$ZodIssue | TextIssue)[]): AppError {
  const found = issues.flatMap(fieldErrors);
  const errors = found.slice(0, MOST_ERRORS);
  const first = errors[0];
  const unnamed = found.length > MOST_ERRORS ? `, of which ${MOST_ERRORS - 1} are named` : "";
  const more = found.length > 1 ? ` (and ${found.length - 1} more${unnamed})` : "";
  const detail = first ? `${first.path || "body"}: ${first.message}${more}` : "The request does not fit.";
  return new AppError("validation_failed", { detail, errors });
}

function fieldErrors(issue: z.core.$ZodIssue | TextIssue): FieldError[] {
  if ("code" in issue && issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      message: "Unknown parameter. Check its spelling, or leave it out.",
    }));
  }
  const [ofKey] = "code" in issue && issue.code === "invalid_key" ? issue.issues : [];
  return [{ path: pathText(issue.path), message: wordsOf(ofKey ?? issue) }];
}

// Zod's own words for what is not there are about types: `expected string, received undefined`.
const MISSING = /^Invalid input: expected (\w+), received undefined$/;
const NAMED: Record<string, string> = { array: "a list", object: "an object", int: "a whole number" };

function wordsOf({ message }: { message: string }): string {
  const type = MISSING.exec(message)?.[1];
  return type === undefined ? message : `It is missing. Give ${NAMED[type] ?? `a ${type}`}.`;
}

/** `["lines", 0, "quantity"]` -> `lines[0].quantity`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

const problem = {
  description: "A problem",
  content: { "application/problem+json": { schema: problemSchema } },
};

/** One JSON answer for `responses`, with the problem answer that any route can give. */
export function answers<Status extends 200 | 201 | 202, S extends z.ZodType>(
  status: Status,
  schema: S,
  description: string,
) {
  const answer = { description, content: { "application/json": { schema } } };
  return { ...({ [status]: answer } as Record<Status, typeof answer>), default: problem };
}

/** A JSON request body. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** What the OpenAPI document says of a call's credential. */
export const BY_API_KEY: Record<string, string[]>[] = [{ apiKey: [] }];
export const BY_ROOT: Record<string, string[]>[] = [{ rootToken: [] }];
