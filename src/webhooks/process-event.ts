// Processes one verified event: read into facts, and in one commit they are recorded, the invoice settled
// and the event marked. Doing it again changes nothing; a disabled connection's events change nothing
// either, whatever the door had cached.

import { assertLive, findLiveConnection } from "../connections/store.ts";
import { enqueuePendingJobs } from "../invoices/link-life.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, commitAndRead, type Statement } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import type { Interpretation } from "./facts.ts";
import { interpretEvent } from "./interpret-event.ts";
import { recordConnectionFacts } from "./record-connection-facts.ts";
import { type Decision, ignored, recordFacts } from "./record-facts.ts";
import { findEvent, findPayload, isDone, recordOutcome, recordRepeat } from "./store.ts";
import type { SignedEvent } from "./verify-signature.ts";
import { paymentsTold, selectReadyEvents, toMessage } from "./waiting-events.ts";
import { prepareDataPoints } from "./write-data-points.ts";

/**
 * @returns events that had waited for what this one made known: they are to be processed now
 * @throws AppError when D1 fails (retryable), or when a payload that was kept apart is gone
 */
export async function processEvent(deps: Deps, message: StripeEventMessage): Promise<StripeEventMessage[]> {
  const event = await eventOf(deps, message);
  const interpretation = interpretEvent({ ...event, api_version: event.api_version ?? null });
  const database = deps.database(message);
  const known = await findEvent(deps, message, event.id);
  if (known && isDone(known, message)) {
    const told = known.status === "processed" ? toldBy(interpretation) : [];
    return commitAndFindReady(deps, message, [recordRepeat(database, message)], told);
  }

  const asStripe: Deps = { ...deps, actor: { kind: "stripe", id: event.id, ip: null } };
  const { outcome, statements, invoiceIds } = await decide(asStripe, message, event, interpretation);
  // Switched off since it was looked at: then nothing of this is written, and the next try decides again.
  const guard = statements.length > 0 ? [assertLive(deps, message, message.connectionId)] : [];
  const marked = [...guard, ...statements, ...recordOutcome(database, message, event, outcome, deps.now())];
  const processed = outcome.status === "processed" ? toldBy(interpretation) : [];
  const told = outcome.waitsFor === null ? processed : [outcome.waitsFor];
  const writeDataPoints = await prepareDataPoints(deps, message, event, interpretation);
  const ready = await commitAndFindReady(deps, message, marked, told);
  await enqueuePendingJobs(deps, message, invoiceIds);
  writeDataPoints(outcome);
  deps.log.info("event processed", {
    tenant: message.tenantId,
    environment: message.environmentId,
    event: event.id,
    type: event.type,
    status: outcome.status,
    reason: outcome.reason,
    lag_ms: deps.now() - event.created * 1000,
  });
  return ready;
}

function toldBy(interpretation: Interpretation): string[] {
  return interpretation.outcome === "facts" ? paymentsTold(interpretation.facts) : [];
}

async function commitAndFindReady(
  deps: Deps,
  message: StripeEventMessage,
  statements: readonly Statement[],
  stripePaymentIds: readonly string[],
): Promise<StripeEventMessage[]> {
  const database = deps.database(message);
  if (stripePaymentIds.length === 0) {
    await commit(database, statements);
    return [];
  }
  const rows = await commitAndRead(database, statements, selectReadyEvents(deps, message, stripePaymentIds));
  return rows.map((row) => toMessage(message, row));
}

async function decide(
  deps: Deps,
  message: StripeEventMessage,
  event: SignedEvent,
  interpretation: Interpretation,
): Promise<Decision> {
  const refusal = await refusalOf(deps, message, event);
  if (refusal) return ignored(refusal.reason, refusal.detail);
  if (interpretation.outcome === "ignored") return ignored(interpretation.reason, interpretation.detail);
  const ofConnection = await recordConnectionFacts(deps, message, interpretation.facts);
  return ofConnection ?? recordFacts(deps, message, interpretation.facts);
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

/** The event of a message: in it, or kept apart because it was too large. */
export async function eventOf(deps: Deps, message: StripeEventMessage): Promise<SignedEvent> {
  // It was verified and its shape checked at the door; what the queue carries is ours.
  if (message.event) return message.event as SignedEvent;
  const payload = await findPayload(deps, message, message.eventId);
  if (payload === null)
    throw new AppError("not_found", { detail: "The event's payload was kept apart and is gone." });
  return JSON.parse(payload) as SignedEvent;
}
