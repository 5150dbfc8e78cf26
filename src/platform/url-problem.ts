// Which addresses a payer may be sent to. Pure.

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
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return isLoopback ? null : "It must begin with https://. http://localhost is taken too.";
}
