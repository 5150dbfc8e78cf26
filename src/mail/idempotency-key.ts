// The key by which a provider tells a repeat of the same mail.

import type { Scope } from "../platform/deps.ts";
import { sha256Hex } from "../platform/sha256.ts";

/** Resend keeps a key for 24 hours; an hour is left for clocks and queues. */
export const KEY_REMEMBERED_MS = 23 * 60 * 60 * 1000;

/** The same for every try of one mail. Hashed, since ids may be longer than a key (256 characters). */
export async function idempotencyKeyOf(scope: Scope, mailId: string): Promise<string> {
  return `quittance-${await sha256Hex(`${scope.environmentId}\n${mailId}`)}`;
}
