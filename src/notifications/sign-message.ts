// Signs a message as Standard Webhooks says. While a secret is being replaced there is a signature by the
// new one and by each that is still valid, so that the receiver can change over in between.

import { Webhook } from "standardwebhooks";

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export function newSigningSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}

/**
 * The three headers of a message.
 * @param secrets newest first, at least one
 * @param atMs when this try is made
 */
export function signMessage(
  secrets: readonly string[],
  messageId: string,
  body: string,
  atMs: number,
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const at = new Date(atMs);
  return {
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(atMs / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(" "),
  };
}
