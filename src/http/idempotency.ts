// Idempotency-Key on a POST: the same key and body replay the first answer for 24 hours. Only answers of
// calls that did something (2xx) are kept: a refused call changed nothing and may be tried again. Answers
// are sealed at rest, since one may hold an API key that is shown only once. A call whose answer could not be
// kept runs again: its `callId` is the same then, so that what makes money move finds what it has made. An answer
// belongs to the credential that asked: another one with the same key is refused, and neither sees it nor does it again.

import { createMiddleware } from "hono/factory";
import type { TakenKey } from "../ledger/calls/answers.ts";
import { type LedgerClient, ledger } from "../ledger/client.ts";
import { AppError, invalid } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import type { SecretPlace } from "../platform/secret-box.ts";
import { sha256Hex } from "../platform/sha256.ts";
import type { AppContext, AppEnv } from "./app-env.ts";
import { ROOT_PLACE, rootAnswers } from "./root-answers.ts";

/** Where answers are kept: root's in the directory, an environment's in its ledger. */
export type KeptAnswers = Pick<LedgerClient, "claimCall" | "keepAnswer" | "releaseCall">;

export const idempotent = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header("idempotency-key");
  if (c.req.method !== "POST" || key === undefined) return next();
  if (key.length < 1 || key.length > 255) throw invalid("Idempotency-Key", "Give 1 to 255 characters.");

  const deps = c.get("deps");
  const { place, answers } = placeOf(c, key);
  const fingerprint = await fingerprintOf(c);
  const taken = await answers.claimCall({ key, fingerprint });
  if (taken) return replay(deps, place, taken, fingerprint);

  c.set("deps", {
    ...deps,
    callId: (await sha256Hex(`${place.environmentId}\n${key}\n${fingerprint}`)).slice(0, 32),
  });
  await next();
  if (c.res.ok) {
    const sealed = await deps.keyring.seal(place, await c.res.clone().text());
    await answers.keepAnswer({ key, answer: { status: c.res.status, sealed } });
  } else await answers.releaseCall({ key });
});

function placeOf(c: AppContext, key: string): { place: SecretPlace; answers: KeptAnswers } {
  const principal = c.get("principal");
  const deps = c.get("deps");
  const isRoot = principal.kind === "root";
  const scope = isRoot ? ROOT_PLACE : principal.scope;
  const answers = isRoot ? rootAnswers(deps) : ledger(deps, principal.scope);
  return { place: { ...scope, ownerId: key, field: "idempotent_answer" }, answers };
}

async function fingerprintOf(c: AppContext): Promise<string> {
  const principal = c.get("principal");
  const credential = principal.kind === "root" ? "root" : principal.keyId;
  return sha256Hex(`${credential}\n${c.req.method} ${c.req.path}\n${await c.req.text()}`);
}

async function replay(
  deps: Deps,
  place: SecretPlace,
  { fingerprint, answer }: TakenKey,
  asked: string,
): Promise<Response> {
  if (fingerprint !== asked) {
    const detail =
      "This Idempotency-Key was used for another call or body, or by another API key. Use a new key for a new call.";
    throw new AppError("idempotency_key_reused", {
      detail,
      errors: [{ path: "Idempotency-Key", message: detail }],
    });
  }
  if (!answer) {
    const detail = "The first call with this Idempotency-Key is still running. Try again in a moment.";
    throw new AppError("idempotency_key_in_use", { detail, retryable: true });
  }
  return new Response(await deps.keyring.open(place, answer.sealed), {
    status: answer.status,
    headers: { "content-type": "application/json", "idempotent-replayed": "true" },
  });
}
