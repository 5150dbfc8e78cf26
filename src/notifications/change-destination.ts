// Changes and deletes an event destination: what has to be asked outside first, then the ledger.

import { eraseSecrets } from "../directory/secret-store.ts";
import { ledger } from "../ledger/client.ts";
import type { DestinationView } from "../ledger/notifications/destination-view.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import type { NotificationType } from "../platform/notification-types.ts";
import { allowedUrl } from "./create-destination.ts";

export type DestinationChange = {
  url?: string | undefined;
  eventTypes?: NotificationType[] | null | undefined;
  description?: string | null | undefined;
  isActive?: boolean | undefined;
};

/**
 * Switched off, it gets nothing: what was still to be sent has failed, and what comes meanwhile is kept as
 * failed; all of it can be recovered once it is on again. Switched on, or at a new address, it begins with a
 * clean slate.
 * @throws AppError `not_found`, `validation_failed` for the address, `resolver_unavailable` (retryable)
 */
export async function changeDestination(
  deps: Deps,
  scope: Scope,
  id: string,
  change: DestinationChange,
): Promise<DestinationView> {
  if (change.url === undefined) return ledger(deps, scope).updateDestination({ id, ...change });
  await ledger(deps, scope).getDestination({ id });
  const url = await allowedUrl(deps, change.url);
  return ledger(deps, scope).updateDestination({ id, ...change, url });
}

/** Its secrets go with it, and nothing more is sent. @throws AppError `not_found` */
export async function deleteDestination(deps: Deps, scope: Scope, id: string): Promise<void> {
  await ledger(deps, scope).getDestination({ id });
  // The secrets first: should the rest fail, the same call again finds the destination and goes on.
  await commit(deps.directory, [eraseSecrets(deps, scope, id)]);
  await ledger(deps, scope).removeDestination({ id });
  // One that was made while it was still there; it is deleted, whatever becomes of this.
  await commit(deps.directory, [eraseSecrets(deps, scope, id)]).catch((error: unknown) => {
    deps.log.warn("secrets of a deleted destination left", { destination: id, error: errorText(error) });
  });
}
