// Counts refused webhooks in the isolate's memory and writes them now and then, after the answer. It is a counter and
// no promise: what an isolate had not written when it ended is not counted.

import { waitUntil } from "cloudflare:workers";
import { keepRefusals, WRITTEN_EVERY_MS } from "../connections/keep-refusals.ts";
import { isOpenedHere, openForWebhooks } from "../connections/open-connection.ts";
import { pendingRefusals } from "../connections/pending-refusals.ts";
import type { RefusalReason } from "../connections/refusals.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";

// At an address that this isolate has not seen it is asked first, after the answer, whether anything is there: once a
// second at the most, whoever makes addresses up.
const ASKED_EVERY_MS = 1_000;
let askedAtMs = 0;

/** Never throws and never waits. */
export function noteRefusal(deps: Deps, scope: Scope, reason: RefusalReason): void {
  const now = deps.now();
  const counted = pendingRefusals.add(scope, { count: 1, lastAtMs: now, lastReason: reason });
  if (counted.writeFromMs > now || !(isOpenedHere(scope) || mayAsk(now))) return;
  counted.writeFromMs = now + WRITTEN_EVERY_MS;
  waitUntil(write(deps, scope));
}

function mayAsk(now: number): boolean {
  if (Math.abs(now - askedAtMs) < ASKED_EVERY_MS) return false;
  askedAtMs = now;
  return true;
}

async function write(deps: Deps, scope: Scope): Promise<void> {
  try {
    if (!(await isKnown(deps, scope))) return pendingRefusals.forget(scope);
    const refusals = pendingRefusals.take(scope);
    if (!refusals) return;
    if (!(await keepRefusals(deps, scope, refusals))) pendingRefusals.add(scope, refusals);
  } catch (error) {
    deps.log.warn("refusals not counted", { error: errorText(error) });
  }
}

/** Junk for addresses that are nobody's is never written. */
async function isKnown(deps: Deps, scope: Scope): Promise<boolean> {
  if (isOpenedHere(scope)) return true;
  return (await openForWebhooks(deps, scope, { fresh: false })).connection !== null;
}
