// Brings one customer in step with Stripe while the caller waits, both ways, and says what came of it. What fails is
// left to the queue as any other work is, or says that it gave up.

import { ledger } from "../ledger/client.ts";
import type { CustomerRow } from "../ledger/customers/customer-state.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { outcomeOf } from "../platform/work-outcome.ts";
import { type Synced, syncCustomer } from "./sync-customer.ts";

export type SyncOutcome = Synced & {
  /**
   * `synced`: done. `pending`: somebody is at it, or it will be tried again. `waiting`: the connection must heal.
   * `failed`: it gave up.
   */
  outcome: "synced" | "pending" | "waiting" | "failed";
  /** Why it is not done. */
  error: string | null;
  /** As it is afterwards. */
  customer: CustomerRow;
};

/** @throws AppError `not_found`, `connection_missing`, `connection_disabled`, `conflict` as `startCustomerSync` */
export async function syncNow(deps: Deps, scope: Scope, id: string): Promise<SyncOutcome> {
  const mine = ledger(deps, scope);
  const nothing: Synced = { pushed: [], pulled: [], made: false };
  const work = await mine.startCustomerSync({ id });
  if (!work) {
    const error = "Somebody is at it already.";
    return { ...nothing, outcome: "pending", error, customer: await mine.getCustomer({ id }) };
  }
  try {
    const synced = await syncCustomer(deps, scope, work);
    return { ...synced, outcome: "synced", error: null, customer: await mine.getCustomer({ id }) };
  } catch (cause) {
    if (cause instanceof AppError && cause.code === "not_found") throw cause;
    const [outcome, error] = [outcomeOf(cause), errorText(cause)];
    await mine.failWork({
      ...{ id: work.id, outcome, error, jitter: Math.random(), connection: work.connection },
      retryAfterSeconds: cause instanceof AppError ? cause.retryAfterSeconds : undefined,
    });
    const became = { again: "pending", waiting: "waiting", dead: "failed" } as const;
    return { ...nothing, outcome: became[outcome], error, customer: await mine.getCustomer({ id }) };
  }
}
