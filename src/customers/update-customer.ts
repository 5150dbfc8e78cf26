// Changes a customer. What is not named stays as it is; where customers are sent to Stripe, the change is
// written there by a job of the same commit.

import { enqueueInserted, insertWork } from "../http/outbox-statements.ts";
import { type CustomerChange, type CustomerInput, changeOf } from "../ledger/customers/customer-state.ts";
import { announce } from "../platform/announce.ts";
import { invalid } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { takeTurns } from "../platform/take-turns.ts";
import { getCustomer } from "./create-customer.ts";
import { isOutbound, syncWork } from "./outbound.ts";
import { type CustomerRow, changeCustomer } from "./store.ts";

// Stripe's limit (https://docs.stripe.com/api/metadata).
const MOST_KEYS = 50;

/** Of so many changes at the same moment, each has its turn. */
export const TURNS = 20;

/**
 * @throws AppError `not_found`; `validation_failed` when the metadata would have too many keys; `conflict`
 * (retryable) when it was changed again and again between the reading and the commit
 */
export async function updateCustomer(
  deps: Deps,
  scope: Scope,
  id: string,
  input: CustomerInput,
): Promise<CustomerRow> {
  return takeTurns(TURNS, beingChanged(id), () => updateOnce(deps, scope, id, input));
}

/** What a caller is told who has lost each turn. */
export function beingChanged(id: string): string {
  return `Customer '${id}' is being changed by others all the time. Nothing was done: try again in a moment.`;
}

async function updateOnce(deps: Deps, scope: Scope, id: string, input: CustomerInput): Promise<CustomerRow> {
  const known = await getCustomer(deps, scope, id);
  const change = changeOf(known, input);
  if (Object.keys(change.metadata ?? {}).length > MOST_KEYS)
    throw invalid("metadata", `With what is there already, that is more than ${MOST_KEYS} keys.`);
  const outbound = await isOutbound(deps, scope);
  const names = Object.keys(change);
  // One that is not at Stripe, because it was refused or was made before, is sent there though nothing changes.
  const isBehind = outbound && (known.syncStatus === "failed" || known.syncStatus === "off");
  if (names.length === 0 && !isBehind) return known;

  const [database, now] = [deps.database(scope), deps.now()];
  const revision = known.revision + 1;
  const sync = { syncStatus: outbound ? ("pending" as const) : ("off" as const), syncError: null };
  const work = outbound ? [syncWork(id, revision)] : [];
  await commit(database, [
    changeCustomer(database, known, { ...change, ...sync, updatedAtMs: now }),
    ...(names.length > 0 ? told(deps, scope, id, revision, names) : []),
    ...work.map((one) => insertWork(database, one, now)),
  ]);
  if (work.length > 0) await enqueueInserted(deps, scope);
  return getCustomer(deps, scope, id);
}

/** Tells the platform of a change; each revision is one cause. */
export function announceUpdated(deps: Deps, scope: Scope, id: string, revision: number): Statement {
  const object = { kind: "customer" as const, id };
  const announcement = { type: "customer.updated" as const, key: `${id}/${revision}`, object };
  return announce(deps.database(scope), scope, announcement, deps.now());
}

/** The names alone: the audit log outlives the customer's data. */
function told(
  deps: Deps,
  scope: Scope,
  id: string,
  revision: number,
  names: (keyof CustomerChange | string)[],
) {
  const act = {
    action: "customer.updated",
    object: "customer",
    objectId: id,
    detail: { changed: names.join(", ") },
  } as const;
  return [announceUpdated(deps, scope, id, revision), auditEntry(deps.database(scope), deps, scope, act)];
}
