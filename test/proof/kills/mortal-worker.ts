// A Worker that is killed and started anew over the same files: SIGKILL to its whole process group, so that nothing in
// it can say goodbye. What lies in its files stays, what lay in its memory is gone.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as z from "zod";
import type { Bench } from "../../bench/serve-worker.ts";
import { HOST } from "../../demo/ports.ts";
import type { servedSchema } from "./serve.ts";

const START_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 20;

export type MortalWorker = {
  origin: string;
  /** Does not wait until it answers. */
  start: () => void;
  /** @throws Error when it does not answer within a minute, or has ended by itself */
  untilReady: () => Promise<void>;
  /** Returns when nothing of it is left. */
  kill: () => Promise<void>;
};

export function createMortalWorker(bench: Bench, served: z.infer<typeof servedSchema>): MortalWorker {
  const origin = `http://${HOST}:${served.port}`;
  let child: ChildProcess | null = null;
  const killGroup = () => {
    if (child?.pid !== undefined) signal(-child.pid, "SIGKILL");
  };
  process.on("exit", killGroup);
  bench.lifetime.onEnd(kill);

  async function kill(): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    killGroup();
    await exited;
    while (await answers(origin)) await sleep(LOOK_EVERY_MS);
  }
  return {
    origin,
    start() {
      bench.lifetime.assertOpen();
      child = spawn(process.execPath, [join(import.meta.dirname, "serve.ts"), JSON.stringify(served)], {
        cwd: bench.paths.root,
        stdio: ["ignore", bench.log, bench.log],
        detached: true,
      });
    },
    async untilReady() {
      const deadlineMs = Date.now() + START_TIMEOUT_MS;
      while (!(await answers(origin))) {
        if (child?.exitCode !== null) throw new Error("The Worker ended by itself.");
        if (Date.now() > deadlineMs) throw new Error("The Worker did not answer within a minute.");
        await sleep(LOOK_EVERY_MS);
      }
    },
    kill,
  };
}

async function answers(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It is gone already.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
