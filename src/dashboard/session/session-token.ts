// The content of a session's cookie: which session and until when, signed with HMAC-SHA-256. It holds no secret, and
// nothing in it is believed before its signature has been verified: a cookie that was made up asks the directory nothing.

import * as z from "zod";

export type SessionClaims = {
  sessionId: string;
  tenantId: string;
  environmentId: string;
  /** ms */
  expiresAtMs: number;
};

const claimsSchema = z.object({
  sessionId: z.string(),
  tenantId: z.string(),
  environmentId: z.string(),
  expiresAtMs: z.number(),
});

/** @param key an HMAC key, `deps.keyring.signingKey("dashboard-session")` */
export async function signSession(key: CryptoKey, claims: SessionClaims): Promise<string> {
  const content = new TextEncoder().encode(JSON.stringify(claims));
  const signature = await crypto.subtle.sign("HMAC", key, content);
  return `${toBase64Url(content)}.${toBase64Url(new Uint8Array(signature))}`;
}

/** The claims of a token that we signed and that has not expired at `nowMs`; null for any other. */
export async function verifySession(
  key: CryptoKey,
  token: string,
  nowMs: number,
): Promise<SessionClaims | null> {
  const [content, signature, ...rest] = token.split(".").map(fromBase64Url);
  if (!content || !signature || rest.length > 0) return null;
  // verify() compares in constant time.
  if (!(await crypto.subtle.verify("HMAC", key, signature, content))) return null;
  // What another version of ours signed may have another shape.
  const claims = claimsSchema.safeParse(JSON.parse(new TextDecoder().decode(content)));
  return claims.success && claims.data.expiresAtMs > nowMs ? claims.data : null;
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
      char.charCodeAt(0),
    );
  } catch {
    return null;
  }
}
