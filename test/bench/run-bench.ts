// What every measurement begins and ends with: a folder for what it writes, an end that takes down all that it started,
// and the end of its log where it failed.

import { openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createLifetime } from "../demo/lifetime.ts";
import { localPaths } from "../demo/local-state.ts";
import { sayFailure } from "../demo/report.ts";
import type { Bench } from "./serve-worker.ts";

/** Ends the process, with 1 where it failed. @param name of its log */
export async function runBench(name: string, run: (bench: Bench) => Promise<void>): Promise<never> {
  const paths = localPaths(join(import.meta.dirname, "..", ".."));
  const logPath = join(paths.folder, `${name}.log`);
  await mkdir(paths.folder, { recursive: true });
  const lifetime = createLifetime();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => void lifetime.end().then(() => process.exit(1)));
  }
  let exitCode = 0;
  try {
    await run({ lifetime, paths, log: openSync(logPath, "w") });
  } catch (error) {
    exitCode = 1;
    sayFailure(error, logPath);
  }
  await lifetime.end();
  process.exit(exitCode);
}
