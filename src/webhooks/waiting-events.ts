// Events that came before the payment that they are about: a refund or dispute of an unknown payment, or an
// intent without metadata whose session has not told yet. Such an event is kept as ignored, with what it
// waits for, and read again once that payment is known. Nothing of it is recorded before: in a shared Stripe
// account most of them are about somebody else's payments.

import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import { checkoutSessions } from "../platform/tables/checkout-sessions.ts";
import { payments } from "../platform/tables/payments.ts";
import { webhookEvents } from "../platform/tables/webhook-events.ts";
import type { Fact } from "./facts.ts";

/** The payments of Stripe's that these facts make known. */
export function paymentsTold(facts: readonly Fact[]): string[] {
  const ids = facts.flatMap((fact) =>
    fact.kind === "payment" ? [fact.providerPaymentId, fact.owner.chargeId] : [],
  );
  return [...new Set(ids.filter((id) => id !== null))];
}

/**
 * Finds the events that wait for one of these payments, if it is known. Asked in the commit that makes the
 * payment known and in the one that makes an event wait: whichever comes second sees the other.
 */
export function selectReadyEvents(deps: Deps, scope: Scope, stripePaymentIds: readonly string[]): Statement {
  // As `paymentIdFor` makes it of `pi_…` and of everything else.
  const ownId = sql`'pay_' || CASE WHEN e.waits_for LIKE 'pi\\_%' ESCAPE '\\'
    THEN substr(e.waits_for, 4) ELSE e.waits_for END`;
  // A checkout session's payment is known too: as one that is no invoice's. One question each, and the index by
  // name: otherwise SQLite, which has no statistics, reads through all of the environment's events and payments.
  const known: SQL = sql`(EXISTS (SELECT 1 FROM ${payments} AS p
    WHERE p.environment_id = e.environment_id AND p.id = ${ownId})
    OR EXISTS (SELECT 1 FROM ${payments} AS p
    WHERE p.environment_id = e.environment_id AND p.stripe_charge_id = e.waits_for)
    OR EXISTS (SELECT 1 FROM ${checkoutSessions} AS s
    WHERE s.environment_id = e.environment_id AND s.stripe_payment_intent_id = e.waits_for))`;
  return deps.database(scope).run(sql`
    SELECT e.connection_id, e.stripe_event_id, e.source, e.received_at_ms, e.delivery_ids
    FROM ${webhookEvents} AS e INDEXED BY webhook_events_waiting
    WHERE e.environment_id = ${scope.environmentId} AND e.waits_for IN ${stripePaymentIds} AND ${known}`);
}

/** A row of {@link selectReadyEvents} as the message that the queue once brought. */
export function toMessage(scope: Scope, row: Record<string, unknown>): StripeEventMessage {
  const deliveryIds: unknown = JSON.parse(String(row.delivery_ids));
  return {
    tenantId: scope.tenantId,
    environmentId: scope.environmentId,
    connectionId: String(row.connection_id),
    // A receipt that was counted already: reading again is no further delivery.
    deliveryId: Array.isArray(deliveryIds) ? String(deliveryIds[0]) : "",
    receivedAtMs: Number(row.received_at_ms),
    source: row.source === "reconciliation" ? "reconciliation" : "webhook",
    eventId: String(row.stripe_event_id),
    event: null,
  };
}
