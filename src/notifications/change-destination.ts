// Changes, switches on or off, and deletes an event destination.

import { eraseSecrets } from "../directory/secret-store.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { AuditDetail } from "../platform/tables/calls.ts";
import { allowedUrl } from "./create-destination.ts";
import { failPending } from "./delivery-store.ts";
import {
  type DestinationRow,
  deleteDestinationRow,
  getDestination,
  updateDestination,
} from "./destination-store.ts";
import type { NotificationType } from "./notification-types.ts";

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
): Promise<DestinationRow> {
  const present = await getDestination(deps, scope, id);
  const url = change.url === undefined ? undefined : await allowedUrl(deps, change.url);
  const now = deps.now();
  const set: Partial<DestinationRow> = {
    ...(url === undefined || url === present.url ? {} : { url, failingSinceMs: null }),
    ...(change.eventTypes === undefined ? {} : { eventTypes: change.eventTypes }),
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.isActive === undefined ? {} : { isActive: change.isActive, disabledReason: null }),
    ...(change.isActive === true ? { failingSinceMs: null } : {}),
    updatedAtMs: now,
  };
  const database = deps.database(scope);
  const off = change.isActive === false;
  await commit(database, [
    updateDestination(database, scope, id, set),
    ...(off ? [failPending(database, scope, id, "The destination was switched off.", now)] : []),
    entry(deps, scope, id, "event_destination.changed", detailOf(present, { ...present, ...set })),
  ]);
  return getDestination(deps, scope, id);
}

/** Its secrets go with it, and nothing more is sent. @throws AppError `not_found` */
export async function deleteDestination(deps: Deps, scope: Scope, id: string): Promise<void> {
  const present = await getDestination(deps, scope, id);
  // The secrets first: should the rest fail, the same call again finds the destination and goes on.
  await commit(deps.directory, [eraseSecrets(deps, scope, id)]);
  const database = deps.database(scope);
  await commit(database, [
    deleteDestinationRow(database, scope, id),
    failPending(database, scope, id, "The destination was deleted.", deps.now()),
    entry(deps, scope, id, "event_destination.deleted", { host: new URL(present.url).host }),
  ]);
}

function entry(
  deps: Deps,
  scope: Scope,
  objectId: string,
  action: `event_destination.${string}`,
  detail: AuditDetail,
): Statement {
  return auditEntry(deps.database(scope), deps, scope, {
    action,
    object: "event_destination",
    objectId,
    detail,
  });
}

// Hosts only: a path or a query may hold the receiver's own token.
function detailOf(from: DestinationRow, to: DestinationRow): AuditDetail {
  const types = (row: DestinationRow) => row.eventTypes?.join(", ") ?? "all";
  return {
    ...(from.url === to.url ? {} : { host: { from: new URL(from.url).host, to: new URL(to.url).host } }),
    ...(types(from) === types(to) ? {} : { event_types: { from: types(from), to: types(to) } }),
    ...(from.isActive === to.isActive ? {} : { is_active: { from: from.isActive, to: to.isActive } }),
  };
}
