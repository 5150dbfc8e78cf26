// What a change of the connection starts in rooms to the left, which this one may not import: app.ts and
// the dashboard pass it in. Types only.

import type Stripe from "stripe";
import type { Deps, Scope } from "../platform/deps.ts";

export type ConnectionWork = {
  /**
   * Switches the environment's open payment links off at Stripe, while the key still works.
   * @returns sentences about what stays payable; empty when all is done
   */
  deactivateOpenLinks: (deps: Deps, scope: Scope, connectionId: string, stripe: Stripe) => Promise<string[]>;
  /** Decides again the events that came while the connection was off. */
  rerunSetAsideEvents: (deps: Deps, scope: Scope, connectionId: string) => Promise<void>;
  /** Fetches what Stripe has and we have not, by the queue. */
  reconcile: (deps: Deps, scope: Scope, connectionId: string) => Promise<void>;
  /** Takes events in that were fetched from Stripe, except those known already; returns how many were missed. */
  takeInEvents: (
    deps: Deps,
    scope: Scope,
    connectionId: string,
    events: readonly Stripe.Event[],
  ) => Promise<number>;
};
