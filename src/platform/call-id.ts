// What a call with an Idempotency-Key makes has the same id at each try of the call. So a try whose answer was
// lost, or could not be kept, finds what it has made and does not make it again: no second refund or invoice.

import type { Deps } from "./deps.ts";
import { type IdPrefix, newId } from "./ids.ts";

/** Answers to repeated calls are kept for so long. */
export const ANSWERS_KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * The id for what this call makes, and what an earlier try of it has made under that id. Without a key the id
 * is new. A key older than 24 hours is as good as new, and so is the id.
 * @param given the caller's own id, if it has one, and what the call makes: with a key, what is there under that
 * id with the same content, made within 24 hours, was made by an earlier try
 */
export async function idOfCall<T extends { createdAtMs: number }>(
  deps: Pick<Deps, "callId" | "now">,
  prefix: IdPrefix,
  find: (id: string) => Promise<T | undefined>,
  given?: { id: string | undefined; as: Readonly<Record<string, unknown>> },
): Promise<{ id: string; made: T | undefined }> {
  if (given?.id !== undefined)
    return { id: given.id, made: await madeAsGiven(deps, given.id, find, given.as) };
  if (deps.callId === null) return { id: newId(prefix), made: undefined };
  const id = `${prefix}_${deps.callId}`;
  const made = await find(id);
  if (made && made.createdAtMs < deps.now() - ANSWERS_KEPT_MS) return { id: newId(prefix), made: undefined };
  return { id, made };
}

async function madeAsGiven<T extends { createdAtMs: number }>(
  deps: Pick<Deps, "callId" | "now">,
  id: string,
  find: (id: string) => Promise<T | undefined>,
  as: Readonly<Record<string, unknown>>,
): Promise<T | undefined> {
  if (deps.callId === null) return undefined;
  const found = await find(id);
  if (!found || found.createdAtMs < deps.now() - ANSWERS_KEPT_MS) return undefined;
  const content = new Map(Object.entries(found));
  const isAs = ([name, value]: [string, unknown]) =>
    JSON.stringify(content.get(name)) === JSON.stringify(value);
  return Object.entries(as).every(isAs) ? found : undefined;
}
