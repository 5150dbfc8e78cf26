// Whether a URL may be a destination, as far as its text says. Against requests that somebody makes us send
// to our own surroundings (SSRF): https to a public name or address, on a usual port, and nothing besides.

import ipaddr from "ipaddr.js";
import { isLoopback } from "../platform/url-problem.ts";

export type UrlCheck =
  | { ok: true; url: string; host: { kind: "name"; name: string } | { kind: "address" } }
  | { ok: false; reason: string };

const ALLOWED_PORTS = new Set(["", "443", "8443"]);

// Names that mean the machine itself or its own network, never a public host: RFC 6761, 6762, 7686, 8375,
// 9476, ICANN's `.internal`, and those that routers and companies give out of habit.
const PRIVATE_SUFFIXES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "home.arpa",
  "arpa",
  "lan",
  "home",
  "corp",
  "intranet",
  "private",
  "test",
  "example",
  "invalid",
  "onion",
  "alt",
];

/**
 * @param allowPrivate plain http to a loopback address is allowed as well, for development
 */
export function checkUrl(text: string, allowPrivate: boolean): UrlCheck {
  // The URL parser takes these off or turns them over in silence, so that the text and its meaning differ.
  if (/[\s\\\p{C}]/u.test(text))
    return refuse("It holds a space, a backslash or a character that is not shown.");
  if (text.length > 2000) return refuse("It is longer than 2,000 characters.");
  if (!/^https?:\/\/[^/]/i.test(text)) return refuse("Give a full URL that begins with https://.");
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) return refuse("It is not a URL.");
  if (url.username !== "" || url.password !== "" || /^[^/]*\/\/[^/?#]*@/.test(text))
    return refuse("It must not hold a user name or password.");
  if (text.includes("#")) return refuse("It must not hold a fragment.");
  if (allowPrivate && isLoopback(url.hostname)) return { ok: true, url: url.href, host: { kind: "address" } };
  if (url.protocol !== "https:") return refuse("It must begin with https://.");
  if (!ALLOWED_PORTS.has(url.port)) return refuse("Its port must be 443 or 8443.");
  const reason = refusalOfHost(url.hostname);
  if (reason) return refuse(reason);
  const kind = addressOf(url.hostname) ? ("address" as const) : ("name" as const);
  return { ok: true, url: url.href, host: kind === "name" ? { kind, name: url.hostname } : { kind } };
}

// Public by its number, and a cloud's own machine room behind it (Azure's WireServer).
const NOT_PUBLIC_AFTER_ALL = "168.63.129.16";

/** Whether an IP address, in any spelling, is one of the public internet's hosts. */
export function isPublicAddress(text: string): boolean {
  const address = addressOf(text);
  if (address?.range() !== "unicast" || address.toString() === NOT_PUBLIC_AFTER_ALL) return false;
  if (address.kind() === "ipv4") return true;
  // Global unicast is 2000::/3 and nothing else (RFC 4291); compatible IPv4 addresses lie outside it.
  return address.match(ipaddr.parseCIDR("2000::/3")) && !embedsIpv4(address);
}

function refusalOfHost(hostname: string): string | null {
  // The parser has turned decimal, octal, hexadecimal and short spellings into the plain one.
  if (addressOf(hostname)) {
    return isPublicAddress(hostname) ? null : "Its address is not a public one.";
  }
  if (hostname.endsWith(".")) return "Its host must not end with a dot.";
  const labels = hostname.split(".");
  if (labels.length < 2) return "Its host must be a full name, such as hooks.example.com.";
  const suffix = PRIVATE_SUFFIXES.find((name) => hostname.endsWith(`.${name}`));
  if (suffix) return `Names under '.${suffix}' are not on the public internet.`;
  if (!labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)))
    return "Its host is not a valid name.";
  if (/^\d+$/.test(labels.at(-1) ?? "")) return "Its host is not a valid name.";
  return null;
}

function addressOf(text: string) {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

// ISATAP (RFC 5214) carries an IPv4 address behind `0:5efe` or `200:5efe`, under any prefix.
function embedsIpv4(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (!(address instanceof ipaddr.IPv6)) return false;
  const [, , , , fifth = 0, sixth] = address.parts;
  return sixth === 0x5efe && (fifth & 0xfdff) === 0;
}

function refuse(reason: string): UrlCheck {
  return { ok: false, reason };
}
