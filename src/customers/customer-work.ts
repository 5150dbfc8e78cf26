// What deleting a customer needs of the rooms to the left, which this one may not import: app.ts passes it in.
// Types only.

import type { SQL } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";

export type CustomerWork = {
  /** Holds while something of the customer's is not at its end, so that it cannot go. */
  isBusy: (scope: Scope, customerId: string) => SQL;
  /** Why it cannot go, and what helps; null where nothing is in the way. */
  explainBusy: (deps: Deps, scope: Scope, customerId: string) => Promise<string | null>;
  /** Erases the customer's personal data where other rooms keep them. */
  erase: (database: Database, scope: Scope, customerId: string, nowMs: number) => Statement[];
};
