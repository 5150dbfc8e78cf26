// Refuses a caller that comes too often. The limiter protects us, it does not guard anything: when it is
// left out or fails, calls go through.

import { AppError } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { RATE_LIMITS, type RateLimitName } from "../platform/rate-limits.ts";

/**
 * Counts one call under this key.
 * @param key who is counted, e.g. an API key's hash; it leaves the Worker, so never a secret
 * @throws AppError `rate_limited` (429 with Retry-After)
 */
export async function limit(deps: Deps, name: RateLimitName, key: string): Promise<void> {
  if (!(await isWithinLimit(deps, name, key))) throw rateLimited(name);
}

/** The same, for who decides himself what being over the limit means. */
export async function isWithinLimit(deps: Deps, name: RateLimitName, key: string): Promise<boolean> {
  const limiter = deps.limits[name];
  if (!limiter) return true;
  try {
    return (await limiter.limit({ key })).success;
  } catch (error) {
    deps.log.warn("rate limiter failed; the call goes through", { limit: name, error: errorText(error) });
    return true;
  }
}

export function rateLimited(name: RateLimitName): AppError {
  const retryAfterSeconds = RATE_LIMITS[name].period;
  const detail = `Too many calls. Try again in ${retryAfterSeconds} seconds.`;
  return new AppError("rate_limited", { detail, retryable: true, retryAfterSeconds });
}
