// The one place that hashes text for ids, fingerprints and keys at rest.

import { hash } from "fast-sha256";

/** SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits. */
export async function sha256Hex(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

/** The same for where nothing may wait, as in a ledger's verb: WebCrypto's digest does. */
export function sha256HexSync(text: string): string {
  return toHex(hash(new TextEncoder().encode(text)));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
