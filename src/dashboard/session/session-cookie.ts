// The cookies of sessions: out of reach of scripts, sent to this host alone, gone with the session. The dashboard and
// the console each have their own, and neither opens the other. The dashboard's holds the session that one is in and,
// after it, those to switch to (held-sessions.ts).

import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { SessionRow } from "../../directory/dashboard-session-store.ts";
import { isLoopback } from "../../platform/url-problem.ts";
import type { AnyContext } from "../dashboard-env.ts";
import { type SessionClaims, signSession, verifySession } from "./session-token.ts";

/** Whose cookie: each is signed for its own purpose. */
export type SessionDoor = "dashboard" | "console";

// A cookie has room for 4,096 bytes, and each of these takes some 300.
export const MOST_HELD = 6;
const BETWEEN = "~";

const NAMES = { dashboard: "quittance_session", console: "quittance_console" } as const;

/** @param session that was opened just now, and stands alone */
export async function writeSession(c: AnyContext, door: SessionDoor, session: SessionRow): Promise<void> {
  await writeClaims(c, door, [claimsOf(session)]);
}

/** The claims of the session that one is in; null when there is none, or it is not ours, or it has expired. */
export async function readSession(c: AnyContext, door: SessionDoor): Promise<SessionClaims | null> {
  const [present = null] = await readClaims(c, door, 1);
  return present;
}

/** Of all sessions in the dashboard's cookie, the present one first; null for what is not ours, or has expired. */
export function readHeld(c: AnyContext): Promise<(SessionClaims | null)[]> {
  return readClaims(c, "dashboard", MOST_HELD);
}

/** @param held the present one first; none: the cookie goes */
export async function writeHeld(c: AnyContext, held: readonly SessionClaims[]): Promise<void> {
  if (held.length === 0) clearSession(c, "dashboard");
  else await writeClaims(c, "dashboard", held);
}

export function claimsOf({ id, tenantId, environmentId, expiresAtMs }: SessionRow): SessionClaims {
  return { sessionId: id, tenantId, environmentId, expiresAtMs };
}

async function readClaims(c: AnyContext, door: SessionDoor, most: number): Promise<(SessionClaims | null)[]> {
  const { keyring, now } = c.get("deps");
  const tokens = getCookie(c, cookieOf(c, door).name)?.split(BETWEEN, most) ?? [];
  if (tokens.length === 0) return [];
  const key = await keyring.signingKey(`${door}-session`);
  return Promise.all(tokens.map((token) => verifySession(key, token, now())));
}

async function writeClaims(c: AnyContext, door: SessionDoor, held: readonly SessionClaims[]): Promise<void> {
  const { keyring, now } = c.get("deps");
  const key = await keyring.signingKey(`${door}-session`);
  const tokens = await Promise.all(held.map((claims) => signSession(key, claims)));
  const { name, options } = cookieOf(c, door);
  const endsAtMs = Math.max(...held.map(({ expiresAtMs }) => expiresAtMs));
  const maxAge = Math.ceil((endsAtMs - now()) / 1000);
  setCookie(c, name, tokens.join(BETWEEN), { ...options, maxAge });
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
