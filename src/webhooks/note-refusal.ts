// Counts refused webhooks in the isolate's memory and writes them now and then, after the answer. It is a counter and
// no promise: what an isolate had not written when it ended is not counted.

import { waitUntil } from "cloudflare:workers";
import { keepRefusals, WRITTEN_EVERY_MS } from "../connections/keep-refusals.ts";
import { isOpenedHere, openForWebhooks } from "../connections/open-connection.ts";
import { pendingRefusals } from "../connections/pending-refusals.ts";
import type { RefusalReason } from "../connections/refusals.ts";
import { countUnknown, refuseBlocked } from "../http/refused-addresses.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";

/** Never throws and never waits. */
export function noteRefusal(deps: Deps, scope: Scope, reason: RefusalReason): void {
  const counted = pendingRefusals.add(scope, { count: 1, lastAtMs: deps.now(), lastReason: reason });
  if (counted.writeFromMs > deps.now()) return;
  counted.writeFromMs = deps.now() + WRITTEN_EVERY_MS;
  waitUntil(write(deps, scope));
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

/** Junk for addresses that are nobody's is looked up no more than elsewhere at the door, and never written. */
async function isKnown(deps: Deps, scope: Scope): Promise<boolean> {
  if (isOpenedHere(scope)) return true;
  refuseBlocked(deps, "webhook");
  const { connection } = await openForWebhooks(deps, scope, { fresh: false });
  if (!connection) await countUnknown(deps, "webhook");
  return connection !== null;
}
