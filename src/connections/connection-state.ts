// What a connection's status is, from what is stored of it. Pure: no I/O, no clock.

export type ConnectionStatus = "pending_webhook" | "active" | "disabled" | "error" | "disconnected";

export type ConnectionFacts = {
  isActive: boolean;
  errorDetail: string | null;
  disconnectedAtMs: number | null;
  webhookSecretSet: boolean;
};

/** The status and a sentence for the person who asks why. The gravest reason comes first. */
export function connectionStatus(facts: ConnectionFacts): {
  status: ConnectionStatus;
  detail: string | null;
} {
  if (facts.disconnectedAtMs !== null)
    return { status: "disconnected", detail: "Disconnected: its secrets were erased." };
  if (!facts.isActive) {
    return {
      status: "disabled",
      detail: "Switched off: no links are made and no payments processed. Set is_active to true to go on.",
    };
  }
  if (facts.errorDetail !== null) return { status: "error", detail: facts.errorDetail };
  if (!facts.webhookSecretSet) {
    const detail =
      "No webhook signing secret yet: payments are not processed. Add an endpoint with this connection's webhook_url at Stripe and set its signing secret (whsec_…) as webhook_secret.";
    return { status: "pending_webhook", detail };
  }
  return { status: "active", detail: null };
}
