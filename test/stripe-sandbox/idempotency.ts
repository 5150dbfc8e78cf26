// Makes a repeated POST answer as the first did. What was refused before anything was done, and a 429, is
// not remembered; a 500 is. https://docs.stripe.com/api/idempotent_requests

import { MOST_CHARACTERS } from "../../src/platform/stripe-limits.ts";
import { invalidRequest, StripeApiError } from "./errors.ts";
import type { IdempotentAnswer, World } from "./types.ts";

/** Stripe prunes keys after at least this long. */
const KEPT_MS = 24 * 60 * 60 * 1000;
const MAX_KEY_LENGTH = MOST_CHARACTERS.idempotencyKey;

export type IdempotentRequest = {
  accountId: string;
  key: string;
  path: string;
  /** Method, path and parameters, canonical. */
  fingerprint: string;
};

/** The keys of the requests that are running now. Never saved: after a restart nothing is running. */
export type RunningKeys = Set<string>;

/** The answer to replay, or null. Throws 400 for other parameters and 409 while the first is running. */
export function findAnswer(
  world: World,
  running: RunningKeys,
  request: IdempotentRequest,
  nowMs: number,
): IdempotentAnswer | null {
  if (request.key.length > MAX_KEY_LENGTH) {
    throw invalidRequest(`Idempotency-Key must be at most ${MAX_KEY_LENGTH} characters`);
  }
  const name = scopedKey(request);
  if (running.has(name)) throw inUse(request.key);
  const answer = world.idempotency[name];
  if (!answer) return null;
  if (nowMs - answer.createdAtMs > KEPT_MS) {
    delete world.idempotency[name];
    return null;
  }
  if (answer.fingerprint !== request.fingerprint) throw otherParameters(request, answer);
  return answer;
}

/** Remembers the answer for whoever repeats the request. */
export function keepAnswer(
  world: World,
  request: IdempotentRequest,
  answer: { status: number; body: string; requestId: string },
  nowMs: number,
): void {
  const { accountId, key, fingerprint } = request;
  world.idempotency[scopedKey(request)] = { accountId, key, fingerprint, ...answer, createdAtMs: nowMs };
}

/** The name under which a running request holds its key. */
export function scopedKey(request: IdempotentRequest): string {
  return `${request.accountId} ${request.key}`;
}

function inUse(key: string): StripeApiError {
  const message =
    "There is currently another in-progress request using this Idempotent Key (that probably means you " +
    `submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  return new StripeApiError(409, { type: "invalid_request_error", code: "idempotency_key_in_use", message });
}

function otherParameters(request: IdempotentRequest, answer: IdempotentAnswer): StripeApiError {
  const [, firstPath = ""] = answer.fingerprint.split(" ");
  const scope =
    firstPath === request.path
      ? "with the same parameters they were first used with"
      : `for the same endpoint they were first used for ('${firstPath}')`;
  const message =
    `Keys for idempotent requests can only be used ${scope}. Try using a key other than '${request.key}' if ` +
    "you meant to execute a different request.";
  return new StripeApiError(400, { type: "idempotency_error", message });
}
