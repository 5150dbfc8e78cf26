// Pokes ledgers that should have stirred by themselves: an alarm that has failed too often never rings again. So too
// those that told that they cannot be used: after a deployment they can, and say so.

import { pokeLedger } from "../ledger/client.ts";
import type { Deps } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { listOverdue, listUnusable } from "./pulses.ts";

// Each is a call; the rest has its turn a minute later.
const AT_ONCE = 50;

/** Called by cron each minute; returns how many. One that does not answer keeps none of the others waiting. */
export async function pokeOverdueLedgers(deps: Deps): Promise<number> {
  const [late, unusable] = await Promise.all([
    listOverdue(deps, AT_ONCE, deps.now()),
    listUnusable(deps, AT_ONCE),
  ]);
  const overdue = [...new Map([...late, ...unusable].map((row) => [row.environmentId, row])).values()];
  await Promise.all(
    overdue.map(async (row) => {
      const fields = { tenant: row.tenantId, environment: row.environmentId };
      try {
        await pokeLedger(deps, row);
        deps.log.warn("overdue ledger poked", fields);
      } catch (error) {
        deps.log.error("overdue ledger does not answer", { ...fields, error: errorText(error) });
      }
    }),
  );
  return overdue.length;
}
