// Data points for Analytics Engine, where there is a binding for it: one for each event that ends, and one for
// each payment that it makes succeed or fail.

import { findPayment } from "../payments/store.ts";
import type { DataPoint } from "../platform/analytics.ts";
import type { Deps } from "../platform/deps.ts";
import { paymentIdFor } from "../platform/ids.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import type { Interpretation } from "./facts.ts";
import type { Outcome } from "./store.ts";
import type { SignedEvent } from "./verify-signature.ts";

/**
 * Looks, before the event's commit, which payments it will change. Without a binding it does nothing.
 * @returns writes the points; for after the commit
 */
export async function prepareDataPoints(
  deps: Deps,
  message: StripeEventMessage,
  event: SignedEvent,
  interpretation: Interpretation,
): Promise<(outcome: Outcome) => void> {
  const { analytics } = deps;
  if (!analytics) return () => undefined;
  const payments = await changedPayments(deps, message, interpretation);
  return (outcome) => {
    analytics.write(message, eventPoint(deps, event, outcome));
    // A checkout session's payment is told of, but recorded nowhere.
    const recorded = outcome.changes.flatMap(({ object, id }) => (object === "payment" ? id : []));
    for (const { id, point } of payments) if (recorded.includes(id)) analytics.write(message, point);
  };
}

export function eventPoint(
  deps: Deps,
  event: SignedEvent,
  outcome: Pick<Outcome, "status" | "reason">,
): DataPoint {
  const lagMs = Math.max(deps.now() - event.created * 1000, 0);
  return { kind: "webhook_event", type: event.type, status: outcome.status, reason: outcome.reason, lagMs };
}

async function changedPayments(
  deps: Deps,
  message: StripeEventMessage,
  interpretation: Interpretation,
): Promise<{ id: string; point: DataPoint }[]> {
  const changed: { id: string; point: DataPoint }[] = [];
  for (const fact of interpretation.outcome === "facts" ? interpretation.facts : []) {
    if (fact.kind !== "payment" || (fact.status !== "succeeded" && fact.status !== "failed")) continue;
    const id = paymentIdFor(fact.providerPaymentId);
    const known = await findPayment(deps, message, id);
    if (known?.status === "succeeded" || known?.status === fact.status) continue;
    const { status, currency, paymentMethodType: method, amountMinor } = fact;
    changed.push({ id, point: { kind: "payment", status, currency, method, amountMinor } });
  }
  return changed;
}
