// How often an environment's events may come. The binding is asked once for ten of them, since asking costs as much
// as verifying: it counts tens, of each isolate.

import { isWithinLimit, rateLimited } from "../http/rate-limit.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/** One question stands for so many events; wrangler.toml's limit is in these. */
const EVENTS_A_QUESTION = 10;
const ENVIRONMENTS = 10_000;
/** By binding and environment, how many events its last answer still lets in. */
const answers = new WeakMap<object, Map<string, number>>();

/** Only what Stripe signed is counted: nobody else can use an environment's limit up. @throws AppError `rate_limited` */
export async function limitEvents(deps: Deps, { tenantId, environmentId }: Scope): Promise<void> {
  const limiter = deps.limits.webhook;
  if (!limiter) return;
  const letIn = answers.get(limiter) ?? new Map<string, number>();
  answers.set(limiter, letIn);
  const key = `${tenantId}/${environmentId}`;
  const left = letIn.get(key) ?? 0;
  if (left > 0) {
    letIn.set(key, left - 1);
    return;
  }
  if (!(await isWithinLimit(deps, "webhook", key))) throw rateLimited("webhook");
  if (letIn.size >= ENVIRONMENTS) letIn.clear();
  letIn.set(key, EVENTS_A_QUESTION - 1);
}
