// The one place where Stripe clients are made. A live key goes to Stripe's own host and nowhere else,
// whatever STRIPE_API_BASE says; and the client neither retries nor waits long: our queues do that.

import Stripe from "stripe";
import { AppError } from "./app-error.ts";
import { errorText } from "./logger.ts";

/** The API version that we are written for; also given to the endpoints that we make. */
export const STRIPE_API_VERSION = "2026-10-28.endive";

// stripe-node's defaults are 80 s, and retries of its own (https://github.com/stripe/stripe-node#configuration).
const TIMEOUT_MS = 10_000;

/** @param accountId the connected account that is acted on with the platform's key; left out, the key's own */
export type StripeFactory = (secretKey: string, accountId?: string) => Stripe;

/**
 * @param apiBase `STRIPE_API_BASE`; null for Stripe itself
 * @throws AppError `live_key_refused` from the factory when a live key would go anywhere but to Stripe
 */
export function createStripeFactory(apiBase: string | null): StripeFactory {
  return (secretKey, accountId) => {
    const options: Stripe.StripeConfig = {
      apiVersion: STRIPE_API_VERSION,
      httpClient: Stripe.createFetchHttpClient(),
      timeout: TIMEOUT_MS,
      maxNetworkRetries: 0,
      telemetry: false,
      appInfo: { name: "Quittance" },
      ...(accountId !== undefined && { stripeAccount: accountId }),
    };
    if (apiBase === null) return new Stripe(secretKey, options);
    if (!isTestKey(secretKey)) throw liveKeyRefused();
    const base = new URL(apiBase);
    return new Stripe(secretKey, {
      ...options,
      host: base.hostname,
      port: base.port || (base.protocol === "https:" ? "443" : "80"),
      protocol: base.protocol === "https:" ? "https" : "http",
    });
  };
}

/** Whether a secret or restricted key is of test mode. */
export function isTestKey(secretKey: string): boolean {
  return /^(sk|rk)_test_/.test(secretKey);
}

/** The refusal of a live key while STRIPE_API_BASE points elsewhere. */
export function liveKeyRefused(): AppError {
  const detail =
    "STRIPE_API_BASE is set, so only test keys are taken: a live key is never sent anywhere but to Stripe. Unset it to use live keys.";
  return new AppError("live_key_refused", { detail, errors: [{ path: "secret_key", message: detail }] });
}

/**
 * Stripe's failure in our words: which of them can pass, and how long Stripe asked to wait. Network
 * failures and 5xx may have executed: retry only with the same idempotency key (network) or a new one (5xx).
 */
export function fromStripeError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof Stripe.errors.StripeError)) {
    return new AppError("internal_error", {
      detail: "The call to Stripe failed unexpectedly.",
      cause: error,
    });
  }
  const said = errorText(error);
  const options = { cause: error, retryAfterSeconds: retryAfterSeconds(error) };
  switch (error.type) {
    case "StripeAuthenticationError":
      return new AppError("stripe_authentication_failed", {
        ...options,
        detail: `Stripe refuses the key: ${said}`,
      });
    case "StripePermissionError":
      // The platform's key is right, and the account no longer lets it in.
      if (error.code === "account_invalid")
        return new AppError("stripe_authentication_failed", {
          ...options,
          detail: `Stripe gives no access to the account: ${said}`,
        });
      return new AppError("stripe_permission_missing", {
        ...options,
        detail: `The key lacks a permission: ${said}`,
      });
    case "StripeRateLimitError":
      return new AppError("stripe_rate_limited", {
        ...options,
        retryable: true,
        detail: `Stripe asks to slow down: ${said}`,
      });
    case "StripeConnectionError": {
      const detail = `Stripe could not be reached: ${said}`;
      return new AppError("stripe_timeout", { ...options, retryable: true, detail });
    }
    case "StripeAPIError":
      return new AppError("stripe_unavailable", {
        ...options,
        retryable: true,
        detail: `Stripe failed: ${said}`,
      });
    default:
      // A 409 (`lock_timeout`, a key still in use) passes by itself.
      if (error.statusCode === 409) {
        return new AppError("stripe_unavailable", {
          ...options,
          retryable: true,
          detail: `Stripe is busy: ${said}`,
        });
      }
      return new AppError("stripe_refused", { ...options, detail: `Stripe refused: ${said}` });
  }
}

function retryAfterSeconds(error: InstanceType<typeof Stripe.errors.StripeError>): number | undefined {
  const value = Number(error.headers?.["retry-after"]);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The id of an object that Stripe names by its id, or in full where that was asked for. */
export function idOfReference(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}
