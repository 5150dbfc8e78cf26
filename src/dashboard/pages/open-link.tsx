// The link by which a platform sends a person here. Opening it changes nothing: whatever looks at links before people do
// (mail scanners, previews, prefetching) sends a GET and has not used it up. The page sends its form by itself, and a
// person without script presses the button.

import { isLinkToken, openWithLink } from "../../directory/open-session.ts";
import { limit } from "../../http/rate-limit.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";
import { renderAlone } from "../layout/render.tsx";
import { enterSession } from "../session/held-sessions.ts";
import { isPrivateEnough } from "../session/session-cookie.ts";
import { renderNeedsHttps } from "./sign-in.tsx";

export function showLink(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  const token = c.req.param("token") ?? "";
  if (!isLinkToken(token)) return renderUseless(c);
  return renderAlone(
    c,
    { title: "Opening the dashboard" },
    <form class="card" method="post" action={href(`/open/${token}`)} data-send="">
      <h1>Opening the dashboard</h1>
      <button class="primary" type="submit">
        Continue
      </button>
      <p class="muted">This link works once, and for five minutes.</p>
    </form>,
  );
}

export async function openLink(c: DashboardContext) {
  if (!isPrivateEnough(new URL(c.req.url))) return renderNeedsHttps(c);
  const deps = c.get("deps");
  await limit(deps, "signIn", deps.actor.ip ?? "unknown");
  const session = await openWithLink(deps, c.req.param("token") ?? "");
  if (!session) return renderUseless(c);
  await enterSession(c, session);
  return c.redirect(href("/"), 303);
}

function renderUseless(c: DashboardContext) {
  return renderAlone(
    c,
    { title: "This link does not work any more", status: 410 },
    <div class="card">
      <h1>This link does not work any more</h1>
      <p>
        It was used, or is older than five minutes. Go back to where you came from and open the dashboard from
        there again.
      </p>
      <p>
        <a href={href("/sign-in")}>Sign in with an API key</a>
      </p>
    </div>,
  );
}
