// A client of Quittance's API, typed from its OpenAPI document: `quittance/client`.

import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./openapi.generated.ts";
import { type RetrySettings, withRetries } from "./retry.ts";

export type Quittance = Client<paths>;

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
};

/** What Quittance answered instead of what was asked for; `message` is written for people, `code` for programs. */
export class QuittanceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;

  constructor({
    status,
    code,
    detail,
    request_id,
  }: Pick<Problem, "status" | "code" | "detail" | "request_id">) {
    super(detail);
    this.name = "QuittanceError";
    this.status = status;
    this.code = code;
    this.requestId = request_id;
  }
}

/**
 * `quittance.POST("/api/v1/invoices", { body })`, and so on for each call of the document. A POST has an
 * `Idempotency-Key` of its own where none is given, so that a try that was broken off can be made again.
 * @param settings.url the installation's origin, such as `https://billing.example.com`
 * @param settings.key an API key, `qt_…`; it stays on your server
 */
export function createQuittance(settings: { url: string; key: string } & RetrySettings): Quittance {
  const { url, key, ...retrying } = settings;
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ""),
    headers: { authorization: `Bearer ${key}` },
    fetch: withRetries(retrying),
  });
}

/**
 * The answer of a call, or what was answered instead as an error: `await dataOf(quittance.GET(…))`.
 * @throws QuittanceError for any answer but 2xx
 */
export async function dataOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = typeof error === "object" && error !== null ? (error as Partial<Problem>) : {};
  const { code = "unknown", detail = `HTTP ${response.status}`, request_id = "" } = problem;
  throw new QuittanceError({ status: response.status, code, detail, request_id });
}

type Page<T> = { data: T[]; has_more: boolean; next_cursor: string | null };

/**
 * All items of a list, page after page:
 * `for await (const one of pages((cursor) => quittance.GET("/api/v1/invoices", { params: { query: { cursor } } })))`.
 * @throws QuittanceError for any answer but 2xx
 */
export async function* pages<T>(
  read: (cursor: string | undefined) => Promise<{ data?: Page<T>; error?: unknown; response: Response }>,
): AsyncGenerator<T, void> {
  let cursor: string | undefined;
  do {
    const page = await dataOf(read(cursor));
    yield* page.data;
    cursor = page.has_more ? (page.next_cursor ?? undefined) : undefined;
  } while (cursor !== undefined);
}
