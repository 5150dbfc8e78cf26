// The session's cookie: out of reach of scripts, sent to this host alone, gone after twelve hours.

import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { DashboardContext } from "../dashboard-env.ts";
import { type SessionClaims, signSession, verifySession } from "./session-token.ts";

const LASTS_MS = 12 * 60 * 60 * 1000;

export async function writeSession(
  c: DashboardContext,
  owner: Omit<SessionClaims, "expiresAtMs">,
): Promise<void> {
  const { keyring, now } = c.get("deps");
  const key = await keyring.signingKey("dashboard-session");
  const token = await signSession(key, { ...owner, expiresAtMs: now() + LASTS_MS });
  const { name, options } = cookieOf(c);
  setCookie(c, name, token, { ...options, maxAge: LASTS_MS / 1000 });
}

/** The claims of the request's cookie; null when there is none, or it is not ours, or it has expired. */
export async function readSession(c: DashboardContext): Promise<SessionClaims | null> {
  const token = getCookie(c, cookieOf(c).name);
  if (token === undefined) return null;
  const { keyring, now } = c.get("deps");
  return verifySession(await keyring.signingKey("dashboard-session"), token, now());
}

export function hasSessionCookie(c: DashboardContext): boolean {
  return getCookie(c, cookieOf(c).name) !== undefined;
}

export function clearSession(c: DashboardContext): void {
  const { name, options } = cookieOf(c);
  deleteCookie(c, name, options);
}

/**
 * Whether a session may be had over this request's scheme: an API key and a cookie in clear are for
 * loopback alone.
 */
export function isPrivateEnough(url: URL): boolean {
  return (
    url.protocol === "https:" || /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  );
}

// `__Host-` makes browsers refuse the cookie when a sibling domain or plain http tries to set it
// (https://www.rfc-editor.org/rfc/rfc6265bis, "__Host-" prefix); it needs Secure, which http has not.
// Lax, not Strict: a link from a chat to an invoice must find the session. Reading is all that a GET does.
function cookieOf(c: DashboardContext): { name: string; options: CookieOptions } {
  const secure = new URL(c.req.url).protocol === "https:";
  return {
    name: secure ? "__Host-quittance_session" : "quittance_session",
    options: { path: "/", httpOnly: true, sameSite: "Lax", secure },
  };
}
