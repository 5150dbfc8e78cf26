// What was started is ended: in the reverse order, once, whatever ends the run. Children live in process
// groups of their own, so that a Ctrl-C reaches them through here alone and none is left behind.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

// wrangler ends workerd within moments; what has not ended by then is killed.
const GRACE_MS = 5_000;

export type Lifetime = {
  /** Throws when the run is ending already: nothing is started then. */
  assertOpen: () => void;
  /** Something to do at the end. */
  onEnd: (end: () => Promise<void> | void) => void;
  end: () => Promise<void>;
};

export function createLifetime(): Lifetime {
  const endings: (() => Promise<void> | void)[] = [];
  let ending: Promise<void> | null = null;
  async function endAll(): Promise<void> {
    for (let next = endings.pop(); next; next = endings.pop()) await next();
  }
  return {
    assertOpen() {
      if (ending) throw new Error("The run is ending.");
    },
    onEnd: (end) => endings.push(end),
    end() {
      ending ??= endAll();
      return ending;
    },
  };
}

export type Child = {
  /** Resolves with a sentence on how it ended, when it ends. */
  exited: Promise<{ code: number | null; how: string }>;
};

/** Starts a Node program without input, its output going to the file descriptor `log`. */
export function startChild(
  lifetime: Lifetime,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; log: number },
): Child {
  lifetime.assertOpen();
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", options.log, options.log],
    detached: true,
  });
  const exited = once(child, "exit").then(([code, signal]: unknown[]) => {
    const how = typeof code === "number" ? `ended with code ${code}` : `was ended by ${String(signal)}`;
    return { code: typeof code === "number" ? code : null, how };
  });
  // Should this process end without its endings, by an error of its own: synchronously, and for good.
  const kill = () => signalGroup(child, "SIGKILL");
  process.on("exit", kill);
  lifetime.onEnd(async () => {
    signalGroup(child, "SIGINT");
    const timer = setTimeout(kill, GRACE_MS);
    await exited;
    clearTimeout(timer);
    // The group may outlive its leader.
    kill();
    process.off("exit", kill);
  });
  return { exited };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // The whole group is gone already.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
