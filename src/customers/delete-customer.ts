// Deletes a customer: its personal data are erased wherever they are kept, in one commit; its row stays, since
// its invoices are history. Where customers are sent to Stripe, a job takes it away there too.

import { enqueueInserted, insertWork } from "../http/outbox-statements.ts";
import { announce } from "../platform/announce.ts";
import { AppError } from "../platform/app-error.ts";
import { auditEntry } from "../platform/audit.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { eraseMessages } from "../platform/erase-messages.ts";
import { takeTurns } from "../platform/take-turns.ts";
import { getCustomer } from "./create-customer.ts";
import type { CustomerWork } from "./customer-work.ts";
import { isOutbound, syncWork } from "./outbound.ts";
import { type CustomerRow, eraseCustomer } from "./store.ts";
import { dropSyncJobs } from "./sync-store.ts";
import { beingChanged, TURNS } from "./update-customer.ts";

/**
 * @throws AppError `not_found`; `conflict` while it has invoices that are drafts or open, and (retryable) when
 * it was changed or billed again and again between our look and the commit
 */
export async function deleteCustomer(
  deps: Deps,
  scope: Scope,
  id: string,
  work: CustomerWork,
): Promise<void> {
  await takeTurns(TURNS, beingChanged(id), () => deleteOnce(deps, scope, id, work));
}

async function deleteOnce(deps: Deps, scope: Scope, id: string, work: CustomerWork): Promise<void> {
  const known = await getCustomer(deps, scope, id);
  const reason = await work.explainBusy(deps, scope, id);
  if (reason !== null) throw new AppError("conflict", { detail: reason });
  const [database, now] = [deps.database(scope), deps.now()];
  const outgoing = (await isToGoAtStripe(deps, scope, known)) ? [syncWork(id, known.revision + 1)] : [];
  const object = { kind: "customer" as const, id };
  await commit(database, [
    eraseCustomer(database, known, work.isBusy(scope, id), outgoing.length > 0 ? "pending" : "off", now),
    ...work.erase(database, scope, id, now),
    eraseMessages(database, scope, "customer", id),
    dropSyncJobs(database, id),
    ...outgoing.map((one) => insertWork(database, one, now)),
    announce(database, scope, { type: "customer.deleted", key: id, object }, now),
    auditEntry(database, deps, scope, { action: "customer.deleted", object: "customer", objectId: id }),
  ]);
  if (outgoing.length > 0) await enqueueInserted(deps, scope);
}

/** A creation that was begun may have been executed unheard. */
async function isToGoAtStripe(deps: Deps, scope: Scope, known: CustomerRow): Promise<boolean> {
  if (known.stripeCustomerId === null && known.stripeCreation === null) return false;
  return isOutbound(deps, scope);
}
