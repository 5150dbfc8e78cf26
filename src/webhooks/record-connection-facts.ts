// Facts about the connection's own account go into the directory: its state, and that its owner has taken our access
// back. Another account's facts change nothing. To write one again changes nothing either.

import { accountIsNews, announceUpdated } from "../connections/announce-connection.ts";
import { findLiveConnection, mergeAccountState, setErrorDetail } from "../connections/store.ts";
import { tellLedger } from "../connections/tell-ledger.ts";
import { auditEntry } from "../directory/audit.ts";
import type { EventReading } from "../ledger/events/arrived-event.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { AccountFact, DeauthorizedFact, Fact } from "./facts.ts";
import { accountsOf, type SignedEvent } from "./signed-event.ts";

const DEAUTHORIZED =
  "The account's owner has taken the access back at Stripe: nothing can be done there any more. Connect it again.";

/** Null where none of the facts is about the connection. @throws AppError `database_unavailable` */
export async function recordConnectionFacts(
  deps: Deps,
  message: Scope,
  event: Pick<SignedEvent, "id" | "livemode" | "account" | "context">,
  facts: readonly Fact[],
): Promise<EventReading | null> {
  const fact = facts.find(isOfConnection);
  if (!fact) return null;
  const row = (await findLiveConnection(deps, message))?.row;
  const accountId = fact.kind === "account" ? fact.state.id : fact.accountId;
  // What of a connection that is off or gone is decided, and said, by the ledger.
  if (!row?.isActive || event.livemode !== row.livemode) return { facts: [] };
  if ([accountId, ...accountsOf(event)].some((id) => id !== row.accountId))
    return { ignored: "other_account", detail: "The event is of another Stripe account." };
  // Stripe's times have seconds only. Whoever has connected again since has given the access again.
  if (fact.kind === "deauthorized" && fact.occurredAtMs + 1000 <= row.createdAtMs)
    return { ignored: "before_connection", detail: "The access was given again since." };
  const asStripe: Deps = { ...deps, actor: { kind: "stripe", id: event.id, ip: null } };
  await commit(deps.directory, statements(asStripe, message, row.id, fact));
  await tellLedger(asStripe, message);
  return { changes: [{ object: "connection", id: row.id }] };
}

function statements(
  deps: Deps,
  message: Scope,
  connectionId: string,
  fact: AccountFact | DeauthorizedFact,
): Statement[] {
  if (fact.kind === "account") {
    const { state, occurredAtMs } = fact;
    return [
      announceUpdated(deps, message, connectionId, accountIsNews(message, connectionId, state, occurredAtMs)),
      mergeAccountState(deps, message, connectionId, state, occurredAtMs),
    ];
  }
  return [
    setErrorDetail(deps, message, connectionId, DEAUTHORIZED),
    auditEntry(deps, message, {
      action: "connection.deauthorized",
      object: "connection",
      objectId: connectionId,
      detail: { account: fact.accountId },
    }),
    announceUpdated(deps, message, connectionId),
  ];
}

function isOfConnection(fact: Fact): fact is AccountFact | DeauthorizedFact {
  return fact.kind === "account" || fact.kind === "deauthorized";
}
