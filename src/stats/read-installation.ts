// How the whole installation stands: from what the ledgers last told of themselves, never by asking them.

import { listNeedy, type PulseRow, type PulseTotals, sumPulses } from "../directory/pulses.ts";
import { countUnreadable } from "../directory/unreadable-messages.ts";
import type { Deps } from "../platform/deps.ts";

export type Installation = { totals: PulseTotals; deadMessages: number; needy: PulseRow[] };

const MOST_MESSAGES = 1000;
const NAMED = 100;

/** @throws AppError `database_unavailable` */
export async function readInstallation(deps: Deps): Promise<Installation> {
  const [totals, deadMessages, needy] = await Promise.all([
    sumPulses(deps),
    countUnreadable(deps, MOST_MESSAGES),
    listNeedy(deps, NAMED, deps.now()),
  ]);
  return { totals, deadMessages, needy };
}
