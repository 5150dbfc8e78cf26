// Cloudflare's rate-limit bindings. They count by location, answer yes or no, and know periods of 10 and
// 60 s (https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/). A binding that is left
// out limits nothing; /readyz says so.

/** What is limited, and by which key: see wrangler.toml. */
export type RateLimitName = "webhook" | "refused" | "api" | "signIn" | "pay";

export type RateLimits = Partial<Record<RateLimitName, Pick<RateLimit, "limit">>>;

/** What wrangler.toml says: so many within a period in seconds, after which a caller may come again. */
export const RATE_LIMITS: Record<RateLimitName, { limit: number; period: 10 | 60 }> = {
  webhook: { limit: 20, period: 10 },
  refused: { limit: 20, period: 60 },
  api: { limit: 500, period: 10 },
  signIn: { limit: 10, period: 60 },
  pay: { limit: 120, period: 60 },
};

/** Of webhooks one count stands for so many events. */
export const EVENTS_A_COUNT = 50;

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
