// What a connection's status is, from what is stored of it. Pure: no I/O, no clock.

import { setUpByHand } from "./webhook-endpoint-state.ts";

export type ConnectionStatus = "pending_webhook" | "active" | "disabled" | "error" | "disconnected";

export type ConnectionFacts = {
  isActive: boolean;
  errorDetail: string | null;
  /** What is wrong or half done with the endpoint at Stripe. */
  webhookDetail: string | null;
  disconnectedAtMs: number | null;
  webhookSecretSet: boolean;
  /** Keys that sealed its secrets and that ENCRYPTION_KEYS no longer has. */
  goneKeyIds: readonly string[];
};

/**
 * The status and a sentence for the person who asks why. The gravest reason comes first.
 * @param webhookUrl where Stripe is to send the events; null where that is not known
 */
export function connectionStatus(
  facts: ConnectionFacts,
  webhookUrl: string | null,
): { status: ConnectionStatus; detail: string | null } {
  if (facts.disconnectedAtMs !== null)
    return { status: "disconnected", detail: "Disconnected: its secrets were erased." };
  if (!facts.isActive) {
    return {
      status: "disabled",
      detail: "Switched off: no links are made and no payments processed. Set is_active to true to go on.",
    };
  }
  const [goneKeyId] = facts.goneKeyIds;
  if (goneKeyId !== undefined) {
    const detail =
      `Its secrets were sealed under the key '${goneKeyId}', which ENCRYPTION_KEYS no longer has. ` +
      "Put that key back, or set secret_key and webhook_secret again.";
    return { status: "error", detail };
  }
  if (facts.errorDetail !== null) return { status: "error", detail: facts.errorDetail };
  if (!facts.webhookSecretSet) {
    const why = facts.webhookDetail ?? "No webhook signing secret yet: payments are not processed.";
    return { status: "pending_webhook", detail: `${why} ${setUpByHand(webhookUrl)}` };
  }
  return { status: "active", detail: facts.webhookDetail };
}
