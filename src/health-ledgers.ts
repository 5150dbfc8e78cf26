// Whether an environment's ledger cannot be used, as it has told itself: its calls are refused and its events wait, so
// that the deployment is not ready. The words name environment and migration.

import { countUnusable, listUnusable } from "./directory/pulses.ts";
import type { ReadinessCheck } from "./health.ts";
import type { Deps } from "./platform/deps.ts";

const NAMED = 5;

/** Never throws. */
export async function ledgersCheck(deps: Deps): Promise<ReadinessCheck> {
  const name = "ledgers";
  try {
    const rows = await listUnusable(deps, NAMED);
    if (rows.length === 0)
      return { name, ok: true, detail: "Every ledger that has told of itself can be used." };
    const words = rows.map((row) => `${row.environmentId} of ${row.tenantId}: ${row.ledgerError}`);
    const more = rows.length < NAMED ? 0 : (await countUnusable(deps)) - NAMED;
    if (more > 0) words.push(`And ${more.toLocaleString("en")} more.`);
    return { name, ok: false, detail: words.join(" ") };
  } catch {
    return { name, ok: false, detail: "The ledgers' pulses could not be read." };
  }
}
