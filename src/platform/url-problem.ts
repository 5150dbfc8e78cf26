// Which addresses a payer may be sent to, and which are the machine itself. Pure.

/** Where no card data have been given, plain http on the developer's own machine is no danger. */
type Taken = "https" | "loopback_too";

/**
 * What is wrong with an address, in a sentence; null for nothing. A payer is sent there: no name or password, no
 * spelling that a browser reads otherwise than we do, and ASCII alone, since Stripe takes no other.
 */
export function urlProblem(text: string, taken: Taken): string | null {
  if (/[\s\\\p{C}]/u.test(text)) return "It holds a space, a backslash or a character that is not shown.";
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text))
    return "Give a full URL that begins with https://.";
  if (/[^\x21-\x7e]/.test(text))
    return "It holds other than ASCII characters: write the host as xn--… and the rest as %C3%A4.";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "It must not hold a user name or password.";
  if (url.protocol === "https:") return null;
  if (taken === "https") return "It must begin with https://.";
  return isLoopback(url.hostname) ? null : "It must begin with https://. http://localhost is taken too.";
}

/** Whether strangers may reach an origin: not the machine itself, nor a name kept for tests (RFC 6761, 6.2). */
export function isPublicOrigin(origin: string): boolean {
  const { hostname } = new URL(origin);
  return !isLoopback(hostname) && !/(?:^|\.)test$/.test(hostname);
}

/** Whether a URL's host is the machine itself (https://www.rfc-editor.org/rfc/rfc6761#section-6.3). */
export function isLoopback(hostname: string): boolean {
  return /^(([a-z0-9-]+\.)*localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
