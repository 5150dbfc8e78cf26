// Cloudflare's rate-limit bindings. They count by location, answer yes or no, and know periods of 10 and
// 60 s (https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/). A binding that is left
// out limits nothing; /readyz says so.

/** What is limited, and by which key: see wrangler.toml. */
export type RateLimitName = "webhook" | "refused" | "api" | "signIn" | "pay";

export type RateLimits = Partial<Record<RateLimitName, Pick<RateLimit, "limit">>>;

/** The periods of wrangler.toml in seconds: after one of them a caller may come again. */
export const PERIOD_SECONDS: Record<RateLimitName, 10 | 60> = {
  webhook: 10,
  refused: 60,
  api: 10,
  signIn: 60,
  pay: 60,
};

export const RATE_LIMIT_BINDINGS = {
  webhook: "WEBHOOK_LIMIT",
  refused: "REFUSED_LIMIT",
  api: "API_LIMIT",
  signIn: "SIGN_IN_LIMIT",
  pay: "PAY_LIMIT",
} as const satisfies Record<RateLimitName, keyof Env>;

/** The limits whose bindings are there: `Env` says all of them, a deployment may leave some out. */
export function createRateLimits(env: Partial<Env>): RateLimits {
  return {
    webhook: env.WEBHOOK_LIMIT,
    refused: env.REFUSED_LIMIT,
    api: env.API_LIMIT,
    signIn: env.SIGN_IN_LIMIT,
    pay: env.PAY_LIMIT,
  };
}
