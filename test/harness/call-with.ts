// Calls the API of a Worker that is configured differently: other secrets, other bindings, none at all.

import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createApp } from "../../src/app.ts";
import { type Answer, type Json, ORIGIN } from "./api.ts";

type Overrides = { [Name in keyof Env]?: Env[Name] | undefined };

/** @param overrides settings and bindings in place of the usual ones; undefined takes one away */
export async function callWith(
  overrides: Overrides,
  method: string,
  path: string,
  options: {
    key?: string;
    ip?: string;
    body?: unknown;
    raw?: string;
    headers?: Record<string, string>;
    origin?: string;
  } = {},
): Promise<Answer<Json>> {
  const headers = new Headers({ "content-type": "application/json", ...options.headers });
  if (options.key !== undefined) headers.set("authorization", `Bearer ${options.key}`);
  if (options.ip !== undefined) headers.set("cf-connecting-ip", options.ip);
  const body = options.raw ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const request = new Request(`${options.origin ?? ORIGIN}${path}`, {
    method,
    headers,
    body,
    redirect: "manual",
  });
  const response = await createApp().fetch(
    request,
    { ...env, ...overrides } as Env,
    createExecutionContext(),
  );
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Limits each key to so many calls for good, and remembers the keys it was asked about. */
export function fakeLimiter(most: number): Pick<RateLimit, "limit"> & { keys: string[] } {
  const keys: string[] = [];
  return {
    keys,
    limit: async ({ key }) => {
      keys.push(key);
      return { success: keys.filter((known) => known === key).length <= most };
    },
  };
}
