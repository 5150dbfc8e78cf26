// Asks an environment's ledger whether its budgets let more events in: once for fifty of them or for a megabyte, and
// then for those that came in meanwhile. What is over budget is refused without asking for a few seconds: Stripe sends
// it again for three days, and reconciliation fetches what it does not.

import type { OverBudget } from "../ledger/budgets/count-admitted.ts";
import { ledger } from "../ledger/client.ts";
import { overBudget } from "../platform/budgets.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { RecentMap } from "../platform/recent-map.ts";
import { byteLength } from "../platform/text.ts";

const EVENTS_A_QUESTION = 50;
const BYTES_A_QUESTION = 1_000_000;
// A budget that was raised is in force after so long.
const REFUSED_MS = 5_000;
const ENVIRONMENTS = 10_000;

type Spent = {
  /** Let in since the ledger was last asked. */
  events: number;
  bytes: number;
  over: OverBudget | null;
  askAtMs: number;
};
const spent = new RecentMap<string, Spent>(ENVIRONMENTS);

/**
 * @param scope with the environment's jurisdiction, or another ledger is asked
 * @throws AppError `over_budget` (429 with Retry-After)
 */
export async function spendBudget(deps: Deps, scope: Scope, rawBody: string): Promise<void> {
  const key = `${scope.tenantId}/${scope.environmentId}`;
  const mine = spent.get(key) ?? { events: 0, bytes: 0, over: null, askAtMs: 0 };
  spent.set(key, mine);
  const now = deps.now();
  if (mine.over && now < Math.min(mine.askAtMs, mine.over.freeAtMs)) throw overBudget(mine.over, now);
  mine.events += 1;
  mine.bytes += byteLength(rawBody);
  const isTime = mine.events >= EVENTS_A_QUESTION || mine.bytes >= BYTES_A_QUESTION;
  if (!isTime && mine.over === null) return;
  const { events, bytes } = mine;
  mine.events = 0;
  mine.bytes = 0;
  const over = await ask(deps, scope, { events, bytes });
  mine.over = over;
  mine.askAtMs = now + REFUSED_MS;
  if (over) throw overBudget(over, now);
}

/** It protects what all share and guards nothing: where the ledger does not answer, events go on to the queue. */
async function ask(deps: Deps, scope: Scope, letIn: { events: number; bytes: number }) {
  try {
    return (await ledger(deps, scope).admitEvents(letIn)).over;
  } catch (error) {
    deps.log.warn("budget not asked for; the event goes through", {
      tenant: scope.tenantId,
      environment: scope.environmentId,
      error: errorText(error),
    });
    return null;
  }
}
