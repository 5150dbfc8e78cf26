// Data points for Analytics Engine, where there is a binding for it: one for each event that ends, and one for
// each payment that it makes succeed or fail.

import type { ArrivedEvent } from "../ledger/events/arrived-event.ts";
import type { SettledAttempt } from "../ledger/events/recorded.ts";
import type { Deps, Scope } from "../platform/deps.ts";

export function writeDataPoints(
  deps: Deps,
  scope: Scope,
  { type, createdAtMs }: Pick<ArrivedEvent, "type" | "createdAtMs">,
  outcome: {
    status: string;
    reason: string | null;
    isRepeat?: boolean;
    payments: readonly SettledAttempt[];
  },
): void {
  const { analytics } = deps;
  if (!analytics || outcome.isRepeat) return;
  const { status, reason } = outcome;
  const lagMs = Math.max(deps.now() - createdAtMs, 0);
  analytics.write(scope, { kind: "webhook_event", type, status, reason, lagMs });
  for (const payment of outcome.payments) analytics.write(scope, { kind: "payment", ...payment });
}
