// The headers of every page that we serve, dashboard and docs alike: nothing is loaded from elsewhere, only
// our own script runs, nobody frames us, and no page is kept by a cache.

import { createMiddleware } from "hono/factory";
import { NONCE, secureHeaders } from "hono/secure-headers";

export const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: [NONCE],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: "DENY",
  // hono/csrf reads Origin, which browsers blank out under no-referrer.
  referrerPolicy: "same-origin",
});

/** Pages hold a tenant's data: a shared computer's back button must not show it after signing out. */
export const noStore = createMiddleware(async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
});
