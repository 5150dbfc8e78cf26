// Brings events that waited: what they are about has just become known.

import type { ArrivedEvent, WaitingEvent } from "../ledger/events/arrived-event.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { toScope } from "../platform/scope.ts";
import { arrive } from "./arrive.ts";
import { fetchEvent } from "./fetch-event.ts";
import { readSignedEvent } from "./signed-event.ts";

/**
 * Events that had waited for what another made known, each once.
 * @param woken those that were brought before
 */
export async function wakeEvents(
  deps: Deps,
  scope: Scope,
  ready: readonly WaitingEvent[],
  woken: Set<string>,
): Promise<ArrivedEvent[]> {
  const fresh = ready.filter(({ id }) => !woken.has(id));
  for (const { id } of fresh) woken.add(id);
  return Promise.all(
    fresh.map(async ({ id: eventId, payload, ...receipt }) => {
      const whole = await findWhole(deps, scope, eventId, payload);
      const message = { ...toScope(scope), ...receipt, eventId, body: whole ?? payload };
      return { ...(await arrive(deps, message)), payload: whole };
    }),
  );
}

/**
 * A charge that waited was kept without its receipt, an invoice without its page, which would have shown somebody else's
 * payer: now that it is ours, Stripe is asked for the whole event. Where that cannot be had, it is read as it was kept.
 */
async function findWhole(deps: Deps, scope: Scope, id: string, kept: string): Promise<string | null> {
  const event = readSignedEvent(kept);
  if (!event || !/^(charge\.succeeded|invoice\..*)$/.test(event.type)) return null;
  return fetchEvent(deps, scope, id).catch(() => null);
}
