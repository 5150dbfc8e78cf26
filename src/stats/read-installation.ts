// How the whole installation stands: from what the ledgers last told of themselves, never by asking them.

import { type ConnectCount, readConnectCounts } from "../directory/connect-counts.ts";
import { listNeedy, type PulseRow, type PulseTotals, sumPulses } from "../directory/pulses.ts";
import { countUnreadable } from "../directory/unreadable-messages.ts";
import type { Deps } from "../platform/deps.ts";

export type Installation = {
  totals: PulseTotals;
  deadMessages: number;
  needy: PulseRow[];
  connect: ConnectCount[];
};

const MOST_MESSAGES = 1000;
const NAMED = 100;

/** @throws AppError `database_unavailable` */
export async function readInstallation(deps: Deps): Promise<Installation> {
  const [totals, deadMessages, needy, connect] = await Promise.all([
    sumPulses(deps),
    countUnreadable(deps, MOST_MESSAGES),
    listNeedy(deps, NAMED, deps.now()),
    readConnectCounts(deps),
  ]);
  return { totals, deadMessages, needy, connect };
}
