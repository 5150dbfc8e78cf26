// One try of one delivery: claimed from the ledger, sent, and its outcome told to the ledger, which decides what
// follows. What dies in between is sent again, under the same id.

import { ledger } from "../ledger/client.ts";
import type { ClaimedDelivery } from "../ledger/notifications/claim-delivery.ts";
import type { Sent } from "../ledger/notifications/delivery-state.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { messageBody } from "./message-body.ts";
import { sendMessage } from "./send-message.ts";
import { openSigningSecrets } from "./signing-secrets.ts";

/**
 * Tries a delivery, if it is due and nobody else is at it.
 * @param random 0 to 1, for the schedule's jitter
 * @throws AppError `database_unavailable` (retryable)
 */
export async function deliver(
  deps: Deps,
  scope: Scope,
  deliveryId: string,
  random: number = Math.random(),
): Promise<void> {
  const claimed = await ledger(deps, scope).claimDelivery({ id: deliveryId });
  if (!claimed) return;
  const { id, leasedUntilMs, destination } = claimed;
  const sent = await send(deps, scope, claimed);
  if (sent === "resolver_unavailable") await ledger(deps, scope).postponeDelivery({ id });
  else {
    const { url } = destination;
    await ledger(deps, scope).concludeDelivery({ id, leasedUntilMs, url, sent, random });
  }
}

async function send(
  deps: Deps,
  scope: Scope,
  { destination, message }: ClaimedDelivery,
): Promise<Sent | "resolver_unavailable"> {
  try {
    const secrets = await openSigningSecrets(deps, scope, destination.id);
    const body = messageBody(deps, scope, message);
    return await sendMessage(deps, destination.url, secrets, { id: message.id, body });
  } catch (error) {
    if (error instanceof AppError && error.code === "resolver_unavailable") return "resolver_unavailable";
    if (error instanceof AppError && error.code !== "secret_unreadable") throw error;
    deps.log.error("message not sent", {
      tenant: scope.tenantId,
      environment: scope.environmentId,
      message: message.id,
      error: errorText(error),
    });
    return {
      status: null,
      error: `Not sent. ${errorText(error)}`,
      durationMs: 0,
      response: null,
      retryAfterSeconds: null,
    };
  }
}
