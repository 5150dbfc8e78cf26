// Turns facts about the connection's own account into the statements of their commit: its state, and that its
// owner has taken our access back. Another account's facts change nothing.

import { accountIsNews, announceUpdated } from "../connections/announce-connection.ts";
import { findLiveConnection, mergeAccountState, setErrorDetail } from "../connections/store.ts";
import { auditEntry } from "../platform/audit.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps } from "../platform/deps.ts";
import type { StripeEventMessage } from "../platform/jobs.ts";
import type { AccountFact, DeauthorizedFact, Fact } from "./facts.ts";
import { type Decision, ignored } from "./record-facts.ts";

/**
 * Null where none of the facts is about the connection.
 * @param deps with Stripe's event as the actor: the audit log names it
 */
export async function recordConnectionFacts(
  deps: Deps,
  message: StripeEventMessage,
  facts: readonly Fact[],
): Promise<Decision | null> {
  const fact = facts.find(isOfConnection);
  if (!fact) return null;
  const row = (await findLiveConnection(deps, message))?.row;
  const accountId = fact.kind === "account" ? fact.state.id : fact.accountId;
  if (!row || row.accountId !== accountId)
    return ignored("other_account", "The event is of another Stripe account.");
  // Stripe's times have seconds only. Whoever has connected again since has given the access again.
  if (fact.kind === "deauthorized" && fact.occurredAtMs + 1000 <= row.createdAtMs)
    return ignored("before_connection", "The access was given again since.");

  const statements = fact.kind === "account" ? accountStatements() : deauthorizedStatements();
  return {
    outcome: {
      status: "processed",
      reason: null,
      detail: null,
      changes: [{ object: "connection", id: row.id }],
      invoiceId: null,
      waitsFor: null,
    },
    statements: [],
    directory: statements,
    invoiceIds: [],
  };

  function accountStatements(): Statement[] {
    const { state, occurredAtMs } = fact as AccountFact;
    const isNews = accountIsNews(message, message.connectionId, state, occurredAtMs);
    return [
      announceUpdated(deps, message, message.connectionId, isNews),
      mergeAccountState(deps, message, message.connectionId, state, occurredAtMs),
    ];
  }

  function deauthorizedStatements(): Statement[] {
    const words =
      "The account's owner has taken the access back at Stripe: nothing can be done there any more. Connect it again.";
    const act = {
      action: "connection.deauthorized",
      object: "connection",
      objectId: message.connectionId,
      detail: { account: accountId },
    } as const;
    return [
      setErrorDetail(deps, message, message.connectionId, words),
      auditEntry(deps.directory, deps, message, act),
      announceUpdated(deps, message, message.connectionId),
    ];
  }
}

function isOfConnection(fact: Fact): fact is AccountFact | DeauthorizedFact {
  return fact.kind === "account" || fact.kind === "deauthorized";
}
