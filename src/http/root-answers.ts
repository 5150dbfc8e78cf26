// Answers to root's own calls, which are of no environment: kept in the directory. Several may write there at
// once, so that one statement decides who has a key.

import { and, eq, sql } from "drizzle-orm";
import { ANSWERS_KEPT_MS } from "../platform/call-id.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { forgetInRounds } from "../platform/retention.ts";
import { idempotencyKeys } from "../platform/tables/calls.ts";
import type { KeptAnswers } from "./idempotency.ts";

export const ROOT_PLACE = { tenantId: "root", environmentId: "root" };
// A call that neither answered nor failed in this time died with its isolate; its key may be used again.
const ABANDONED_MS = 60 * 1000;

/** As the ledger's verbs of the same names. */
export function rootAnswers(deps: Deps): KeptAnswers {
  const { directory } = deps;
  return {
    claimCall: async ({ key, fingerprint }) => {
      if (await claim(deps, key, fingerprint)) return null;
      const row = await onDatabase(() => directory.select().from(idempotencyKeys).where(rowOf(key)).get());
      // Given back at this moment: its first call was refused, or is about to be made again.
      if (!row) return { fingerprint, answer: null };
      const { responseStatus: status, sealedKeyId: keyId, sealedIv: iv, sealedBody: ciphertext } = row;
      const isKept = status !== null && keyId !== null && iv !== null && ciphertext !== null;
      const answer = isKept ? { status, sealed: { keyId, iv, ciphertext } } : null;
      return { fingerprint: row.fingerprint, answer };
    },
    keepAnswer: async ({ key, answer: { status, sealed } }) => {
      const answer = {
        responseStatus: status,
        sealedKeyId: sealed.keyId,
        sealedIv: sealed.iv,
        sealedBody: sealed.ciphertext,
      };
      await onDatabase(() => directory.update(idempotencyKeys).set(answer).where(rowOf(key)).run());
    },
    releaseCall: async ({ key }) => {
      await onDatabase(() => directory.delete(idempotencyKeys).where(rowOf(key)).run());
    },
  };
}

/** Forgets answers older than 24 hours, in rounds; called by cron. @returns how many went */
export function forgetRootAnswers(deps: Deps): Promise<number> {
  return forgetInRounds(async (limit) => {
    const old = sql`DELETE FROM ${idempotencyKeys} WHERE (environment_id, key) IN (
      SELECT environment_id, key FROM ${idempotencyKeys} WHERE created_at_ms < ${deps.now() - ANSWERS_KEPT_MS}
      ORDER BY created_at_ms LIMIT ${limit}) RETURNING 1`;
    return (await onDatabase(() => deps.directory.all(old))).length;
  });
}

/** Takes the key: true when it is new, expired or abandoned. */
async function claim(deps: Deps, key: string, fingerprint: string): Promise<boolean> {
  const now = deps.now();
  const row = { environmentId: ROOT_PLACE.environmentId, key, fingerprint, createdAtMs: now };
  const none = { responseStatus: null, sealedKeyId: null, sealedIv: null, sealedBody: null };
  const query = deps.directory
    .insert(idempotencyKeys)
    .values(row)
    .onConflictDoUpdate({
      target: [idempotencyKeys.environmentId, idempotencyKeys.key],
      set: { fingerprint, createdAtMs: now, ...none },
      setWhere: sql`${idempotencyKeys.createdAtMs} < ${now - ANSWERS_KEPT_MS}
        OR (${idempotencyKeys.responseStatus} IS NULL AND ${idempotencyKeys.fingerprint} = ${fingerprint}
            AND ${idempotencyKeys.createdAtMs} < ${now - ABANDONED_MS})`,
    })
    .returning({ key: idempotencyKeys.key });
  return (await onDatabase(() => query)).length > 0;
}

function rowOf(key: string) {
  return and(eq(idempotencyKeys.environmentId, ROOT_PLACE.environmentId), eq(idempotencyKeys.key, key));
}
