// Events that did not come through the door, but were fetched from Stripe. They go on the queue like any other; what
// was processed before stays as it is.

import type Stripe from "stripe";
import { ledger } from "../ledger/client.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { enqueueEvents } from "./enqueue-events.ts";
import type { SignedEvent } from "./signed-event.ts";

/** A webhook is delivered and processed within moments; a younger event was not missed yet. */
export const ON_THEIR_WAY_MS = 5 * 60 * 1000;

/**
 * Takes in events that were fetched from Stripe with the connection's own key, in their order, except those that
 * are known already.
 * @param maxLarge stops before more than so many are too large for the queue
 * @returns how many were missed: not known, and too old to be on their way here as webhooks; how many of `events`
 * are done with, and how many of them were too large for the queue
 * @throws AppError retryable when the database or the queue does not answer
 */
export async function takeInEvents(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  events: readonly Pick<Stripe.Event, "id" | "created">[],
  maxLarge?: number,
): Promise<{ missed: number; taken: number; large: number }> {
  // Stripe's own type says less of `data` than the shape that is checked at the door.
  const fetched = events as unknown as SignedEvent[];
  const { news, ...done } = await takeInUnknown(deps, scope, connectionId, fetched, maxLarge);
  const missed = news.filter(({ created }) => created * 1000 < deps.now() - ON_THEIR_WAY_MS).length;
  return { missed, ...done };
}

/** The same; `news` are those that were not known. */
export async function takeInUnknown(
  deps: Deps,
  scope: Scope,
  connectionId: string,
  events: readonly SignedEvent[],
  maxLarge?: number,
): Promise<{ news: SignedEvent[]; taken: number; large: number }> {
  const ids = events.map(({ id }) => id);
  const found = ids.length === 0 ? [] : await ledger(deps, scope).findKnownEvents({ ids });
  const known = new Map(found.map(({ id, state }) => [id, state]));
  // One that was set aside and cannot be read any more is taken in again, though it is no news.
  const wanted = events.filter(({ id }) => known.get(id) !== "done");
  const texts = wanted.map((event) => JSON.stringify(event));
  const from = { connectionId, source: "reconciliation" as const };
  const sent = await enqueueEvents(deps, scope, from, texts, maxLarge);
  const next = wanted[sent.taken];
  return {
    news: wanted.slice(0, sent.taken).filter(({ id }) => !known.has(id)),
    taken: next === undefined ? events.length : events.indexOf(next),
    large: sent.large,
  };
}
