// Takes in a new event destination: its address checked, its signing secret made and sealed. The secret is
// in the answer to this call and nowhere else.

import { AppError, invalid } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { insertSecret, sealSecret } from "../platform/secret-store.ts";
import { checkAddress } from "./check-address.ts";
import { countDestinations, type DestinationRow, insertDestination } from "./destination-store.ts";
import type { NotificationType } from "./notification-types.ts";
import { newSigningSecret } from "./sign-message.ts";

// Each message is fanned out in one commit.
const MAX_DESTINATIONS = 20;

/** The secret is in clear, to be shown this once. */
export type DestinationWithSecret = { destination: DestinationRow; secret: string };

/**
 * @throws AppError `validation_failed` for an address that is not allowed, `resolver_unavailable`
 * (retryable), `conflict` when there are 20 already
 */
export async function createDestination(
  deps: Deps,
  scope: Scope,
  input: { url: string; eventTypes: NotificationType[] | null; description: string | null },
): Promise<DestinationWithSecret> {
  const url = await allowedUrl(deps, input.url);
  if ((await countDestinations(deps, scope)) >= MAX_DESTINATIONS) {
    const detail = `An environment has at most ${MAX_DESTINATIONS} event destinations. Delete one first.`;
    throw new AppError("conflict", { detail });
  }
  const now = deps.now();
  const destination: DestinationRow = {
    environmentId: scope.environmentId,
    id: newId("dest"),
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
  const secret = newSigningSecret();
  const place = { ownerId: destination.id, field: "signing_secret" as const, version: 1 };
  const sealed = await sealSecret(deps, scope, { ...place, value: secret });
  const database = deps.database(scope);
  await commit(database, [
    insertDestination(database, destination),
    insertSecret(deps, sealed),
    auditEntry(database, deps, scope, {
      action: "event_destination.created",
      object: "event_destination",
      objectId: destination.id,
      detail: { host: new URL(url).host },
    }),
  ]);
  return { destination, secret };
}

/** The address as it will be called. @throws AppError `validation_failed`, `resolver_unavailable` */
export async function allowedUrl(deps: Deps, text: string): Promise<string> {
  const checked = await checkAddress(deps.config, text);
  if (!checked.ok) throw invalid("url", checked.reason);
  return checked.url;
}
