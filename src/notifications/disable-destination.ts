// Switches a destination off that does not take what it gets: with the reason on it, an entry in the audit
// log, and word to the environment's other destinations. Of several tries that come to it at once, one does it.

import { type SQL, sql } from "drizzle-orm";
import { auditEntry } from "../platform/audit.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { announce } from "./announce.ts";
import { DISABLE_AFTER_MS, type DisableReason, reasonText } from "./delivery-state.ts";
import { failPending } from "./delivery-store.ts";
import { type DestinationRow, updateDestination } from "./destination-store.ts";

/**
 * The statements that switch it off, unless it has taken something meanwhile or has another address by now;
 * what was still to be sent has failed, and can be recovered once it is on again.
 * @param destination as it was when it was tried
 */
export function disableDestination(
  deps: Deps,
  scope: Scope,
  destination: DestinationRow,
  reason: DisableReason,
): Statement[] {
  const database = deps.database(scope);
  const now = deps.now();
  const { id, url } = destination;
  const still = reason === "gone" ? sql`url = ${url}` : sql`failing_since_ms <= ${now - DISABLE_AFTER_MS}`;
  const fits = is(scope, id, sql`is_active AND ${still}`);
  const act = {
    action: "event_destination.disabled",
    object: "event_destination",
    objectId: id,
    detail: { reason: reasonText(reason) },
    when: fits,
  } as const;
  const told = {
    type: "event_destination.disabled",
    key: `${id}/${now}`,
    object: { kind: "event_destination", id },
    when: fits,
  } as const;
  const set = { isActive: false, disabledReason: reasonText(reason), updatedAtMs: now };
  const words = `The destination was switched off. ${reasonText(reason)}`;
  return [
    announce(database, scope, told, now),
    auditEntry(database, deps, scope, act),
    updateDestination(database, scope, id, set, fits),
    failPending(database, scope, id, words, now, is(scope, id, sql`NOT is_active`)),
  ];
}

function is(scope: Scope, id: string, condition: SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM event_destinations
    WHERE environment_id = ${scope.environmentId} AND id = ${id} AND ${condition})`;
}
