// Guards what a caller sends before any validation: a body of at most 1 MiB (413), of a JSON media type (415), JSON
// at all (400), of not too many values nor too deep (422), and in body and query only text that can be stored and
// passed on (422). A call without a body is fine: verbs such as /finalize take none.

import { createMiddleware } from "hono/factory";
import { AppError } from "../platform/app-error.ts";
import { MOST_BODY_BYTES, MOST_VALUES } from "../platform/bounds.ts";
import { jsonSizeProblem } from "../platform/json-size.ts";
import { findTextIssues } from "../platform/parse-json.ts";
import type { AppEnv } from "./app-env.ts";
import { validationFailed } from "./router.ts";

export const bodyGuard = createMiddleware<AppEnv>(async (c, next) => {
  requireText(c.req.query());
  if (!["POST", "PUT", "PATCH", "DELETE"].includes(c.req.method)) return next();
  const text = await readLimited(c.req.raw, MOST_BODY_BYTES);
  if (text.trim() !== "") {
    const mediaType = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
    if (mediaType !== "application/json") {
      const detail = "Send the body as JSON, with the header 'content-type: application/json'.";
      throw new AppError("unsupported_media_type", { detail });
    }
    requireSize(text);
    requireText(parse(text));
  }
  c.req.raw = text.trim() === "" ? withoutBody(c.req.raw) : new Request(c.req.raw, { body: text });
  await next();
});

// The stream has been read: validators and handlers read this one. A text would bring a Content-Type of its
// own, and a call with an optional body would be refused for it.
function withoutBody(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.delete("content-type");
  return new Request(request.url, { method: request.method, headers });
}

/**
 * Reads a body and gives up as soon as it is too large, whatever Content-Length claims.
 * @throws AppError `body_too_large`, or `malformed_json` when it is not UTF-8
 */
export async function readLimited(request: Request, maxBytes: number): Promise<string> {
  refuseTooLarge(request, maxBytes);
  if (!request.body) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let bytes = 0;
  let text = "";
  try {
    for await (const chunk of request.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("malformed_json", { detail: "The body is not UTF-8 text.", cause: error });
  }
}

/** By what Content-Length claims: before a byte is read. @throws AppError `body_too_large` */
export function refuseTooLarge(request: Request, maxBytes: number): void {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("body_too_large", { detail: `The body is larger than ${maxBytes} bytes.` });
}

// Before it is parsed: what is made of a body, and each of its faults, costs a hundred times its bytes.
function requireSize(text: string): void {
  const problem = jsonSizeProblem(text, MOST_VALUES);
  if (problem)
    throw new AppError("validation_failed", { detail: problem, errors: [{ path: "", message: problem }] });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = `The body is not valid JSON: ${cause instanceof Error ? cause.message : "it cannot be parsed"}.`;
    throw new AppError("malformed_json", { detail, cause });
  }
}

/** @throws AppError `validation_failed` naming each string, and each name, that is no text */
export function requireText(value: unknown): void {
  const issues = findTextIssues(value);
  if (issues.length > 0) throw validationFailed(issues);
}
