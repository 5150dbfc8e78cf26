// Where Stripe sends the browser back to. It takes what the address says as a stranger's words: all of it is checked,
// and what is shown of it is text. Once the account is connected, the browser goes on to where it came from.

import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type BarePageEnv, barePage, faultOfPage } from "../http/bare-page.ts";
import { limit } from "../http/rate-limit.ts";
import { cutText } from "../platform/text.ts";
import { readBrowser } from "./browser-cookie.ts";
import { CONNECT_REFUSALS, type ConnectRefusal } from "./connect-refusal.ts";
import { finishConnect } from "./finish-connect.ts";
import { renderConnectPage } from "./render-connect-page.tsx";

type CallbackContext = Context<BarePageEnv>;

const MOST_SAID_CHARACTERS = 300;

export const connectCallbackRoutes = new Hono<BarePageEnv>()
  .onError(showFault)
  .use(barePage)
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
  const status = faultOfPage(error, c);
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
