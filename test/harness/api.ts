// Calls the Worker's API as a client would, over its real fetch handler.

import { env, exports } from "cloudflare:workers";
import { checkAnswer, isCallOfApi } from "./check-answer.ts";

export const ORIGIN = "https://quittance.test";

export type Answer<T> = { status: number; headers: Headers; body: T };
/** Loose on purpose: tests read whatever the API answered. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test asserts.
export type Json = any;

export type CallOptions = {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
  raw?: string;
  /** Rows were damaged by hand: what is answered need not be as openapi.json has it. */
  damaged?: boolean;
};

/** What is answered is held against openapi.json. */

export async function call<T = Json>(
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.key !== undefined) headers.authorization = `Bearer ${options.key}`;
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  if (body !== undefined && headers["content-type"] === undefined)
    headers["content-type"] = "application/json";
  const url = path.startsWith("/") ? `${ORIGIN}${path.startsWith("/api") ? "" : "/api/v1"}${path}` : path;
  const request = new Request(url, { method, headers, body: body ?? null });
  const response = await (options.damaged ? exports.default.fetch(request) : toWorker(request));
  const text = await response.text();
  const json = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
}

/**
 * The Worker's fetch handler; what it answers a call of the API is held against openapi.json.
 *
 * @throws Error when the document has no such answer
 */
export async function toWorker(request: Request): Promise<Response> {
  const { method, url } = request;
  const response = await exports.default.fetch(request);
  if (isCallOfApi(url)) checkAnswer(method, url, response, await response.clone().text());
  return response;
}

export function root(method: string, path: string, body?: unknown): Promise<Answer<Json>> {
  return call(method, path, { key: env.ROOT_TOKEN, body });
}
