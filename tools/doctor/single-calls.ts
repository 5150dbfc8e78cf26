// The REST API for those who look at what a single call does, the doctor, the bench and the proofs: no call is made a
// second time, and no row is written for an Idempotency-Key, as the client's would be. Everybody else takes the client.

import type * as z from "zod";

/** What the API answered instead of what was asked for. */
export class ApiError extends Error {
  readonly status: number;

  constructor(call: string, status: number, detail: string) {
    super(`${call} answered ${status}: ${detail}`);
    this.status = status;
  }
}

export type Api = {
  get: <T>(path: string, answer: z.ZodType<T>) => Promise<T>;
  post: <T>(path: string, body: unknown, answer: z.ZodType<T>) => Promise<T>;
  del: (path: string) => Promise<void>;
};

/** Calls under `/api/v1` with one credential. The calls throw {@link ApiError} for any answer but 2xx. */
export function createApi(worker: string, credential: string): Api {
  async function call<T>(method: string, path: string, body: unknown, answer: z.ZodType<T>): Promise<T> {
    return answer.parse(JSON.parse(await send(method, path, body)));
  }
  async function send(method: string, path: string, body: unknown): Promise<string> {
    const response = await fetch(`${worker}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(`${method} ${path}`, response.status, detailOf(text));
    return text;
  }
  return {
    get: (path, answer) => call("GET", path, undefined, answer),
    post: (path, body, answer) => call("POST", path, body, answer),
    async del(path) {
      await send("DELETE", path, undefined);
    },
  };
}

/** What a problem's own words are; all of an answer that is none. */
function detailOf(text: string): string {
  try {
    return String(JSON.parse(text).detail ?? text);
  } catch {
    return text;
  }
}
