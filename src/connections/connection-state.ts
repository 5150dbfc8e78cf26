// What a connection's status is, from what is stored of it. Pure: no I/O, no clock.

import { setUpByHand } from "./webhook-endpoint-state.ts";

export type ConnectionStatus = "pending_webhook" | "active" | "disabled" | "error" | "disconnected";

/** What the operator does where no event of a connected account can be verified. */
export const NO_CONNECT_SECRETS =
  "Payments are not processed: the operator has to set STRIPE_CONNECT_WEBHOOK_SECRETS, the signing secrets of the platform's Connect endpoint.";

export type ConnectionFacts = {
  authType: "api_key" | "oauth";
  isActive: boolean;
  errorDetail: string | null;
  /** What is wrong or half done with the endpoint at Stripe. */
  webhookDetail: string | null;
  disconnectedAtMs: number | null;
  /** Of its own, or, where it was made by Stripe Connect, of the platform's endpoint. */
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
    return {
      status: "disconnected",
      detail:
        facts.authType === "oauth" ? disconnectedWords(facts) : "Disconnected: its secrets were erased.",
    };
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
  if (!facts.webhookSecretSet && facts.authType === "oauth")
    return { status: "pending_webhook", detail: NO_CONNECT_SECRETS };
  if (!facts.webhookSecretSet) {
    const why = facts.webhookDetail ?? "No webhook signing secret yet: payments are not processed.";
    return { status: "pending_webhook", detail: `${why} ${setUpByHand(webhookUrl)}` };
  }
  return { status: "active", detail: facts.webhookDetail };
}

/** Where the account's owner ended it, that is what is kept. */
function disconnectedWords({ errorDetail }: ConnectionFacts): string {
  return errorDetail === null ? "Disconnected." : `Disconnected. ${errorDetail}`;
}
