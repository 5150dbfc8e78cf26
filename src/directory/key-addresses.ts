// From which addresses a key may be used: single ones or ranges, of IPv4 and IPv6. Pure.

import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** The longest list of a key. */
export const MOST_ADDRESSES = 50;

/** The range in one spelling: `192.0.2.7` is `192.0.2.7/32`; null for what is none, or names more than its network. */
export function readRange(text: string): string | null {
  const range = parseRange(text);
  if (range === null) return null;
  const [address, bits] = range;
  const network = `${address.toString()}/${bits}`;
  const first =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(network)
      : ipaddr.IPv6.networkAddressFromCIDR(network);
  // 10.1.2.3/8 is a slip: whoever meant 10.0.0.0/8 is asked to say so.
  return first.toString() === address.toString() ? network : null;
}

/**
 * Whether a caller is within one of the ranges.
 * @param ranges null: there is no list, and every address is within
 * @param ip null: not known, and so in no list
 */
export function isWithinRanges(ranges: readonly string[] | null, ip: string | null): boolean {
  if (ranges === null) return true;
  if (ip === null || !ipaddr.isValid(ip)) return false;
  // An IPv4 address that came as ::ffff:192.0.2.7 is that address.
  const address = ipaddr.process(ip);
  return ranges.some((range) => contains(parseRange(range), [address, bitsOf(address)]));
}

/** The first of the ranges that is not wholly within the others; null where all are. */
export function findOutside(ranges: readonly string[], others: readonly string[]): string | null {
  const outer = others.map(parseRange);
  const outside = ranges.find((range) => {
    const inner = parseRange(range);
    return inner === null || !outer.some((other) => contains(other, inner));
  });
  return outside ?? null;
}

function parseRange(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.IPv6.isValid(text) && !ipaddr.IPv4.isValidFourPartDecimal(text)) return null;
  const address = ipaddr.parse(text);
  return [address, bitsOf(address)];
}

function contains(outer: Range | null, [address, bits]: Range): boolean {
  if (outer === null || outer[0].kind() !== address.kind() || outer[1] > bits) return false;
  return address.match(outer[0], outer[1]);
}

function bitsOf(address: ipaddr.IPv4 | ipaddr.IPv6): number {
  return address.kind() === "ipv4" ? 32 : 128;
}
