// One run from start to end, with its exit code. Whatever ends it, a signal, a failure or the work's own
// end, all that it started is ended first.

import { join } from "node:path";
import { createLifetime, type Lifetime } from "./lifetime.ts";
import { localPaths, takeLock } from "./local-state.ts";
import { say, sayFailure } from "./report.ts";
import { type Stack, startStack } from "./start-stack.ts";

const PARENT_CHECK_MS = 1_000;
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Starts everything, does `work`, and then ends (`once`) or stays until it is told to end. Exits with 0, with
 * 1 when something failed or died, or with a signal's code when it came before the work was done.
 */
export async function run(
  title: string,
  once: boolean,
  work: (stack: Stack) => Promise<void>,
): Promise<never> {
  const paths = localPaths(join(import.meta.dirname, "..", ".."));
  const lifetime = createLifetime();
  const told = toldToEnd(lifetime);
  let log: string | null = null;
  let done = false;
  let exitCode = 0;
  try {
    say(`${title}\n`);
    await Promise.race([told, all(lifetime)]);
  } catch (error) {
    if (error instanceof ToldToEnd) exitCode = done ? 0 : error.exitCode;
    else {
      exitCode = 1;
      sayFailure(error, log);
    }
  }
  await lifetime.end();
  process.exit(exitCode);

  async function all(open: Lifetime): Promise<void> {
    await takeLock(open, paths);
    log = paths.log;
    const stack = await startStack(open, paths);
    await Promise.race([stack.died, work(stack)]);
    done = true;
    if (!once) await stack.died;
  }
}

class ToldToEnd extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("Told to end");
    this.exitCode = exitCode;
  }
}

function toldToEnd(lifetime: Lifetime): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const [signal, exitCode] of Object.entries(SIGNALS)) {
      process.on(signal, () => reject(new ToldToEnd(exitCode)));
    }
    // Whoever read our output is gone.
    process.stdout.on("error", () => reject(new ToldToEnd(SIGNALS.SIGHUP)));
    // npm, killed for good, passes no signal on.
    if (process.env.npm_lifecycle_event === undefined) return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid !== parent) reject(new ToldToEnd(SIGNALS.SIGHUP));
    }, PARENT_CHECK_MS);
    lifetime.onEnd(() => clearInterval(timer));
  });
}
