// Processes one verified event: read into facts, and in one commit the payment is recorded, the invoice
// settled and the event marked. Doing it again changes nothing; a disabled connection's events change
// nothing either, whatever the door had cached.

import { findLiveConnection } from "../connections/store.ts";
import { settleInvoice } from "../invoices/settle-invoice.ts";
import type { MoneyFact } from "../payments/payment-state.ts";
import { recordPayment } from "../payments/record-payment.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { paymentIdFor } from "../platform/ids.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import type { EventChange } from "../platform/tables.ts";
import type { Fact } from "./facts.ts";
import { interpretEvent } from "./interpret-event.ts";
import { type Resolution, resolveInvoice } from "./resolve-invoice.ts";
import { findEvent, findPayload, isDone, type Outcome, recordOutcome, recordRepeat } from "./store.ts";
import type { SignedEvent } from "./verify-signature.ts";

/** @throws AppError when D1 fails (retryable), or when a payload that was kept apart is gone */
export async function processEvent(deps: Deps, message: StripeEventMessage): Promise<void> {
  const event = await eventOf(deps, message);
  const database = deps.database(message);
  const known = await findEvent(deps, message, event.id);
  if (known && isDone(known)) return commit(database, [recordRepeat(database, message)]);

  const { outcome, statements } = await decide(deps, message, event);
  await commit(database, [...statements, ...recordOutcome(database, message, event, outcome, deps.now())]);
  deps.log.info("event processed", {
    tenant: message.tenantId,
    environment: message.environmentId,
    event: event.id,
    type: event.type,
    status: outcome.status,
    reason: outcome.reason,
    lag_ms: deps.now() - event.created * 1000,
  });
}

type Decision = { outcome: Outcome; statements: Statement[] };

async function decide(deps: Deps, message: StripeEventMessage, event: SignedEvent): Promise<Decision> {
  const refusal = await refusalOf(deps, message, event);
  if (refusal) return ignored(refusal.reason, refusal.detail);
  const interpretation = interpretEvent({ ...event, api_version: event.api_version ?? null });
  if (interpretation.outcome === "ignored") return ignored(interpretation.reason, interpretation.detail);
  return recordFacts(deps, message, interpretation.facts);
}

/** Decided again here, from the database: the door may have had the connection in its cache. */
async function refusalOf(deps: Deps, message: StripeEventMessage, event: SignedEvent) {
  const connection = (await findLiveConnection(deps, message))?.row;
  if (!connection || connection.id !== message.connectionId) {
    return { reason: "connection_disconnected", detail: "The connection that took it in is gone." };
  }
  if (!connection.isActive)
    return { reason: "connection_disabled", detail: "The connection is switched off." };
  if (event.livemode !== connection.livemode) {
    return {
      reason: "mode_mismatch",
      detail: `The event is of ${event.livemode ? "live" : "test"} mode, the connection is not.`,
    };
  }
  if (event.account && event.account !== connection.accountId) {
    return { reason: "other_account", detail: "The event is of another Stripe account." };
  }
  return null;
}

async function recordFacts(
  deps: Deps,
  message: StripeEventMessage,
  facts: readonly Fact[],
): Promise<Decision> {
  const database = deps.database(message);
  const now = deps.now();
  const statements: Statement[] = [];
  const changes = new Map<string, EventChange>();
  const invoiceIds = new Set<string>();
  let missed: Extract<Resolution, { found: false }> | null = null;

  for (const fact of facts.filter(isMoney)) {
    const resolution = await resolveInvoice(deps, message, fact.owner);
    if (!resolution.found) {
      missed ??= resolution;
      continue;
    }
    invoiceIds.add(resolution.invoice.id);
    if (fact.kind !== "payment") continue;
    statements.push(recordPayment(database, message, fact, resolution.invoice, now));
    noteChange(changes, "payment", paymentIdFor(fact.providerPaymentId));
  }
  if (invoiceIds.size === 0) {
    return missed
      ? ignored(missed.reason, missed.detail)
      : ignored("nothing_to_record", "It says nothing that is kept.");
  }
  if (changes.size > 0) {
    for (const invoiceId of invoiceIds) {
      statements.push(...settleInvoice(database, message, invoiceId, now));
      noteChange(changes, "invoice", invoiceId);
    }
  }
  const [invoiceId] = invoiceIds;
  return {
    outcome: {
      status: "processed",
      reason: null,
      detail: null,
      changes: [...changes.values()],
      invoiceId: invoiceId ?? null,
    },
    statements,
  };
}

function isMoney(fact: Fact): fact is MoneyFact {
  return (
    fact.kind === "payment" ||
    fact.kind === "refund" ||
    fact.kind === "dispute" ||
    fact.kind === "checkout_session"
  );
}

function noteChange(changes: Map<string, EventChange>, object: string, id: string): void {
  changes.set(`${object}/${id}`, { object, id });
}

function ignored(reason: string, detail: string): Decision {
  return { outcome: { status: "ignored", reason, detail, changes: [], invoiceId: null }, statements: [] };
}

/** The event of a message: in it, or kept apart because it was too large. */
export async function eventOf(deps: Deps, message: StripeEventMessage): Promise<SignedEvent> {
  // It was verified and its shape checked at the door; what the queue carries is ours.
  if (message.event) return message.event as SignedEvent;
  const payload = await findPayload(deps, message, message.eventId);
  if (payload === null)
    throw new AppError("not_found", { detail: "The event's payload was kept apart and is gone." });
  return JSON.parse(payload) as SignedEvent;
}
