// The headers of every page that we serve, dashboard and docs alike: nothing is loaded from elsewhere, only
// our own script runs, nobody frames us, and no page is kept by a cache.

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { NONCE, secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "../http/app-env.ts";

const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: [NONCE],
  imgSrc: ["'self'"],
  // The script looks again at the page that it is on.
  connectSrc: ["'self'"],
  frameSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

export const pageHeaders = secureHeaders({
  contentSecurityPolicy: PAGE_POLICY,
  xFrameOptions: "DENY",
  // Said of every answer, where it came by https.
  strictTransportSecurity: false,
  // hono/csrf reads Origin, which browsers blank out under no-referrer.
  referrerPolicy: "same-origin",
});

/** Of the page whose form leads on to Stripe: browsers hold a form's policy against the redirect that follows, too. */
export const connectHeaders = secureHeaders({
  contentSecurityPolicy: {
    ...PAGE_POLICY,
    formAction: [
      "'self'",
      (c: Context<AppEnv>) => c.get("deps").config.stripeApiBase ?? "https://connect.stripe.com",
    ],
  },
  xFrameOptions: "DENY",
  // Said of every answer, where it came by https.
  strictTransportSecurity: false,
  referrerPolicy: "same-origin",
});

/** Of a mail that is looked at: inline styles, as mails have, and nothing else; framed by our pages alone. */
export const mailHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'unsafe-inline'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'self'"],
    sandbox: ["allow-popups", "allow-popups-to-escape-sandbox"],
  },
  xFrameOptions: "SAMEORIGIN",
  // Said of every answer, where it came by https.
  strictTransportSecurity: false,
  referrerPolicy: "no-referrer",
});

/** Pages hold a tenant's data: a shared computer's back button must not show it after signing out. */
export const noStore = createMiddleware(async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
});
