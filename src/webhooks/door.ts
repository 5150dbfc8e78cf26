// Stripe's doors. A webhook takes this way alone, past the router and its layers, since it is asked more often than
// all else together: the body is verified as it came, queued, and only then answered with 200.

import { setAnswerHeaders } from "../http/answer-headers.ts";
import { readLimited, refuseTooLarge } from "../http/body-guard.ts";
import { problemResponse } from "../http/problem.ts";
import { AppError } from "../platform/app-error.ts";
import { problemsText, readConfig } from "../platform/config.ts";
import { createDeps, type Deps } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { createLogger } from "../platform/logger.ts";
import type { Scope } from "../platform/scope.ts";
import { readConnectSignature, receiveConnectEvent } from "./receive-connect-event.ts";
import { readSignature, receiveEvent, signatureRefused } from "./receive-event.ts";

// Stripe's events are some KiB; nothing that it signs comes near this.
const MAX_EVENT_BYTES = 1024 * 1024;

const PATH = /^https?:\/\/[^/?#]+\/api\/v1\/webhooks\/stripe\/([^/?#]+)\/([^/?#]+)\/?(?:[?#]|$)/;
const CONNECT_PATH = /^https?:\/\/[^/?#]+\/api\/v1\/webhooks\/stripe\/connect\/?(?:[?#]|$)/;
const RECEIVED = '{"received":true}';

/** The scope that a webhook's address names; null for any other request. */
export function webhookScope({ method, url }: Request): Scope | null {
  const found = method === "POST" ? PATH.exec(url) : null;
  const [, tenantId, environmentId] = found ?? [];
  if (tenantId === undefined || environmentId === undefined) return null;
  return { tenantId: decode(tenantId), environmentId: decode(environmentId) };
}

/** Whether it is one of Stripe Connect, for whatever account. */
export function isConnectWebhook({ method, url }: Request): boolean {
  return method === "POST" && CONNECT_PATH.test(url);
}

/** Never throws: what goes wrong is the answer. */
export function receiveWebhook(request: Request, env: Env, scope: Scope): Promise<Response> {
  const { tenantId: tenant, environmentId: environment } = scope;
  return receive(request, env, {
    named: { tenant, environment },
    readSignature: (deps, header) => readSignature(deps, scope, header),
    receive: (deps, rawBody, header) => receiveEvent(deps, scope, rawBody, header),
  });
}

/** The same for one of Stripe Connect. */
export function receiveConnectWebhook(request: Request, env: Env): Promise<Response> {
  return receive(request, env, {
    named: { door: "connect" },
    readSignature: readConnectSignature,
    receive: receiveConnectEvent,
  });
}

type Door = {
  /** For the log. */
  named: Record<string, string>;
  /** Before the body is read. */
  readSignature: (deps: Deps, header: string | undefined) => Promise<unknown>;
  receive: (deps: Deps, rawBody: string, header: string | undefined) => Promise<void>;
};

async function receive(request: Request, env: Env, door: Door): Promise<Response> {
  const requestId = newId("req");
  const ip = request.headers.get("cf-connecting-ip");
  let log = createLogger({ request_id: requestId });
  try {
    const read = readConfig(env);
    if (!read.ok) throw new AppError("not_configured", { detail: problemsText(read.problems) });
    const deps = createDeps(env, read.config, { kind: "stripe", id: null, ip }, "", requestId);
    log = deps.log;
    refuseTooLarge(request, MAX_EVENT_BYTES);
    const signature = request.headers.get("stripe-signature") ?? undefined;
    await door.readSignature(deps, signature);
    await door.receive(deps, await readRawBody(request), signature);
    const headers = new Headers({ "content-type": "application/json", "x-request-id": requestId });
    setAnswerHeaders(headers, request.url);
    return new Response(RECEIVED, { headers });
  } catch (error) {
    const answer = problemResponse(error, requestId, log);
    setAnswerHeaders(answer.headers, request.url);
    // What was taken in shows in the event log; a line for each would cost as much as verifying it.
    log.info("webhook not taken in", { ...door.named, status: answer.status });
    return answer;
  }
}

/** @throws AppError `body_too_large`; a body that is not UTF-8 was never signed by Stripe */
async function readRawBody(request: Request): Promise<string> {
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  // Bytes that are no UTF-8 become others, which nobody has signed.
  if (length <= MAX_EVENT_BYTES) return request.text();
  try {
    return await readLimited(request, MAX_EVENT_BYTES);
  } catch (error) {
    if (error instanceof AppError && error.code === "body_too_large") throw error;
    throw signatureRefused();
  }
}

function decode(part: string): string {
  if (!part.includes("%")) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
