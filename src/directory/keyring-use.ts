// What lies under each key of the keyring, so that an operator knows when an old one may go. Answers kept
// for Idempotency-Key are not resealed: they go by themselves within a day, and say when.

import { and, gt, isNotNull, max, sql } from "drizzle-orm";
import { ANSWERS_KEPT_MS } from "../platform/call-id.ts";
import { type Database, onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import { idempotencyKeys } from "../platform/tables/calls.ts";
import { countSecretsByKey } from "./secret-store.ts";

export type KeyUse = {
  keyId: string;
  /** `seals`: the first of ENCRYPTION_KEYS. `opens`: an old one. `gone`: no longer there; what it sealed is unreadable. */
  status: "seals" | "opens" | "gone";
  secrets: number;
  answers: number;
  /** When the last of these answers is forgotten, in ms; null where there is none. */
  answersUntilMs: number | null;
  /** Whether the key may be taken out of ENCRYPTION_KEYS: nothing needs it any more. */
  mayBeRemoved: boolean;
};

type Answers = { keyId: string; count: number; newestAtMs: number };

/** Every key in the order of ENCRYPTION_KEYS, then ids that are gone but still hold something. */
export async function readKeyringUse(deps: Deps): Promise<KeyUse[]> {
  const secrets = new Map((await countSecretsByKey(deps)).map(({ keyId, count }) => [keyId, count]));
  const answers = new Map<string, Answers>();
  const add = async (database: Database) => {
    for (const found of await countAnswers(database, deps.now() - ANSWERS_KEPT_MS)) {
      const { keyId, count, newestAtMs } = found;
      const known = answers.get(keyId) ?? { keyId, count: 0, newestAtMs: 0 };
      answers.set(keyId, {
        keyId,
        count: known.count + count,
        newestAtMs: Math.max(known.newestAtMs, newestAtMs),
      });
    }
    return 0;
  };
  await add(deps.directory);
  await eachEnvironment(deps, (scope) => add(deps.database(scope)));

  const known = deps.keyring.keyIds;
  const gone = [...new Set([...secrets.keys(), ...answers.keys()])]
    .filter((id) => !known.includes(id))
    .sort();
  return [...known, ...gone].map((keyId) => {
    const status = keyId === deps.keyring.sealingKeyId ? "seals" : known.includes(keyId) ? "opens" : "gone";
    const held = { secrets: secrets.get(keyId) ?? 0, answers: answers.get(keyId)?.count ?? 0 };
    const newestAtMs = answers.get(keyId)?.newestAtMs ?? null;
    return {
      keyId,
      status,
      ...held,
      answersUntilMs: newestAtMs === null ? null : newestAtMs + ANSWERS_KEPT_MS,
      mayBeRemoved: status === "opens" && held.secrets === 0 && held.answers === 0,
    };
  });
}

async function countAnswers(database: Database, sinceMs: number): Promise<Answers[]> {
  const query = database
    .select({
      keyId: idempotencyKeys.sealedKeyId,
      count: sql<number>`COUNT(*)`,
      newestAtMs: max(idempotencyKeys.createdAtMs),
    })
    .from(idempotencyKeys)
    .where(and(gt(idempotencyKeys.createdAtMs, sinceMs), isNotNull(idempotencyKeys.sealedKeyId)))
    .groupBy(idempotencyKeys.sealedKeyId);
  const rows = await onDatabase(() => query.all());
  return rows.map(({ keyId, count, newestAtMs }) => ({
    keyId: keyId ?? "",
    count,
    newestAtMs: newestAtMs ?? 0,
  }));
}
