// What a change of the connection starts in the rooms that connections may not import.

import type { ConnectionWork } from "../connections/connection-work.ts";
import { deactivateOpenLinks } from "../invoices/deactivate-open-links.ts";
import { ledger } from "../ledger/client.ts";
import { rerunSetAsideEvents, takeInEvents } from "./take-in-events.ts";

export const connectionWork: ConnectionWork = {
  deactivateOpenLinks,
  reconcile: async (deps, scope, connectionId) => {
    await ledger(deps, scope).requestReconciliation({ connectionId });
  },
  rerunSetAsideEvents,
  takeInEvents: async (deps, scope, connectionId, events) =>
    (await takeInEvents(deps, scope, connectionId, events)).missed,
};
