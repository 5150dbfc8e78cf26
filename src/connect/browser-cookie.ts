// The cookie by which a browser that began Stripe Connect is known again when Stripe sends it back: random, out of reach
// of scripts, sent to this host alone.

import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { randomToken } from "./begin-connect.ts";

const LASTS_SECONDS = 60 * 60;

/** The browser's value, or null where it has none. */
export function readBrowser(c: Context): string | null {
  return getCookie(c, nameFor(c)) ?? null;
}

/** The browser's value; one that it has already stays, so that several flows may be under way in it. */
export function markBrowser(c: Context): string {
  const value = readBrowser(c) ?? randomToken();
  // Lax: Stripe's page sends the browser here by a link.
  const options = { path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure(c) } as const;
  setCookie(c, nameFor(c), value, { ...options, maxAge: LASTS_SECONDS });
  return value;
}

function nameFor(c: Context): string {
  return isSecure(c) ? "__Host-quittance_connect" : "quittance_connect";
}

function isSecure(c: Context): boolean {
  return new URL(c.req.url).protocol === "https:";
}
