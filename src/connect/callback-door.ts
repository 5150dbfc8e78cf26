// Where Stripe sends the browser back to. It takes what the address says as a stranger's words: all of it is checked,
// and what is shown of it is text. Once the account is connected, the browser goes on to where it came from.

import { type Context, Hono } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { AppEnv } from "../http/app-env.ts";
import { problemResponse } from "../http/problem.ts";
import { limit } from "../http/rate-limit.ts";
import { cutText } from "../platform/text.ts";
import { readBrowser } from "./browser-cookie.ts";
import { CONNECT_REFUSALS, type ConnectRefusal } from "./connect-refusal.ts";
import { finishConnect } from "./finish-connect.ts";
import { renderConnectPage } from "./render-connect-page.tsx";

type CallbackEnv = AppEnv & { Variables: { secureHeadersNonce?: string } };
type CallbackContext = Context<CallbackEnv>;

const MOST_SAID_CHARACTERS = 300;

const callbackHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: [NONCE],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: "DENY",
  strictTransportSecurity: "max-age=31536000",
  // The address has the code and the state in it.
  referrerPolicy: "no-referrer",
});

export const connectCallbackRoutes = new Hono<CallbackEnv>()
  .onError(showFault)
  .use(callbackHeaders, async (c, next) => {
    c.header("cache-control", "no-store");
    c.header("x-robots-tag", "noindex");
    await next();
  })
  .get("/callback", async (c) => {
    const deps = c.get("deps");
    await limit(deps, "pay", `connect/${deps.actor.ip ?? "unknown"}`);
    const query = (name: string) => c.req.query(name) ?? null;
    const end = await finishConnect(
      deps,
      {
        state: query("state"),
        code: query("code"),
        error: query("error"),
        errorDescription: query("error_description"),
      },
      readBrowser(c),
    );
    if (end.ok) return c.redirect(withQuery(end.returnUrl, "connection", end.connectionId), 303);
    return refuse(c, end);
  });

function refuse(
  c: CallbackContext,
  { why, said, returnUrl }: { why: ConnectRefusal; said: string | null; returnUrl: string | null },
) {
  const { status, heading, text } = CONNECT_REFUSALS[why];
  const back = returnUrl === null ? null : withQuery(returnUrl, "connect_error", why);
  const words = said === null ? null : cutText(said, MOST_SAID_CHARACTERS);
  return c.html(
    renderConnectPage({ heading, text, said: words, back }, c.get("secureHeadersNonce") ?? ""),
    status as ContentfulStatusCode,
  );
}

async function showFault(error: unknown, c: CallbackContext): Promise<Response> {
  const { status, headers } = problemResponse(error, c.get("requestId"), c.get("deps").log);
  const retryAfter = headers.get("retry-after");
  if (retryAfter !== null) c.header("retry-after", retryAfter);
  const [heading, text] =
    status === 429
      ? ["Too often", "This address was opened too often. Wait a minute and open it again."]
      : ["Something went wrong", "Nothing is known to be connected. Begin again from where you came."];
  return c.html(
    renderConnectPage({ heading, text, said: null, back: null }, c.get("secureHeadersNonce") ?? ""),
    status as ContentfulStatusCode,
  );
}

function withQuery(address: string, name: string, value: string): string {
  const url = new URL(address);
  url.searchParams.set(name, value);
  return url.href;
}
