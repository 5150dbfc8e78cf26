// The process that is killed: the built Worker in workerd, over what it was given, on one port. Cron runs every minute,
// as on Cloudflare.

import { join } from "node:path";
import * as z from "zod";
import { serveBundle } from "../../bench/serve-worker.ts";
import { createLifetime } from "../../demo/lifetime.ts";
import { localPaths } from "../../demo/local-state.ts";

const CRON_MS = 60_000;
const STANDARD_OUTPUT = 1;

export const servedSchema = z.object({
  bundle: z.string(),
  stateFolder: z.string(),
  bindings: z.record(z.string(), z.string()),
  port: z.int(),
});

async function main(): Promise<void> {
  const served = servedSchema.parse(JSON.parse(process.argv[2] ?? ""));
  const paths = localPaths(join(import.meta.dirname, "..", "..", ".."));
  const bench = { lifetime: createLifetime(), paths, log: STANDARD_OUTPUT };
  const { runCron } = await serveBundle(bench, { ...served, isLimited: true });
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, CRON_MS - (Date.now() % CRON_MS)));
    await runCron();
  }
}

if (import.meta.main) await main();
