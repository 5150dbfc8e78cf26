// docs/cost.json: what was counted last, for whoever writes of it.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unstable_readConfig } from "wrangler";
import type { LocalPaths } from "../demo/local-state.ts";
import type { Cost, Sampling } from "./price.ts";

export const COST_FILE = "docs/cost.json";

/** @param paths.root of the repository */
export async function writeCost({ root }: Pick<LocalPaths, "root">, cost: Cost): Promise<void> {
  await writeFile(join(root, COST_FILE), `${JSON.stringify(cost, null, 2)}\n`);
}

/** What Workers Logs keeps of a deployment's log and traces; 1 is all. */
export function configuredSampling({ root }: Pick<LocalPaths, "root">): Sampling {
  const { observability } = unstable_readConfig({ config: join(root, "wrangler.toml") });
  const { logs, traces } = observability ?? {};
  return { logs: rateOf(logs), invocation_logs: logs?.invocation_logs ?? true, traces: rateOf(traces) };
}

function rateOf(kept: { enabled?: boolean; head_sampling_rate?: number } | undefined): number {
  return kept?.enabled ? (kept.head_sampling_rate ?? 1) : 0;
}
