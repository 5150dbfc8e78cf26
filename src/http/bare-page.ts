// The headers of pages that whoever holds their address may open, such as a payer's: no script runs, nothing is loaded
// or sent, nobody frames them, no cache keeps them, and where they lead on to is not told how one came there.

import type { Context, MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "./app-env.ts";
import { problemResponse } from "./problem.ts";

export type BarePageEnv = AppEnv & { Variables: { secureHeadersNonce?: string } };

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [NONCE],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: "DENY",
  // Said of every answer, where it came by https.
  strictTransportSecurity: false,
  referrerPolicy: "no-referrer",
});

export const barePage: MiddlewareHandler<BarePageEnv> = (c, next) =>
  headers(c, async () => {
    c.header("cache-control", "no-store");
    c.header("x-robots-tag", "noindex");
    await next();
  });

/** Logs what went wrong and sets when to come again. @returns the status of the page that says so */
export function faultOfPage(error: unknown, c: Context<BarePageEnv>): number {
  const { status, headers: told } = problemResponse(error, c.get("requestId"), c.get("deps").log);
  const retryAfter = told.get("retry-after");
  if (retryAfter !== null) c.header("retry-after", retryAfter);
  return status;
}
