// Hands deliveries to the queue right after their commit. When the queue refuses, the sweep does it.

import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";

/** @param delaySeconds until the next try is due; the queue holds the message back for so long */
export async function enqueueDeliveries(
  deps: Deps,
  scope: Scope,
  deliveryIds: readonly string[],
  delaySeconds?: number,
): Promise<void> {
  const { tenantId, environmentId } = scope;
  const messages = deliveryIds.map((deliveryId) => ({
    kind: "deliver" as const,
    tenantId,
    environmentId,
    deliveryId,
  }));
  try {
    await deps.queues.enqueueNotifications(messages, delaySeconds);
  } catch (error) {
    deps.log.warn("deliveries left to the sweep", {
      tenant: tenantId,
      environment: environmentId,
      deliveries: messages.length,
      error: errorText(error),
    });
  }
}
