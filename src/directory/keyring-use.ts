// What lies under each key of the keyring, so that an operator knows when an old one may go. Secrets are counted.
// Answers kept for Idempotency-Key lie in every ledger and are neither counted nor resealed: they go by themselves
// within a day, so that a day after a key has stopped sealing none is left under it.

import { and, isNotNull, isNull, ne } from "drizzle-orm";
import { ANSWERS_KEPT_MS } from "../platform/call-id.ts";
import { commit, onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { sealingKeys } from "./operator-tables.ts";
import { countSecretsByKey } from "./secret-store.ts";

export type KeyUse = {
  keyId: string;
  /** `seals`: the first of ENCRYPTION_KEYS. `opens`: an old one. `gone`: no longer there; what it sealed is unreadable. */
  status: "seals" | "opens" | "gone";
  secrets: number;
  /** Until when answers may lie under it, ms; null where none can, and for the key that seals. */
  answersUntilMs: number | null;
  /** Whether the key may be taken out of ENCRYPTION_KEYS: nothing needs it any more. */
  mayBeRemoved: boolean;
};

// An isolate of the deployment before lives on for a while, and seals with the key that it was given.
const LATE_ISOLATES_MS = 60 * 60_000;

/**
 * Notes which key seals now, and since when those before it do not; called by cron each minute and by the doors.
 * What has not changed writes nothing.
 */
export async function noteSealingKey(deps: Deps): Promise<void> {
  const [keyId, now] = [deps.keyring.sealingKeyId, deps.now()];
  const stopped = and(ne(sealingKeys.keyId, keyId), isNull(sealingKeys.untilMs));
  await commit(deps.directory, [
    deps.directory.update(sealingKeys).set({ untilMs: now }).where(stopped),
    deps.directory
      .insert(sealingKeys)
      .values({ keyId, sinceMs: now })
      .onConflictDoUpdate({
        target: sealingKeys.keyId,
        set: { sinceMs: now, untilMs: null },
        setWhere: isNotNull(sealingKeys.untilMs),
      }),
  ]);
}

/** Every key in the order of ENCRYPTION_KEYS, then ids that are gone but may still hold something. */
export async function readKeyringUse(deps: Deps): Promise<KeyUse[]> {
  const { keyIds, sealingKeyId } = deps.keyring;
  const secrets = new Map((await countSecretsByKey(deps)).map(({ keyId, count }) => [keyId, count]));
  const history = await onDatabase(() => deps.directory.select().from(sealingKeys).all());
  const answersUntilMs = (keyId: string): number | null => {
    if (keyId === sealingKeyId) return null;
    const untilMs = stoppedAtMs(history, keyId, deps.now()) + ANSWERS_KEPT_MS + LATE_ISOLATES_MS;
    return untilMs > deps.now() ? untilMs : null;
  };

  const noted = history.map(({ keyId }) => keyId).filter((keyId) => answersUntilMs(keyId) !== null);
  const gone = [...new Set([...secrets.keys(), ...noted])].filter((id) => !keyIds.includes(id)).sort();
  return [...keyIds, ...gone].map((keyId) => {
    const status = keyId === sealingKeyId ? "seals" : keyIds.includes(keyId) ? "opens" : "gone";
    const held = { secrets: secrets.get(keyId) ?? 0, answersUntilMs: answersUntilMs(keyId) };
    const isEmpty = held.secrets === 0 && held.answersUntilMs === null;
    return { keyId, status, ...held, mayBeRemoved: status === "opens" && isEmpty };
  });
}

type SealingKey = typeof sealingKeys.$inferSelect;

/** A key that was never noted as sealing can have done so only before the first note. */
function stoppedAtMs(history: readonly SealingKey[], keyId: string, nowMs: number): number {
  const row = history.find((noted) => noted.keyId === keyId);
  if (row) return row.untilMs ?? nowMs;
  return Math.min(nowMs, ...history.map(({ sinceMs }) => sinceMs));
}
