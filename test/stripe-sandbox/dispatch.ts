// Answers one call of Stripe's API: who calls, whether it was made before, what it takes, what it does.
// The order is Stripe's, for it decides which error is told and which answers are remembered.

import { authenticate, requirePermission } from "./authenticate.ts";
import type { SandboxContext } from "./context.ts";
import {
  errorBody,
  invalidRequest,
  rateLimited,
  StripeApiError,
  serverError,
  unauthorized,
} from "./errors.ts";
import { expandAnswer } from "./expand.ts";
import { takeFault } from "./faults.ts";
import { canonicalForm, type FormTree, parseForm } from "./form.ts";
import {
  findAnswer,
  type IdempotentRequest,
  keepAnswer,
  type RunningKeys,
  scopedKey,
} from "./idempotency.ts";
import { newId } from "./ids.ts";
import { shownBy } from "./mode.ts";
import { matchRoute, type Prepared, type Route } from "./routes.ts";
import { type Caller, ConnectionCut, type Fault } from "./types.ts";
import { openAccount } from "./world.ts";

type Answer = { status: number; body: string; headers?: Record<string, string> };
type Served = {
  requestId: string;
  caller: Caller;
  fault: Fault | null;
  idempotent: IdempotentRequest | null;
};

/** Serves `/v1` and `/oauth`. Throws only ConnectionCut, and the abort of a request that never ends. */
export function createDispatcher(context: SandboxContext, routes: readonly Route[]) {
  const running: RunningKeys = new Set();

  return async function dispatch(request: Request): Promise<Response> {
    const requestId = newId("req");
    try {
      const answer = await answerCall(context, { routes, running, request, requestId });
      return respond(context, request, requestId, answer);
    } catch (error) {
      if (!(error instanceof StripeApiError)) throw error;
      return respond(context, request, requestId, errorAnswer(error));
    }
  };
}

async function answerCall(
  context: SandboxContext,
  call: { routes: readonly Route[]; running: RunningKeys; request: Request; requestId: string },
): Promise<Answer> {
  const { request, running, requestId } = call;
  const { pathname } = new URL(request.url);
  const form = await readForm(request);
  const caller = authenticate(context.world, request);
  const matched = matchRoute(call.routes, request.method, pathname);
  if (!matched) throw unknownUrl(request.method, pathname);
  const access = request.method === "GET" ? "read" : "write";
  requirePermission(caller, `${matched.route.permission}_${access}`);
  const idempotent = idempotentRequest(request, pathname, caller, form);
  const kept = idempotent && findAnswer(context.world, running, idempotent, context.now());
  if (kept) return replay(kept);
  const fault = takeFault(context.world, request.method, pathname, caller.apiKey);
  const served: Served = { requestId, caller, fault, idempotent };
  if (idempotent) running.add(scopedKey(idempotent));
  try {
    await meetFault(fault, request.signal);
    return execute(context, served, matched, { form, url: pathname });
  } finally {
    if (idempotent) running.delete(scopedKey(idempotent));
  }
}

function execute(
  context: SandboxContext,
  served: Served,
  matched: { route: Route; id: string },
  input: { form: FormTree; url: string },
): Answer {
  // Parameters that are refused were never executed, so Stripe does not remember the refusal.
  const prepared = matched.route.prepare(input.form);
  const answer = run(context, served, prepared, { id: matched.id, url: input.url });
  if (served.idempotent) {
    keepAnswer(context.world, served.idempotent, { ...answer, requestId: served.requestId }, context.now());
  }
  context.changed();
  if (served.fault?.kind === "cut_after") throw new ConnectionCut("the connection was cut after the call");
  return answer;
}

function run(
  context: SandboxContext,
  served: Served,
  prepared: Prepared,
  at: { id: string; url: string },
): Answer {
  const { accountId } = served.caller;
  const account = openAccount(context.world, accountId, context.now());
  const request = { id: served.requestId, idempotency_key: served.idempotent?.key ?? null };
  try {
    if (served.fault?.kind === "server_error") throw serverError();
    const scope = { context: { ...context, request }, caller: served.caller, account, accountId, ...at };
    const body = expandAnswer(account, prepared.run(scope), prepared.expand);
    return { status: 200, body: JSON.stringify(body, shownBy(accountId), 2) };
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return errorAnswer(error);
  }
}

async function meetFault(fault: Fault | null, signal: AbortSignal): Promise<void> {
  if (fault?.kind === "rate_limit") throw rateLimited(fault.retryAfterSeconds);
  if (fault?.kind === "invalid_request")
    throw invalidRequest(fault.message ?? "This request cannot be served.");
  if (fault?.kind === "unauthorized") throw unauthorized(fault.message ?? "Invalid API Key provided.");
  if (fault?.kind === "cut_before") throw new ConnectionCut("the connection was cut before the call");
  if (fault?.kind !== "timeout") return;
  await new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

async function readForm(request: Request): Promise<FormTree> {
  if (request.method !== "POST") return parseForm(new URL(request.url).search);
  const contentType = request.headers.get("content-type") ?? "";
  // Not text(): workerd warns of it for a form, on every call.
  const body = new TextDecoder().decode(await request.arrayBuffer());
  if (body !== "" && !contentType.startsWith("application/x-www-form-urlencoded")) {
    throw invalidRequest(
      "Invalid request (check that your POST content type is application/x-www-form-urlencoded). " +
        "If you have questions, we can help at https://support.stripe.com/.",
    );
  }
  return parseForm(body);
}

function idempotentRequest(
  request: Request,
  path: string,
  caller: Caller,
  form: FormTree,
): IdempotentRequest | null {
  const key = request.headers.get("idempotency-key");
  if (request.method !== "POST" || !key) return null;
  const fingerprint = `${request.method} ${path} ${canonicalForm(form)}`;
  return { accountId: caller.accountId, key, path, fingerprint };
}

function replay(kept: { status: number; body: string; requestId: string }): Answer {
  const headers = { "idempotent-replayed": "true", "original-request": kept.requestId };
  return { status: kept.status, body: kept.body, headers };
}

function errorAnswer(error: StripeApiError): Answer {
  return { status: error.status, body: JSON.stringify(errorBody(error), null, 2), headers: error.headers };
}

function respond(context: SandboxContext, request: Request, requestId: string, answer: Answer): Response {
  const headers = new Headers({
    "content-type": "application/json",
    date: new Date(context.now()).toUTCString(),
    "request-id": requestId,
  });
  const echoed = ["stripe-version", "stripe-account", "idempotency-key"];
  for (const name of echoed) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

function unknownUrl(method: string, path: string): StripeApiError {
  const message =
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at ` +
    "https://support.stripe.com/.";
  return new StripeApiError(404, { type: "invalid_request_error", message });
}
