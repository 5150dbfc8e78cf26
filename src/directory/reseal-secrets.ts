// Moves secrets that older keys sealed under the first key of ENCRYPTION_KEYS, and seals those again whose version is
// not part of their seal. Each one is replaced only if
// it is still the ciphertext that was read: a rotation in between stands. One that cannot be opened is left
// as it is, counted, and keeps no other from moving.

import { type SQL, sql } from "drizzle-orm";
import { onDatabase } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { secrets } from "./connection-tables.ts";
import { countSecretsByKey, openSecret, type SecretRow, sealAgain } from "./secret-store.ts";

export type ResealProgress = {
  /** Moved by this run. */
  resealed: number;
  /** Still under an older key, for the next run. */
  remaining: number;
  /** Cannot be opened: their key is gone, or they were altered. Their owners have to set them again. */
  unreadable: number;
};

/** The most in one call: some thirty statements, well within D1's limit an invocation. */
export const RESEAL_AT_ONCE = 1_000;

const PAGE = 100;
// Also reached where nothing moves, so that altered secrets in great number cannot make a run endless.
const MAX_PAGES = 20;

/** @param limit the most to move in this run (rounded up to a page of 100) */
export async function resealSecrets(deps: Deps, limit: number): Promise<ResealProgress> {
  const { keyIds, sealingKeyId } = deps.keyring;
  let resealed = 0;
  let altered = 0;
  let alteredUnderOld = 0;
  let pages = 0;
  const old = keyIds.filter((id) => id !== sealingKeyId).map((id) => sql`${secrets.keyId} = ${id}`);
  const unbound = isUnbound(sealingKeyId);
  for (const which of [...old, unbound]) {
    let after: SecretRow | undefined;
    do {
      if (resealed >= limit || pages++ >= MAX_PAGES) break;
      const rows = await readPage(deps, which, after);
      const page = await resealPage(deps, rows);
      resealed += page.resealed;
      altered += page.altered;
      if (which !== unbound) alteredUnderOld += page.altered;
      after = rows.length === PAGE ? rows.at(-1) : undefined;
    } while (after);
  }
  const counts = await countSecretsByKey(deps);
  const total = (isCounted: (keyId: string) => boolean) =>
    counts.reduce((sum, { keyId, count }) => sum + (isCounted(keyId) ? count : 0), 0);
  const underOld = total((keyId) => keyIds.includes(keyId) && keyId !== sealingKeyId);
  const gone = total((keyId) => !keyIds.includes(keyId));
  if (resealed > 0) deps.log.info("secrets resealed", { resealed, remaining: underOld - alteredUnderOld });
  return { resealed, remaining: Math.max(0, underOld - alteredUnderOld), unreadable: gone + altered };
}

// As the index has it.
function isUnbound(keyId: string): SQL {
  return sql`substr(${secrets.ciphertext}, 1, 2) <> '2.' AND ${secrets.keyId} = ${keyId}`;
}

async function readPage(deps: Deps, which: SQL, after: SecretRow | undefined): Promise<SecretRow[]> {
  const { environmentId, ownerId, field, version } = secrets;
  const place = sql`(${environmentId}, ${ownerId}, ${field}, ${version})`;
  const further: SQL = after
    ? sql`AND ${place} > (${after.environmentId}, ${after.ownerId}, ${after.field}, ${after.version})`
    : sql``;
  const query = deps.directory
    .select()
    .from(secrets)
    .where(sql`${which} ${further}`)
    .orderBy(environmentId, ownerId, field, version)
    .limit(PAGE);
  return onDatabase(() => query.all());
}

async function resealPage(
  deps: Deps,
  rows: readonly SecretRow[],
): Promise<{ resealed: number; altered: number }> {
  const results = await Promise.all(rows.map((row) => reseal(deps, row)));
  const moves = results.filter((move) => move !== null);
  const altered = results.length - moves.length;
  if (moves.length === 0) return { resealed: 0, altered };
  // All moves as one parameter: D1 takes 100 in a statement, and counts statements
  // (https://developers.cloudflare.com/d1/platform/limits/).
  const moved = await onDatabase(() =>
    deps.directory.all(sql`
      UPDATE secrets SET key_id = ${deps.keyring.sealingKeyId}, iv = move.iv, ciphertext = move.ciphertext
      FROM (
        SELECT value ->> 'environmentId' AS environment_id, value ->> 'ownerId' AS owner_id,
          value ->> 'field' AS field, value ->> 'version' AS version, value ->> 'oldCiphertext' AS old_ciphertext,
          value ->> 'iv' AS iv, value ->> 'ciphertext' AS ciphertext
        FROM json_each(${JSON.stringify(moves)})
      ) AS move
      WHERE secrets.environment_id = move.environment_id AND secrets.owner_id = move.owner_id
        AND secrets.field = move.field AND secrets.version = move.version
        AND secrets.ciphertext = move.old_ciphertext
      RETURNING secrets.owner_id`),
  );
  return { resealed: moved.length, altered };
}

/** The row's new seal, or null when it does not open. */
async function reseal(deps: Deps, row: SecretRow) {
  try {
    const { iv, ciphertext } = await sealAgain(deps, row, await openSecret(deps, row));
    const { environmentId, ownerId, field, version } = row;
    return { environmentId, ownerId, field, version, oldCiphertext: row.ciphertext, iv, ciphertext };
  } catch (error) {
    const fields = { tenant: row.tenantId, environment: row.environmentId, owner: row.ownerId };
    deps.log.error("secret cannot be resealed", { ...fields, error: errorText(error) });
    return null;
  }
}
