// What a call with an Idempotency-Key makes has the same id at each try of the call. So a try whose answer was
// lost, or could not be kept, finds what it has made and does not make it again: no second refund or invoice.

import type { Deps } from "./deps.ts";
import { type IdPrefix, newId } from "./ids.ts";
import { ANSWERS_KEPT_MS } from "./keyring-use.ts";

/**
 * The id for what this call makes, and what an earlier try of it has made under that id. Without a key the id
 * is new. A key older than 24 hours is as good as new, and so is the id.
 */
export async function idOfCall<T extends { createdAtMs: number }>(
  deps: Pick<Deps, "callId" | "now">,
  prefix: IdPrefix,
  find: (id: string) => Promise<T | undefined>,
): Promise<{ id: string; made: T | undefined }> {
  if (deps.callId === null) return { id: newId(prefix), made: undefined };
  const id = `${prefix}_${deps.callId}`;
  const made = await find(id);
  if (made && made.createdAtMs < deps.now() - ANSWERS_KEPT_MS) return { id: newId(prefix), made: undefined };
  return { id, made };
}
