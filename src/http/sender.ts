// Who is counted together: an IPv4 address, or the 64 bits of an IPv6 address that a site has to itself, since whoever
// has one address of it has all (https://www.rfc-editor.org/rfc/rfc6177).

import ipaddr from "ipaddr.js";
import type { Deps } from "../platform/deps.ts";

/** `192.0.2.1`, or `2001:db8:1:2::/64`; `unknown` where nothing says it. */
export function senderOf({ actor }: Pick<Deps, "actor">): string {
  if (actor.ip === null || !ipaddr.isValid(actor.ip)) return actor.ip ?? "unknown";
  // An IPv4 address that is written as an IPv6 one is what it is.
  const address = ipaddr.process(actor.ip);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  const site = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${site.join(":")}::/64`;
}
