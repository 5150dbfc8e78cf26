// What a call with an Idempotency-Key makes has the same id at each try of the call. So a try whose answer was
// lost, or could not be kept, finds what it has made and does not make it again: no second refund or invoice.

import type { Deps } from "./deps.ts";
import { type IdPrefix, newId } from "./ids.ts";

/** Answers to repeated calls are kept for so long. */
export const ANSWERS_KEPT_MS = 24 * 60 * 60 * 1000;

/** A call that makes something. */
export type MakingCall = {
  prefix: IdPrefix;
  /** Names a call that carries an Idempotency-Key; null for all others. */
  callId: string | null;
  nowMs: number;
  /** The caller's own id, and what it asks to be made under it. */
  given?: { id: string; as: Readonly<Record<string, unknown>> } | undefined;
};

type Made = { id: string; createdAtMs: number };

/** The id under which an earlier try of the call may have made it; null where there can be none. */
export function idOfCall({ prefix, callId, given }: MakingCall): string | null {
  return given?.id ?? (callId === null ? null : `${prefix}_${callId}`);
}

/**
 * What an earlier try of the call has made, and the id. A key older than 24 hours is as good as new, and so is the id.
 * @param found what is there under {@link idOfCall}
 * @returns `made` is undefined where it is to be made; an id of the caller's own may then be taken by another
 */
export function resolveCall<T extends Made>(
  call: MakingCall,
  found: T | undefined,
): { id: string; made: T | undefined } {
  const id = idOfCall(call);
  if (id === null) return { id: newId(call.prefix), made: undefined };
  if (found === undefined || isMadeBy(call, found)) return { id, made: found };
  return { id: call.given?.id ?? newId(call.prefix), made: undefined };
}

/** The same where looking costs a request: without a key nothing can have been made. */
export async function findMadeByCall<T extends Made>(
  { callId, now }: Pick<Deps, "callId" | "now">,
  prefix: IdPrefix,
  find: (id: string) => Promise<T | undefined>,
  given?: MakingCall["given"],
): Promise<{ id: string; made: T | undefined }> {
  const call = { prefix, callId, nowMs: now(), given };
  const id = callId === null ? null : idOfCall(call);
  return resolveCall(call, id === null ? undefined : await find(id));
}

/** Under an id of the caller's own it must say the same as well. */
function isMadeBy({ callId, nowMs, given }: MakingCall, found: Made): boolean {
  if (callId === null || found.createdAtMs < nowMs - ANSWERS_KEPT_MS) return false;
  const content = new Map<string, unknown>(Object.entries(found));
  return Object.entries(given?.as ?? {}).every(
    ([name, value]) => JSON.stringify(content.get(name)) === JSON.stringify(value),
  );
}
