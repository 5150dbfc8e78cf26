// Calls the Worker's API as a client would, over its real fetch handler.

import { env, exports } from "cloudflare:workers";
import { checkAnswer } from "./check-answer.ts";

export const ORIGIN = "https://quittance.test";

export type Answer<T> = { status: number; headers: Headers; body: T };
/** Loose on purpose: tests read whatever the API answered. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test asserts.
export type Json = any;

export type CallOptions = { key?: string; body?: unknown; headers?: Record<string, string>; raw?: string };

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
  const response = await exports.default.fetch(new Request(url, { method, headers, body: body ?? null }));
  const text = await response.text();
  if (env.CHECK_ANSWERS) checkAnswer(method, url, response, text);
  const json = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
}

export function root(method: string, path: string, body?: unknown): Promise<Answer<Json>> {
  return call(method, path, { key: env.ROOT_TOKEN, body });
}
