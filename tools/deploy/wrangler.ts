// Runs wrangler's commands, or only prints them: in a dry run nothing is asked of Cloudflare.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./target.ts";

export type Ran = { code: number; output: string };

export type Wrangler = {
  isDry: boolean;
  /** Looks: its output is not shown. In a dry run it is only printed, and null. */
  ask: (args: readonly string[]) => Promise<Ran | null>;
  /** Changes something, in the reader's sight. @throws Error when wrangler fails; in a dry run it is only printed */
  change: (args: readonly string[]) => Promise<void>;
  /** The same, but also in a dry run: for what changes nothing at Cloudflare. */
  runAlways: (args: readonly string[]) => Promise<void>;
};

export type Runner = (args: readonly string[], isShown: boolean) => Promise<Ran>;

/** @param say takes each line that is printed */
export function createWrangler(
  isDry: boolean,
  say: (line: string) => void,
  run: Runner = spawnWrangler,
): Wrangler {
  const show = (args: readonly string[]) => say(`$ npx wrangler ${args.map(quoted).join(" ")}`);
  const runAlways = async (args: readonly string[]) => {
    show(args);
    const { code, output } = await run(args, true);
    if (code !== 0) throw new Error(`wrangler ${args.join(" ")} ended with code ${code}.\n${output}`.trim());
  };
  return {
    isDry,
    runAlways,
    async ask(args) {
      if (!isDry) return run(args, false);
      show(args);
      return null;
    },
    async change(args) {
      if (isDry) show(args);
      else await runAlways(args);
    },
  };
}

function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function spawnWrangler(args: readonly string[], isShown: boolean): Promise<Ran> {
  const program = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: ROOT,
      // Without input it asks nothing.
      stdio: ["ignore", isShown ? "inherit" : "pipe", isShown ? "inherit" : "pipe"],
      env: { ...process.env, WRANGLER_HIDE_BANNER: "true" },
    });
    let output = "";
    const keep = (chunk: unknown) => {
      output += String(chunk);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
