// The cookies of sessions: out of reach of scripts, sent to this host alone, gone with the session. The dashboard and
// the console each have their own, and neither opens the other.

import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { SessionRow } from "../../directory/dashboard-session-store.ts";
import { isLoopback } from "../../platform/url-problem.ts";
import type { AnyContext } from "../dashboard-env.ts";
import { type SessionClaims, signSession, verifySession } from "./session-token.ts";

/** Whose cookie: each is signed for its own purpose. */
export type SessionDoor = "dashboard" | "console";

const NAMES = { dashboard: "quittance_session", console: "quittance_console" } as const;

/** @param session that was opened just now */
export async function writeSession(c: AnyContext, door: SessionDoor, session: SessionRow): Promise<void> {
  const { keyring } = c.get("deps");
  const { id: sessionId, tenantId, environmentId, expiresAtMs, lastsMs } = session;
  const key = await keyring.signingKey(`${door}-session`);
  const token = await signSession(key, { sessionId, tenantId, environmentId, expiresAtMs });
  const { name, options } = cookieOf(c, door);
  setCookie(c, name, token, { ...options, maxAge: Math.floor(lastsMs / 1000) });
}

/** The claims of the request's cookie; null when there is none, or it is not ours, or it has expired. */
export async function readSession(c: AnyContext, door: SessionDoor): Promise<SessionClaims | null> {
  const token = getCookie(c, cookieOf(c, door).name);
  if (token === undefined) return null;
  const { keyring, now } = c.get("deps");
  return verifySession(await keyring.signingKey(`${door}-session`), token, now());
}

export function hasSessionCookie(c: AnyContext, door: SessionDoor): boolean {
  return getCookie(c, cookieOf(c, door).name) !== undefined;
}

export function clearSession(c: AnyContext, door: SessionDoor): void {
  const { name, options } = cookieOf(c, door);
  deleteCookie(c, name, options);
}

/** Whether a session may be had over this request's scheme: a credential in clear is for loopback alone. */
export function isPrivateEnough(url: URL): boolean {
  return url.protocol === "https:" || isLoopback(url.hostname);
}

// `__Host-` makes browsers refuse the cookie when a sibling domain or plain http tries to set it
// (https://www.rfc-editor.org/rfc/rfc6265bis, "__Host-" prefix); it needs Secure, which http has not.
// The dashboard's is Lax: a link from a chat to an invoice must find the session, and reading is all that a GET does.
// Nobody is sent to the console from elsewhere.
function cookieOf(c: AnyContext, door: SessionDoor): { name: string; options: CookieOptions } {
  const secure = new URL(c.req.url).protocol === "https:";
  const sameSite = door === "console" ? "Strict" : "Lax";
  return {
    name: `${secure ? "__Host-" : ""}${NAMES[door]}`,
    options: { path: "/", httpOnly: true, sameSite, secure },
  };
}
