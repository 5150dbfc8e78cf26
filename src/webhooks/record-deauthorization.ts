// The account's owner has taken the access back at Stripe. A connection by Stripe Connect is disconnected at once, and
// its history stays; one by a key says so, since the key is another matter. Twice changes nothing.

import { announceDisconnected, announceUpdated } from "../connections/announce-connection.ts";
import { askStripe } from "../connections/ask-stripe.ts";
import { commitConnection } from "../connections/commit-connection.ts";
import { type ConnectionRow, findConnection, findLiveConnection } from "../connections/store.ts";
import { tellLedger } from "../connections/tell-ledger.ts";
import { setErrorDetail, updateConnectionRow } from "../connections/write-connection.ts";
import { auditEntry } from "../directory/audit.ts";
import { eraseSecrets } from "../directory/secret-store.ts";
import type { EventReading } from "../ledger/events/arrived-event.ts";
import { AppError } from "../platform/app-error.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { DeauthorizedFact } from "./facts.ts";
import { accountsOf, type SignedEvent } from "./signed-event.ts";

const DEAUTHORIZED =
  "The account's owner has taken the access back at Stripe: nothing can be done there any more. Connect it again.";
const BEFORE: EventReading = { ignored: "before_connection", detail: "The access was given again since." };

type Place = Scope & { connectionId: string };

/** @throws AppError `database_unavailable`; `conflict` where the connection is changed meanwhile; all retryable */
export async function recordDeauthorization(
  deps: Deps,
  place: Place,
  event: Pick<SignedEvent, "id" | "livemode" | "account" | "context">,
  fact: DeauthorizedFact,
): Promise<EventReading> {
  const live = await findLiveConnection(deps, place);
  const row = (live ?? (await findConnection(deps, place, place.connectionId)))?.row;
  // What of a connection that is gone is decided, and said, by the ledger; and so is the mode.
  if (!row || event.livemode !== row.livemode) return { facts: [] };
  if ([fact.accountId, ...accountsOf(event)].some((id) => id !== row.accountId))
    return { ignored: "other_account", detail: "The event is of another Stripe account." };
  const done: EventReading = { changes: [{ object: "connection", id: row.id }] };
  const asStripe: Deps = { ...deps, actor: { kind: "stripe", id: event.id, ip: null } };
  if (row.authType === "api_key") {
    if (!live || !row.isActive) return { facts: [] };
    if (fact.occurredAtMs + 1000 <= row.createdAtMs) return BEFORE;
    await noteOnKey(asStripe, place, row);
    return done;
  }
  if (!live) return done;
  if (await wasGivenAgain(deps, place, row, fact.occurredAtMs)) return BEFORE;
  await disconnectDeauthorized(asStripe, place, row);
  return done;
}

/** Stripe's times have seconds only: within the second in which it was connected, Stripe is asked. */
async function wasGivenAgain(
  deps: Deps,
  scope: Scope,
  { createdAtMs }: ConnectionRow,
  occurredAtMs: number,
): Promise<boolean> {
  if (occurredAtMs + 1000 <= createdAtMs) return true;
  if (occurredAtMs > createdAtMs) return false;
  try {
    return (await askStripe(deps, scope, (stripe) => stripe.accounts.retrieveCurrent())) !== null;
  } catch (error) {
    const isOver =
      error instanceof AppError &&
      ["stripe_authentication_failed", "connection_disabled"].includes(error.code);
    if (isOver) return false;
    throw error;
  }
}

async function disconnectDeauthorized(deps: Deps, scope: Scope, row: ConnectionRow): Promise<void> {
  const disconnected = { isActive: false, disconnectedAtMs: deps.now(), errorDetail: DEAUTHORIZED };
  const statements = [
    updateConnectionRow(deps, scope, row.id, disconnected),
    eraseSecrets(deps, scope, row.id),
    audit(deps, scope, row),
  ];
  await commitConnection(deps, scope, row.id, statements, {
    announcement: announceDisconnected(deps, scope, row.id),
  });
}

async function noteOnKey(deps: Deps, scope: Scope, row: ConnectionRow): Promise<void> {
  await commit(deps.directory, [
    setErrorDetail(deps, scope, row.id, DEAUTHORIZED),
    audit(deps, scope, row),
    announceUpdated(deps, scope, row.id),
  ]);
  await tellLedger(deps, scope);
}

function audit(deps: Deps, scope: Scope, { id: objectId, accountId: account }: ConnectionRow): Statement {
  return auditEntry(deps, scope, {
    action: "connection.deauthorized",
    object: "connection",
    objectId,
    detail: { account },
  });
}
