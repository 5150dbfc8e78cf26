// Before money goes back, a secret is shown or a connection ends, whoever sits there shows once more that the session is
// theirs: a browser that was left open does none of it. Signing in counts, for a quarter of an hour.

import { createMiddleware } from "hono/factory";
import type { DashboardContext, DashboardEnv } from "../dashboard-env.ts";
import { href } from "../hrefs.ts";

export const CONFIRMED_FOR_MS = 15 * 60 * 1000;
// Whoever has opened the form in time can still send it.
const SENDS_MS = 2 * CONFIRMED_FOR_MS;

/** For after `requireSession`, on the page of an act and on its form alike. */
export const requireFresh = createMiddleware<DashboardEnv>(async (c, next) => {
  if (!isFresh(c, c.get("session").confirmedAtMs)) {
    return c.redirect(href("/confirm", { next: c.req.path }), 303);
  }
  await next();
});

/** The same in the console, for after `requireConsole`. */
export const requireFreshConsole = createMiddleware<DashboardEnv>(async (c, next) => {
  if (!isFresh(c, c.get("consoleSession").confirmedAtMs ?? 0)) {
    return c.redirect(`/console/confirm?${new URLSearchParams({ next: c.req.path })}`, 303);
  }
  await next();
});

function isFresh(c: DashboardContext, confirmedAtMs: number): boolean {
  const ageMs = c.get("deps").now() - confirmedAtMs;
  return ageMs < (c.req.method === "GET" ? CONFIRMED_FOR_MS : SENDS_MS);
}
