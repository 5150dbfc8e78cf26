// The one error that verbs throw. It carries a stable code for machines, words for people, and whether
// trying again later can help; only the doors (HTTP, queue, cron) catch it.

/** Stable words of the API: each has its HTTP status here and its title in the answer. */
export const ERROR_STATUS = {
  malformed_json: 400,
  signature_refused: 400,
  unauthorized: 401,
  forbidden: 403,
  https_required: 403,
  not_found: 404,
  conflict: 409,
  already_exists: 409,
  invoice_not_finalizable: 409,
  invoice_not_payable: 409,
  payment_under_way: 409,
  payment_not_refundable: 409,
  refund_in_doubt: 409,
  payment_link_not_active: 409,
  customer_email_missing: 409,
  email_not_configured: 409,
  connection_missing: 409,
  connection_exists: 409,
  connection_disabled: 409,
  portal_not_configured: 409,
  connect_not_configured: 409,
  payload_gone: 409,
  idempotency_key_in_use: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
  refund_too_large: 422,
  mode_mismatch: 422,
  account_mismatch: 422,
  idempotency_key_reused: 422,
  stripe_authentication_failed: 422,
  stripe_permission_missing: 422,
  stripe_refused: 422,
  live_key_refused: 422,
  rate_limited: 429,
  over_budget: 429,
  internal_error: 500,
  stripe_rate_limited: 502,
  stripe_unavailable: 502,
  stripe_timeout: 502,
  email_unavailable: 502,
  not_configured: 503,
  secret_unreadable: 503,
  queue_unavailable: 503,
  disconnect_unfinished: 503,
  resolver_unavailable: 503,
  database_unavailable: 503,
  database_behind: 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** One failing place in the input: `path` as a client would write it, e.g. `lines[0].quantity`. */
export type FieldError = { path: string; message: string };

export type AppErrorOptions = {
  /** A sentence or two for the person who gets it: what is wrong and what to do. Never a secret. */
  detail: string;
  /** Whether the same call can succeed later. Queue consumers retry on it; default false. */
  retryable?: boolean;
  /** How long to wait at least, in seconds, where somebody has said so (Stripe's Retry-After). */
  retryAfterSeconds?: number;
  errors?: FieldError[];
  cause?: unknown;
};

export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly errors: FieldError[] | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = ERROR_STATUS[code];
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.errors = options.errors;
  }
}

/** The 404 that another tenant's object gets as well: it must not tell that the object exists. */
export function notFound(object: string, id: string): AppError {
  return new AppError("not_found", { detail: `No such ${object}: '${id}'.` });
}

/** A 422 that names one failing place. */
export function invalid(path: string, message: string, code: ErrorCode = "validation_failed"): AppError {
  return new AppError(code, { detail: message, errors: [{ path, message }] });
}

/** @throws AppError `validation_failed` with these places, if there are any */
export function refuse(errors: FieldError[]): void {
  if (errors.length === 0) return;
  const detail = errors.map((error) => error.message).join(" ");
  throw new AppError("validation_failed", { detail, errors });
}
