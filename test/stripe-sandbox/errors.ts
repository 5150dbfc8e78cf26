// The errors that Stripe answers with, in Stripe's words: products show and parse them.
// https://docs.stripe.com/error-codes

import type Stripe from "stripe";

type ErrorBody = {
  type: "invalid_request_error" | "api_error" | "card_error" | "idempotency_error";
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
};

/** Thrown anywhere while a call is served; the dispatcher turns it into the answer. */
export class StripeApiError extends Error {
  override name = "StripeApiError";
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Record<string, string>;

  constructor(status: number, body: ErrorBody, headers: Record<string, string> = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** 400 `invalid_request_error`: by far the most usual. */
export function invalidRequest(
  message: string,
  detail: { code?: string; param?: string } = {},
): StripeApiError {
  return new StripeApiError(400, { type: "invalid_request_error", message, ...detail });
}

/** 400 `parameter_missing`. */
export function missingParameter(name: string): StripeApiError {
  return invalidRequest(`Missing required param: ${name}.`, { code: "parameter_missing", param: name });
}

/** 404 `resource_missing`. */
export function noSuch(kind: string, id: string, param = "id"): StripeApiError {
  const message = `No such ${kind}: '${id}'`;
  return new StripeApiError(404, { type: "invalid_request_error", code: "resource_missing", message, param });
}

/** The same, for an object named in a parameter: that is a bad request, not a missing page. */
export function noSuchParam(kind: string, id: string, param: string): StripeApiError {
  return invalidRequest(`No such ${kind}: '${id}'`, { code: "resource_missing", param });
}

/** 401: the key is missing, wrong, revoked or expired. */
export function unauthorized(message: string, code?: string): StripeApiError {
  const headers = { "www-authenticate": 'Bearer realm="Stripe"' };
  return new StripeApiError(401, { type: "invalid_request_error", message, ...(code && { code }) }, headers);
}

/** 403: the key is good, and may not do this. */
export function forbidden(message: string, code?: string): StripeApiError {
  return new StripeApiError(403, { type: "invalid_request_error", message, ...(code && { code }) });
}

/** 429, with Retry-After in seconds when given. */
export function rateLimited(retryAfterSeconds?: number): StripeApiError {
  const message =
    "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
  const headers: Record<string, string> = {};
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
  return new StripeApiError(429, { type: "invalid_request_error", code: "rate_limit", message }, headers);
}

/** 500 `api_error`. */
export function serverError(): StripeApiError {
  const message =
    "An unknown error occurred. If you have questions, we can help at https://support.stripe.com/.";
  return new StripeApiError(500, { type: "api_error", message });
}

/** 400 in the form of RFC 6749, which Stripe's OAuth calls answer with. */
export function oauthError(code: string, message: string): StripeApiError {
  return new OAuthError(400, { type: "invalid_request_error", code, message });
}

class OAuthError extends StripeApiError {}

/** The JSON body of an error as Stripe sends it. */
export function errorBody(error: StripeApiError): Record<string, unknown> {
  if (error instanceof OAuthError) return { error: error.body.code, error_description: error.message };
  const { code } = error.body;
  const docUrl = code && `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
  return { error: { ...error.body, ...(docUrl && { doc_url: docUrl }) } };
}
