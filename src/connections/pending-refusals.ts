// What this isolate has counted of refused webhooks and not written yet: bounded, whoever makes addresses up.

import type { Scope } from "../platform/deps.ts";
import { RecentMap } from "../platform/recent-map.ts";
import type { Refusals } from "./refusals.ts";

type Pending = { refusals: Refusals | null; writeFromMs: number };

const SCOPES = 1_000;
const pending = new RecentMap<string, Pending>(SCOPES);

export const pendingRefusals = {
  /** @returns what is known of the address; `writeFromMs` is the caller's to set */
  add(scope: Scope, more: Refusals): Pending {
    const known = pending.get(keyOf(scope));
    if (!known) {
      const fresh = { refusals: more, writeFromMs: 0 };
      pending.set(keyOf(scope), fresh);
      return fresh;
    }
    const before = known.refusals;
    const isLast = before === null || more.lastAtMs >= before.lastAtMs;
    known.refusals = { ...(isLast ? more : before), count: (before?.count ?? 0) + more.count };
    return known;
  },

  /** Those that are not written yet, for whoever shows them. */
  peek(scope: Scope): Refusals | null {
    return pending.get(keyOf(scope))?.refusals ?? null;
  },

  /** The same, for whoever writes them. */
  take(scope: Scope): Refusals | null {
    const known = pending.get(keyOf(scope));
    const taken = known?.refusals ?? null;
    if (known) known.refusals = null;
    return taken;
  },

  /** Its next refusal is looked up again, but not before it is time to write. */
  forget(scope: Scope): void {
    const known = pending.get(keyOf(scope));
    if (known) known.refusals = null;
  },
};

function keyOf({ tenantId, environmentId }: Scope): string {
  return `${tenantId}/${environmentId}`;
}
