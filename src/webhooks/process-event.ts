// Processes one verified event: read into facts, and in one commit they are recorded, the invoice settled
// and the event marked. Doing it again changes nothing; a disabled connection's events change nothing
// either, whatever the door had cached.

import { assertLive, type ConnectionRow, findConnection, findLiveConnection } from "../connections/store.ts";
import { tellLedger } from "../connections/tell-ledger.ts";
import { enqueueInserted } from "../http/outbox-statements.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, commitAndRead, type Statement } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import { takeTurns } from "../platform/take-turns.ts";
import type { Interpretation } from "./facts.ts";
import { interpretEvent } from "./interpret-event.ts";
import { findPayload } from "./payload-store.ts";
import { recordConnectionFacts } from "./record-connection-facts.ts";
import { type Decision, ignored, recordFacts } from "./record-facts.ts";
import { findEvent, isDone, recordOutcome, recordRepeat } from "./store.ts";
import type { SignedEvent } from "./verify-signature.ts";
import { paymentsTold, selectReadyEvents, toMessage } from "./waiting-events.ts";
import { prepareDataPoints } from "./write-data-points.ts";

// Events of one subscription come several at once: of so many, each has its turn.
const TURNS = 4;

/**
 * @returns events that had waited for what this one made known: they are to be processed now
 * @throws AppError when D1 fails (retryable), when a payload that was kept apart is gone, or when other events
 * changed the same object again and again between its reading and its writing (`conflict`, retryable)
 */
export async function processEvent(deps: Deps, message: StripeEventMessage): Promise<StripeEventMessage[]> {
  const detail = "Another event changed the same object at the same moment.";
  return takeTurns(TURNS, detail, () => processOnce(deps, message));
}

async function processOnce(deps: Deps, received: StripeEventMessage): Promise<StripeEventMessage[]> {
  const event = await eventOf(deps, received);
  const interpretation = interpretEvent({ ...event, api_version: event.api_version ?? null });
  const database = deps.database(received);
  const known = await findEvent(deps, received, event.id);
  if (known && isDone(known, received)) {
    const told = known.status === "processed" ? toldBy(interpretation) : [];
    return commitAndFindReady(deps, received, [recordRepeat(database, received)], told);
  }

  const live = (await findLiveConnection(deps, received))?.row;
  const message = await underLive(deps, received, live);
  const asStripe: Deps = { ...deps, actor: { kind: "stripe", id: event.id, ip: null } };
  const decision = await decide(asStripe, message, event, live, interpretation);
  const { outcome, statements } = decision;
  if (decision.directory) {
    await commit(deps.directory, decision.directory);
    await tellLedger(deps, message);
  }
  // Switched off since it was looked at: then nothing of this is written, and the next try decides again.
  const guard = statements.length > 0 ? [assertLive(deps, message, message.connectionId)] : [];
  const marked = [...guard, ...statements, ...recordOutcome(database, message, event, outcome, deps.now())];
  const processed = outcome.status === "processed" ? toldBy(interpretation) : [];
  const told = outcome.waitsFor === null ? processed : [outcome.waitsFor];
  const writeDataPoints = await prepareDataPoints(deps, message, event, interpretation);
  const ready = await commitAndFindReady(deps, message, marked, told);
  if (statements.length > 0) await enqueueInserted(deps, message);
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
  live: ConnectionRow | undefined,
  interpretation: Interpretation,
): Promise<Decision> {
  const refusal = refusalOf(live, message, event);
  if (refusal) return ignored(refusal.reason, refusal.detail);
  if (interpretation.outcome === "ignored") return ignored(interpretation.reason, interpretation.detail);
  const ofConnection = await recordConnectionFacts(deps, message, interpretation.facts);
  return ofConnection ?? recordFacts(deps, message, interpretation.facts);
}

/**
 * The message as one of the live connection, where that is to the same account in the same mode as the one that
 * took it in: what came before a connection was made anew is decided like everything after it.
 */
async function underLive(
  deps: Deps,
  message: StripeEventMessage,
  live: ConnectionRow | undefined,
): Promise<StripeEventMessage> {
  if (!live || live.id === message.connectionId) return message;
  const former = (await findConnection(deps, message, message.connectionId))?.row;
  const isSame = former?.accountId === live.accountId && former.livemode === live.livemode;
  return isSame ? { ...message, connectionId: live.id } : message;
}

/** Decided again here, from the database: the door may have had the connection in its cache. */
function refusalOf(connection: ConnectionRow | undefined, message: StripeEventMessage, event: SignedEvent) {
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

async function eventOf(deps: Deps, message: StripeEventMessage): Promise<SignedEvent> {
  const event = await findEventOf(deps, message);
  if (event) return event;
  throw new AppError("payload_gone", { detail: "The event's payload was kept apart and is gone." });
}

/** The event of a message: in it, or kept apart because it was too large; null when that is gone. */
export async function findEventOf(deps: Deps, message: StripeEventMessage): Promise<SignedEvent | null> {
  // It was verified and its shape checked at the door; what the queue carries is ours.
  if (message.event) return message.event as SignedEvent;
  const payload = await findPayload(deps, message, message.eventId);
  return payload === null ? null : (JSON.parse(payload) as SignedEvent);
}
