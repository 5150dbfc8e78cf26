// Switches a destination off that does not take what it gets: with the reason on it, an entry in the audit
// log, and word to the environment's other destinations.

import { auditEntry } from "../platform/audit.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announce } from "./announce.ts";
import { failPending } from "./delivery-store.ts";
import { type DestinationRow, updateDestination } from "./destination-store.ts";

/** The statements that switch it off; what was still to be sent has failed, and can be retried by hand. */
export function disableDestination(
  deps: Deps,
  scope: Scope,
  destination: DestinationRow,
  reason: string,
): Statement[] {
  const database = deps.database(scope);
  const now = deps.now();
  return [
    updateDestination(database, scope, destination.id, {
      isActive: false,
      disabledReason: reason,
      updatedAtMs: now,
    }),
    failPending(database, scope, destination.id, `The destination was switched off. ${reason}`, now),
    auditEntry(database, deps, scope, {
      action: "event_destination.disabled",
      object: "event_destination",
      objectId: destination.id,
      detail: { reason },
    }),
    announce(
      database,
      scope,
      {
        type: "event_destination.disabled",
        // One failure, one word of it, should two tries come to this at once.
        key: `${destination.id}/${destination.failingSinceMs ?? now}`,
        object: { kind: "event_destination", id: destination.id },
      },
      now,
    ),
  ];
}
