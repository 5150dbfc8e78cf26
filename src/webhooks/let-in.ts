// The end of both doors: what is rightly signed, and has its environment, is put on the queue, unless that environment
// has had its share.

import type { Deps, Scope } from "../platform/deps.ts";
import { enqueueEvent } from "./enqueue-events.ts";
import { limitEvents } from "./limit-events.ts";
import { spendBudget } from "./spend-budget.ts";

/**
 * @param scope with the environment's jurisdiction
 * @throws AppError `rate_limited` and `over_budget` (429), `queue_unavailable` or `database_unavailable` (503): Stripe
 * sends the event again
 */
export async function letIn(deps: Deps, scope: Scope, connectionId: string, rawBody: string): Promise<void> {
  await limitEvents(deps, scope);
  await spendBudget(deps, scope, rawBody);
  await enqueueEvent(deps, scope, { connectionId, source: "webhook" }, rawBody);
}
