// Takes in one delivery from Stripe: verified, put on the queue, and only then answered with 200. The hot
// path makes no write and, with a warm cache, no query. Every refusal has the same words for the sender.

import { openForWebhooks, type WebhookConnection } from "../connections/open-connection.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { fitsInQueue, type StripeEventMessage } from "../platform/jobs.ts";
import { keepPayload } from "./store.ts";
import { type SignedEvent, type Verification, verifySignature } from "./verify-signature.ts";

/**
 * @param rawBody the body as it arrived
 * @throws AppError `signature_refused` (400); `queue_unavailable` or `database_unavailable` (503): Stripe
 * sends the event again
 */
export async function receiveEvent(
  deps: Deps,
  scope: Scope,
  rawBody: string,
  header: string | undefined,
): Promise<void> {
  const { connection, verification } = await verifyAgainst(deps, scope, rawBody, header);
  if (!connection || !verification.ok) {
    const reason = verification.ok ? "no_connection" : verification.reason;
    deps.log.warn("webhook refused", { tenant: scope.tenantId, environment: scope.environmentId, reason });
    throw signatureRefused();
  }
  await enqueue(deps, scope, connection, verification.event);
}

/** The one refusal, for whatever reason: a sender learns nothing about tenants, secrets or clocks. */
export function signatureRefused(): AppError {
  const detail = "The webhook was refused: its signature could not be verified for this address.";
  return new AppError("signature_refused", { detail });
}

type Verified = { connection: WebhookConnection | null; verification: Verification };

/** Tries what this isolate has cached; before a refusal, what the database has now. */
async function verifyAgainst(
  deps: Deps,
  scope: Scope,
  rawBody: string,
  header: string | undefined,
): Promise<Verified> {
  const cached = await verifyWith(await openForWebhooks(deps, scope, { fresh: false }));
  if (cached.connection && cached.verification.ok) return cached;
  return verifyWith(await openForWebhooks(deps, scope, { fresh: true }));

  async function verifyWith(connection: WebhookConnection | null): Promise<Verified> {
    const listening = connection?.isActive ? connection : null;
    const now = deps.now();
    const valid = (listening?.webhookSecrets ?? []).filter(
      ({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > now,
    );
    const secrets = valid.map(({ value }) => value);
    return { connection: listening, verification: await verifySignature(rawBody, header, secrets, now) };
  }
}

async function enqueue(
  deps: Deps,
  scope: Scope,
  connection: WebhookConnection,
  event: SignedEvent,
): Promise<void> {
  const message: StripeEventMessage = {
    ...scope,
    connectionId: connection.id,
    deliveryId: newId("dlv"),
    receivedAtMs: deps.now(),
    source: "webhook",
    eventId: event.id,
    event,
  };
  if (fitsInQueue(message)) return deps.queues.enqueueStripeEvent(message);
  await keepPayload(deps, scope, event.id, JSON.stringify(event), message.receivedAtMs);
  await deps.queues.enqueueStripeEvent({ ...message, event: null });
}
