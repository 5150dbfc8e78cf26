// Signs a webhook as Stripe does: https://docs.stripe.com/webhooks#verify-manually

const encoder = new TextEncoder();

/**
 * The value of the `Stripe-Signature` header for `body`: one `v1` for each secret (two while a secret is
 * being rolled), and the meaningless `v0` that Stripe adds in test mode so that receivers learn to ignore
 * schemes that they do not know.
 */
export async function signWebhook(
  body: string,
  secrets: readonly string[],
  timestampSeconds: number,
): Promise<string> {
  const signed = `${timestampSeconds}.${body}`;
  const parts = [`t=${timestampSeconds}`];
  for (const secret of secrets) parts.push(`v1=${await hmacSha256Hex(secret, signed)}`);
  parts.push(`v0=${await hmacSha256Hex("v0", signed)}`);
  return parts.join(",");
}

async function hmacSha256Hex(secret: string, text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(text));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
