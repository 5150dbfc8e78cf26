// What a key's role allows can be narrowed, right by right: a key that writes invoices need not send money back. Pure.

import type { Role } from "../http/app-env.ts";

/** A higher role may do all that a lower one may. */
export const ROLE_RANK: Record<Role, number> = { read: 1, write: 2, admin: 3 };

/** The least role that each right goes with. */
const LEAST_ROLE = {
  exports: "read",
  refunds: "write",
  connections: "admin",
  api_keys: "admin",
  event_destinations: "admin",
  settings: "admin",
  dashboard_sessions: "admin",
} as const satisfies Record<string, Role>;

export type Right = keyof typeof LEAST_ROLE;

export const RIGHTS = Object.keys(LEAST_ROLE) as [Right, ...Right[]];

/** What one who does it does, for words such as: it may not … */
export const RIGHT_WORDS: Record<Right, string> = {
  exports: "export lists",
  refunds: "refund payments",
  connections: "change connections",
  api_keys: "make or revoke API keys",
  event_destinations: "change event destinations",
  settings: "change settings",
  dashboard_sessions: "open dashboard sessions for others",
};

/** All rights that go with a role. */
export function rightsOfRole(role: Role): Right[] {
  return RIGHTS.filter((right) => ROLE_RANK[role] >= ROLE_RANK[LEAST_ROLE[right]]);
}

/**
 * The rights that a key has.
 * @param kept those that were named when it was made; null: all of its role
 */
export function rightsOf({ role, rights: kept }: { role: Role; rights: readonly string[] | null }): Right[] {
  return rightsOfRole(role).filter((right) => kept === null || kept.includes(right));
}

/** What is wrong with rights that are named for a role, in a sentence; null for nothing. */
export function rightsProblem(role: Role, named: readonly Right[]): string | null {
  const beyond = named.filter((right) => !rightsOfRole(role).includes(right));
  const [first] = beyond;
  if (first === undefined) return null;
  return `'${first}' goes with the role '${LEAST_ROLE[first]}', and this one is '${role}'. Rights narrow a role; they do not widen it.`;
}
