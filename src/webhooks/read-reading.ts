// What an event tells, as the ledger is brought it: what of it is the directory's is written there, so that only the
// rest is left.

import type { EventReading } from "../ledger/events/arrived-event.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { Fact } from "./facts.ts";
import { interpretEvent } from "./interpret-event.ts";
import { recordConnectionFacts } from "./record-connection-facts.ts";
import { accountsOf, type SignedEvent } from "./signed-event.ts";

/** @throws AppError `database_unavailable` (retryable) */
export async function readReading(
  deps: Deps,
  place: Scope & { connectionId: string },
  event: SignedEvent,
): Promise<EventReading> {
  if (accountsOf(event).length > 1)
    return { ignored: "other_account", detail: "The event names two Stripe accounts." };
  const interpretation = interpretEvent({ ...event, api_version: event.api_version ?? null });
  if (interpretation.outcome === "ignored")
    return { ignored: interpretation.reason, detail: interpretation.detail };
  const { facts } = interpretation;
  return (await recordConnectionFacts(deps, place, event, facts)) ?? { facts: facts.filter(isOfLedger) };
}

function isOfLedger(fact: Fact): fact is Exclude<Fact, { kind: "account" | "deauthorized" }> {
  return fact.kind !== "account" && fact.kind !== "deauthorized";
}
