// Idempotency-Key on a POST: the same key and body replay the first answer for 24 hours. Only answers of
// calls that did something (2xx) are kept: a refused call changed nothing and may be tried again. Answers
// are sealed at rest, since one may hold an API key that is shown only once. A call whose answer could not be
// kept runs again: its `callId` is the same then, so that what makes money move finds what it has made.

import { and, eq, sql } from "drizzle-orm";
import { createMiddleware } from "hono/factory";
import { AppError, invalid } from "../platform/app-error.ts";
import { ANSWERS_KEPT_MS as KEPT_MS } from "../platform/call-id.ts";
import { onDatabase } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { eachEnvironment } from "../platform/each-environment.ts";
import { forgetInRounds } from "../platform/retention.ts";
import type { SecretPlace } from "../platform/secret-box.ts";
import { sha256Hex } from "../platform/sha256.ts";
import { idempotencyKeys } from "../platform/tables/calls.ts";
import type { AppContext, AppEnv } from "./app-env.ts";

// A call that neither answered nor failed in this time died with its isolate; its key may be used again.
const ROOT_SCOPE = { tenantId: "root", environmentId: "root" };
const ABANDONED_MS = 60 * 1000;

export const idempotent = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header("idempotency-key");
  if (c.req.method !== "POST" || key === undefined) return next();
  if (key.length < 1 || key.length > 255) throw invalid("Idempotency-Key", "Give 1 to 255 characters.");

  const deps = c.get("deps");
  const place = placeOf(c, key);
  const fingerprint = await fingerprintOf(c);
  const claimed = await claimCall(deps, place, key, fingerprint);
  if (!claimed) return replay(deps, place, key, fingerprint);

  c.set("deps", {
    ...deps,
    callId: (await sha256Hex(`${place.environmentId}\n${key}\n${fingerprint}`)).slice(0, 32),
  });
  await next();
  if (c.res.ok) await keep(deps, place, key, c.res.status, await c.res.clone().text());
  else await releaseCall(deps, place, key);
});

/** Forgets answers older than 24 hours, so many a run; called by cron. Returns how many it were. */
export async function forgetOldAnswers(deps: Deps): Promise<number> {
  const ofRoot = forgetOfOne(deps, ROOT_SCOPE);
  return (await ofRoot) + (await eachEnvironment(deps, (scope) => forgetOfOne(deps, scope)));
}

function forgetOfOne(deps: Deps, scope: Scope): Promise<number> {
  return forgetInRounds(async (limit) => {
    const old = sql`DELETE FROM ${idempotencyKeys} WHERE (environment_id, key) IN (
      SELECT environment_id, key FROM ${idempotencyKeys} WHERE created_at_ms < ${deps.now() - KEPT_MS}
      ORDER BY created_at_ms LIMIT ${limit}) RETURNING 1`;
    return (await onDatabase(() => deps.database(scope).all(old))).length;
  });
}

function placeOf(c: AppContext, key: string): SecretPlace {
  const principal = c.get("principal");
  const scope = principal.kind === "root" ? ROOT_SCOPE : principal.scope;
  return { ...scope, ownerId: key, field: "idempotent_answer" };
}

async function fingerprintOf(c: AppContext): Promise<string> {
  return sha256Hex(`${c.req.method} ${c.req.path}\n${await c.req.text()}`);
}

/** Takes the key for this call: true when it is new, expired or abandoned. One statement decides. */
export async function claimCall(
  deps: Deps,
  scope: Scope,
  key: string,
  fingerprint: string,
): Promise<boolean> {
  const now = deps.now();
  const { environmentId } = scope;
  const row = { environmentId, key, fingerprint, createdAtMs: now };
  const claimed = await onDatabase(() =>
    deps
      .database(scope)
      .insert(idempotencyKeys)
      .values(row)
      .onConflictDoUpdate({
        target: [idempotencyKeys.environmentId, idempotencyKeys.key],
        set: {
          fingerprint,
          createdAtMs: now,
          responseStatus: null,
          sealedKeyId: null,
          sealedIv: null,
          sealedBody: null,
        },
        setWhere: sql`${idempotencyKeys.createdAtMs} < ${now - KEPT_MS}
          OR (${idempotencyKeys.responseStatus} IS NULL AND ${idempotencyKeys.fingerprint} = ${fingerprint}
              AND ${idempotencyKeys.createdAtMs} < ${now - ABANDONED_MS})`,
      })
      .returning({ key: idempotencyKeys.key }),
  );
  return claimed.length > 0;
}

async function replay(deps: Deps, place: SecretPlace, key: string, fingerprint: string): Promise<Response> {
  const row = await onDatabase(() =>
    deps.database(place).select().from(idempotencyKeys).where(rowOf(place.environmentId, key)).get(),
  );
  if (row && row.fingerprint !== fingerprint) {
    const detail = "This Idempotency-Key was used for another call or body. Use a new key for a new call.";
    throw new AppError("idempotency_key_reused", {
      detail,
      errors: [{ path: "Idempotency-Key", message: detail }],
    });
  }
  if (!row?.responseStatus || row.sealedKeyId === null || row.sealedIv === null || row.sealedBody === null) {
    const detail = "The first call with this Idempotency-Key is still running. Try again in a moment.";
    throw new AppError("idempotency_key_in_use", { detail, retryable: true });
  }
  const sealed = { keyId: row.sealedKeyId, iv: row.sealedIv, ciphertext: row.sealedBody };
  return new Response(await deps.keyring.open(place, sealed), {
    status: row.responseStatus,
    headers: { "content-type": "application/json", "idempotent-replayed": "true" },
  });
}

async function keep(
  deps: Deps,
  place: SecretPlace,
  key: string,
  status: number,
  body: string,
): Promise<void> {
  const sealed = await deps.keyring.seal(place, body);
  const answer = {
    responseStatus: status,
    sealedKeyId: sealed.keyId,
    sealedIv: sealed.iv,
    sealedBody: sealed.ciphertext,
  };
  await onDatabase(() =>
    deps.database(place).update(idempotencyKeys).set(answer).where(rowOf(place.environmentId, key)).run(),
  );
}

/** Gives the key back: what was called has changed nothing. */
export async function releaseCall(deps: Deps, scope: Scope, key: string): Promise<void> {
  const query = deps.database(scope).delete(idempotencyKeys).where(rowOf(scope.environmentId, key));
  await onDatabase(() => query.run());
}

function rowOf(environmentId: string, key: string) {
  return and(eq(idempotencyKeys.environmentId, environmentId), eq(idempotencyKeys.key, key));
}
