// Takes in a new event destination: its address checked, its signing secret made and sealed. The secret is
// in the answer to this call and nowhere else.

import { eraseSecrets, insertSecretOnce, openSecret, sealSecret } from "../directory/secret-store.ts";
import { ledger } from "../ledger/client.ts";
import type { DestinationView } from "../ledger/notifications/destination-view.ts";
import { AppError, invalid } from "../platform/app-error.ts";
import { findMadeByCall } from "../platform/call-id.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { NotificationType } from "../platform/notification-types.ts";
import { checkAddress } from "./check-address.ts";
import { newSigningSecret } from "./sign-message.ts";
import { findSigningSecrets } from "./signing-secrets.ts";

const FIRST_VERSION = 1;

/** The secret is in clear, to be shown this once. */
export type DestinationWithSecret = { destination: DestinationView; secret: string };

/**
 * @throws AppError `validation_failed` for an address that is not allowed, `resolver_unavailable`
 * (retryable), `conflict` when there are 20 already, or when an earlier try of the same call made one whose
 * secret was rotated since
 */
export async function createDestination(
  deps: Deps,
  scope: Scope,
  input: { url: string; eventTypes: NotificationType[] | null; description: string | null },
): Promise<DestinationWithSecret> {
  const find = (id: string) => ledger(deps, scope).findDestination({ id });
  const { id, made } = await findMadeByCall(deps, "dest", find);
  if (made) return shownAgain(deps, scope, id);
  const url = await allowedUrl(deps, input.url);
  // The secret first: a destination without one could not be signed for.
  const secret = await makeSecret(deps, scope, id);
  try {
    const destination = await ledger(deps, scope).insertDestination({ ...input, id, url });
    return { destination, secret };
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict")
      await commit(deps.directory, [eraseSecrets(deps, scope, id)]);
    throw error;
  }
}

/** One for all tries of a call: another may have died after this, or be under way just now. */
async function makeSecret(deps: Deps, scope: Scope, id: string): Promise<string> {
  const place = { ownerId: id, field: "signing_secret" as const, version: FIRST_VERSION };
  const sealed = await sealSecret(deps, scope, { ...place, value: newSigningSecret() });
  await commit(deps.directory, [insertSecretOnce(deps, sealed)]);
  const [present] = await findSigningSecrets(deps, scope, id);
  if (present?.version === FIRST_VERSION) return openSecret(deps, present);
  const detail = "Another try of this call was faster, and what it made has been changed or deleted since.";
  throw new AppError("conflict", { detail });
}

/** The answer that showed the secret was lost: it is shown again, but never one that somebody has made since. */
async function shownAgain(deps: Deps, scope: Scope, id: string): Promise<DestinationWithSecret> {
  const destination = await ledger(deps, scope).getDestinationView({ id });
  const [present] = await findSigningSecrets(deps, scope, id);
  if (present?.version === FIRST_VERSION) return { destination, secret: await openSecret(deps, present) };
  const detail = `An earlier try of this call made the event destination '${id}', whose secret was rotated since. For another destination, call with a new Idempotency-Key.`;
  throw new AppError("conflict", { detail });
}

/** The address as it will be called. @throws AppError `validation_failed`, `resolver_unavailable` */
export async function allowedUrl(deps: Deps, text: string): Promise<string> {
  const checked = await checkAddress(deps.config, text);
  if (!checked.ok) throw invalid("url", checked.reason);
  return checked.url;
}
