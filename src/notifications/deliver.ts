// One try of one delivery: claimed from the ledger, sent, and its outcome told to the ledger, which decides what
// follows. What dies in between is sent again, under the same id.

import { ledger } from "../ledger/client.ts";
import type { ClaimedDelivery } from "../ledger/notifications/claim-delivery.ts";
import type { Sent } from "../ledger/notifications/delivery-state.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { NotificationMessage } from "../platform/jobs.ts";
import { errorText } from "../platform/logger.ts";
import { toScope } from "../platform/scope.ts";
import { startTurn } from "../platform/turn.ts";
import { messageBody } from "./message-body.ts";
import { sendMessage } from "./send-message.ts";
import { openSigningSecrets } from "./signing-secrets.ts";

/**
 * Tries a delivery, if it is due and nobody else is at it. Never throws: what fails is tried again by the ledger's
 * alarm, also where the ledger could not be told.
 * @param random 0 to 1, for the schedule's jitter
 */
export async function deliver(
  deps: Deps,
  message: Pick<NotificationMessage, keyof Scope | "deliveryId" | "trace">,
  random: number = Math.random(),
): Promise<void> {
  const { deliveryId: id } = message;
  const scope = toScope(message);
  const trace = message.trace ?? deps.trace;
  const log = deps.log.with({
    trace,
    tenant: scope.tenantId,
    environment: scope.environmentId,
    delivery: id,
  });
  try {
    const claimed = await ledger(deps, scope).claimDelivery({ id });
    if (claimed) await tryOnce({ ...deps, log, trace }, scope, claimed, random);
  } catch (error) {
    log.warn("delivery left to the alarm", { error: errorText(error) });
  }
}

// Most answer within a tenth of it.
const TURN_MS = 500;

/** What goes on after the batch is over for the queue. */
export type Background = Pick<ExecutionContext, "waitUntil">;

/**
 * The same, and waits no longer than a turn: a destination that takes its time, as it may, is heard to the end while the
 * queue goes on with others' messages. Should that be cut off, the ledger's alarm has it tried again.
 * @param context left out: it is waited for
 */
export async function deliverInTurn(
  deps: Deps,
  message: Parameters<typeof deliver>[1],
  context?: Background,
): Promise<void> {
  const tried = deliver(deps, message);
  if (!context) return tried;
  context.waitUntil(tried);
  const turn = startTurn(TURN_MS, { waits: false });
  await Promise.race([tried, turn.abandoned]);
  turn.end();
}

async function tryOnce(deps: Deps, scope: Scope, claimed: ClaimedDelivery, random: number): Promise<void> {
  const { id, leasedUntilMs, destination, message } = claimed;
  const sent = await send(deps, scope, claimed);
  if (sent !== "not_now") deps.log.info("delivery tried", { webhook_id: message.id, status: sent.status });
  if (sent === "not_now") return ledger(deps, scope).postponeDelivery({ id });
  await ledger(deps, scope).concludeDelivery({ id, leasedUntilMs, url: destination.url, sent, random });
}

/** `not_now` for what may pass and is no fault of the destination's: its name or secrets could not be looked up. */
async function send(
  deps: Deps,
  scope: Scope,
  { destination, message }: ClaimedDelivery,
): Promise<Sent | "not_now"> {
  try {
    const secrets = await openSigningSecrets(deps, scope, destination.id);
    const body = messageBody(deps, scope, message);
    return await sendMessage(deps, destination.url, secrets, { id: message.id, body });
  } catch (error) {
    const mayPass = error instanceof AppError && error.retryable;
    deps.log[mayPass ? "warn" : "error"]("message not sent", { error: errorText(error) });
    if (mayPass) return "not_now";
    const words = `Not sent. ${errorText(error)}`;
    return { status: null, error: words, durationMs: 0, response: null, retryAfterSeconds: null };
  }
}
