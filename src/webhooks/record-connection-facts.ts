// Facts about the connection's own account go into the directory: its state, and that its owner has taken our access
// back. Another account's facts change nothing. To write one again changes nothing either.

import { accountIsNews, announceUpdated } from "../connections/announce-connection.ts";
import { findLiveConnection } from "../connections/store.ts";
import { tellLedger } from "../connections/tell-ledger.ts";
import { mergeAccountState } from "../connections/write-connection.ts";
import type { EventReading } from "../ledger/events/arrived-event.ts";
import { commit, type Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { AccountFact, DeauthorizedFact, Fact } from "./facts.ts";
import { recordDeauthorization } from "./record-deauthorization.ts";
import { accountsOf, type SignedEvent } from "./signed-event.ts";

/** Null where none of the facts is about the connection. @throws AppError `database_unavailable` */
export async function recordConnectionFacts(
  deps: Deps,
  message: Scope & { connectionId: string },
  event: Pick<SignedEvent, "id" | "livemode" | "account" | "context">,
  facts: readonly Fact[],
): Promise<EventReading | null> {
  const fact = facts.find(isOfConnection);
  if (!fact) return null;
  if (fact.kind === "deauthorized") return recordDeauthorization(deps, message, event, fact);
  const row = (await findLiveConnection(deps, message))?.row;
  // What of a connection that is off or gone is decided, and said, by the ledger.
  if (!row?.isActive || event.livemode !== row.livemode) return { facts: [] };
  if ([fact.state.id, ...accountsOf(event)].some((id) => id !== row.accountId))
    return { ignored: "other_account", detail: "The event is of another Stripe account." };
  const asStripe: Deps = { ...deps, actor: { kind: "stripe", id: event.id, ip: null } };
  await commit(deps.directory, statements(asStripe, message, row.id, fact));
  await tellLedger(asStripe, message);
  return { changes: [{ object: "connection", id: row.id }] };
}

function statements(
  deps: Deps,
  message: Scope,
  connectionId: string,
  { state, occurredAtMs }: AccountFact,
): Statement[] {
  return [
    announceUpdated(deps, message, connectionId, accountIsNews(message, connectionId, state, occurredAtMs)),
    mergeAccountState(deps, message, connectionId, state, occurredAtMs),
  ];
}

function isOfConnection(fact: Fact): fact is AccountFact | DeauthorizedFact {
  return fact.kind === "account" || fact.kind === "deauthorized";
}
