// Takes in a new event destination: its address checked, its signing secret made and sealed. The secret is
// in the answer to this call and nowhere else.

import { insertSecretOnce, openSecret, sealSecret } from "../directory/secret-store.ts";
import { AppError, invalid } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { idOfCall } from "../platform/call-id.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { checkAddress } from "./check-address.ts";
import {
  countDestinations,
  type DestinationRow,
  findDestination,
  findSigningSecrets,
  insertDestination,
} from "./destination-store.ts";
import type { NotificationType } from "./notification-types.ts";
import { newSigningSecret } from "./sign-message.ts";

// Each message is fanned out in one commit.
const MAX_DESTINATIONS = 20;

const FIRST_VERSION = 1;

/** The secret is in clear, to be shown this once. */
export type DestinationWithSecret = { destination: DestinationRow; secret: string };

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
  const { id, made } = await idOfCall(deps, "dest", (id) => findDestination(deps, scope, id));
  if (made) return shownAgain(deps, scope, made);
  const url = await allowedUrl(deps, input.url);
  if ((await countDestinations(deps, scope)) >= MAX_DESTINATIONS) {
    const detail = `An environment has at most ${MAX_DESTINATIONS} event destinations. Delete one first.`;
    throw new AppError("conflict", { detail });
  }
  const now = deps.now();
  const destination: DestinationRow = {
    environmentId: scope.environmentId,
    id,
    tenantId: scope.tenantId,
    url,
    eventTypes: input.eventTypes,
    description: input.description,
    isActive: true,
    disabledReason: null,
    failingSinceMs: null,
    createdAtMs: now,
    updatedAtMs: now,
  };
  // The secret first: a destination without one could not be signed for.
  const secret = await makeSecret(deps, scope, id);
  const database = deps.database(scope);
  await commit(database, [
    insertDestination(database, destination),
    auditEntry(database, deps, scope, {
      action: "event_destination.created",
      object: "event_destination",
      objectId: destination.id,
      detail: { host: new URL(url).host },
    }),
  ]);
  return { destination, secret };
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
async function shownAgain(deps: Deps, scope: Scope, made: DestinationRow): Promise<DestinationWithSecret> {
  const [present] = await findSigningSecrets(deps, scope, made.id);
  if (present?.version === FIRST_VERSION)
    return { destination: made, secret: await openSecret(deps, present) };
  const detail = `An earlier try of this call made the event destination '${made.id}', whose secret was rotated since. For another destination, call with a new Idempotency-Key.`;
  throw new AppError("conflict", { detail });
}

/** The address as it will be called. @throws AppError `validation_failed`, `resolver_unavailable` */
export async function allowedUrl(deps: Deps, text: string): Promise<string> {
  const checked = await checkAddress(deps.config, text);
  if (!checked.ok) throw invalid("url", checked.reason);
  return checked.url;
}
