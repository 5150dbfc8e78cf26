// How often an environment's events may come. The binding is asked once for fifty of them, since asking costs more
// than verifying: it counts fifties, of each isolate. The first of an environment are let in unasked.

import { isWithinLimit, rateLimited } from "../http/rate-limit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { EVENTS_A_COUNT } from "../platform/rate-limits.ts";
import { RecentMap } from "../platform/recent-map.ts";

const ENVIRONMENTS = 10_000;
/** By binding and environment, how many events its last answer still lets in. */
const answers = new WeakMap<object, RecentMap<string, number>>();

/** Only what Stripe signed is counted: nobody else can use an environment's limit up. @throws AppError `rate_limited` */
export async function limitEvents(deps: Deps, { tenantId, environmentId }: Scope): Promise<void> {
  const limiter = deps.limits.webhook;
  if (!limiter) return;
  const letIn = answers.get(limiter) ?? new RecentMap<string, number>(ENVIRONMENTS);
  answers.set(limiter, letIn);
  const key = `${tenantId}/${environmentId}`;
  const left = letIn.get(key) ?? EVENTS_A_COUNT;
  if (left > 0) {
    letIn.set(key, left - 1);
    return;
  }
  if (!(await isWithinLimit(deps, "webhook", key))) throw rateLimited("webhook");
  letIn.set(key, EVENTS_A_COUNT - 1);
}
